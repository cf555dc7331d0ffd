"""One classical run from data to records: complete, repeatable, and blind to test films."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

import genre
from genre.config import BaselineConfig, ReportConfig, compose
from genre.data.corpus import Corpus
from genre.data.duplicates import folded, near_groups
from genre.data.split import fold_splits
from genre.data.truth import Truth
from genre.decision import decide
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.imdb.genres import GENRES
from genre.metrics import multilabel_metrics
from genre.models.baselines import Classifier
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.records import read_thresholds
from genre.sampling import Resampled
from genre.training import check, check_labels, train_baseline
from genre.training.baseline import Choice, choose, fit
from tests.corpora import corpus_of

LEARNT = ["model/vocabulary.json", "model/idf.npz", "model/classifier.npz", "model/chosen.json", "thresholds.json"]


@pytest.fixture(scope="session")
def baseline_settings(sample_products: Path) -> Any:
    """`baseline_settings(outputs, *overrides)`: few settings to choose from, no W&B."""

    def make(outputs: Path, *overrides: str) -> BaselineConfig:
        fixed = ["baseline.C=[0.3,3]"] if not any("knn" in item for item in overrides) else []
        fixed += ["features.tokens=words", "logger=csv", "report.resamples=50", f"data.dir={sample_products}"]
        return compose("baseline", [*fixed, f"paths.outputs={outputs}", *overrides])

    return make


@pytest.fixture(scope="module")
def run(baseline_settings, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished run with a cross-validation; read it, do not change it."""
    return train_baseline(baseline_settings(tmp_path_factory.mktemp("baseline"), "cv=3", "decision.fallback=ratio"))


def table(run: RunFolder, part: str) -> pd.DataFrame:
    predictions = pd.read_parquet(run.predictions_file)
    return predictions[predictions["split"] == part]


def matrix(column: pd.Series) -> torch.Tensor:
    return torch.from_numpy(np.stack(column.tolist()))


def test_the_run_folder_is_complete(run: RunFolder) -> None:
    assert run.state == "completed"
    assert isinstance(run.config(), BaselineConfig)
    metrics = run.metrics()
    for part in ("val", "test", "cv"):
        assert metrics[f"{part}/films"] == len(table(run, part))
        predicted, targets = (matrix(table(run, part)[name]).int() for name in ("predicted", "targets"))
        assert metrics[f"{part}/jaccard"] == pytest.approx(multilabel_metrics(predicted, targets)["jaccard"])
        assert f"{part}/jaccard" in json.loads(run.intervals_file.read_text())
    probabilities = matrix(table(run, "test")["probabilities"])
    expected = decide(probabilities, read_thresholds(run), "ratio")
    assert torch.equal(matrix(table(run, "test")["predicted"]).int(), expected)
    assert metrics["test/jaccard"] > metrics["test/jaccard_most_frequent"]
    assert tuple(pd.read_csv(run.per_genre_file)["genre"]) == GENRES
    chosen = json.loads((run.architecture / "chosen.json").read_text())
    assert chosen["setting"] == float(max(chosen["scores"], key=chosen["scores"].get))
    assert chosen["metric"] == "val_known/mean_average_precision"


def test_the_report_tells_the_cross_validation(run: RunFolder) -> None:
    write_report(run, ReportConfig(plots=False, resamples=50, reference_genre=None))
    table = pd.read_csv(run.report / "metrics.csv").set_index("metric")
    assert table.loc["Jaccard (samples)", "cross-validation"] == pytest.approx(run.metrics()["cv/jaccard"], abs=1e-6)
    assert set(pd.read_csv(run.report / "averages.csv")["part"]) == {"test", "validation", "cross-validation"}


def test_evaluating_again_keeps_the_cross_validation(run: RunFolder) -> None:
    metrics, predictions = run.metrics(), pd.read_parquet(run.predictions_file)
    evaluate(compose("evaluate", [f"run={run.path}", "report.resamples=50"]))
    assert run.metrics() == metrics
    pd.testing.assert_frame_equal(pd.read_parquet(run.predictions_file), predictions)


def test_new_films_get_genres(run: RunFolder) -> None:
    model = genre.load(run.path)
    western, none = model.predict(["A sheriff hunts cattle thieves on horseback.", ""])
    assert "Western" in western
    assert none == []
    assert model.probabilities([]).empty


def test_one_seed_gives_one_result(baseline_settings, tmp_path: Path) -> None:
    options = ["baseline=linear_svm", "baseline.C=[0.1]", "data.size=300"]
    runs = [train_baseline(baseline_settings(tmp_path / name, *options)) for name in ("a", "b")]
    assert runs[0].predictions_file.read_bytes() == runs[1].predictions_file.read_bytes()
    for name in LEARNT[:3]:
        assert (runs[0].path / name).read_bytes() == (runs[1].path / name).read_bytes()
    stamp = runs[0].metrics_file.stat().st_mtime_ns
    again = train_baseline(baseline_settings(tmp_path / "a", *options))
    assert again.metrics_file.stat().st_mtime_ns == stamp


def spoilt(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on films of `part` have other texts and the opposite labels."""
    make = Corpus.__init__

    def with_spoilt_part(corpus: Corpus, *arguments: Any) -> None:
        make(corpus, *arguments)
        rows = getattr(corpus.split, part)
        corpus.table.loc[rows, "description"] = "zzz qqq " + corpus.table.loc[rows, "description"]
        labels = corpus.labels.copy()
        labels[rows] = 1 - labels[rows]
        corpus.truth = Truth.complete(labels)

    monkeypatch.setattr(Corpus, "__init__", with_spoilt_part)


@pytest.mark.parametrize(("part", "changed"), [("test", set()), ("val", {*LEARNT[3:]}), ("train", {*LEARNT})])
def test_test_films_have_no_part_in_what_is_learnt(
    baseline_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, changed: set[str]
) -> None:
    settings = baseline_settings(tmp_path / "honest", "data.size=400", "baseline.C=[1]", "decision.min_positives=1")
    honest = train_baseline(settings)
    spoilt(part, monkeypatch)
    other = train_baseline(replace(settings, paths=replace(settings.paths, outputs=str(tmp_path / "spoilt"))))
    assert {name for name in LEARNT if (honest.path / name).read_bytes() != (other.path / name).read_bytes()} == changed
    if part == "test":
        assert honest.metrics()["test/jaccard"] != other.metrics()["test/jaccard"]


def test_a_fold_is_predicted_without_its_own_labels(baseline_settings, tmp_path: Path) -> None:
    cfg = baseline_settings(tmp_path)
    corpus = corpus_of(cfg.data)
    texts = corpus.table["description"].tolist()
    split = fold_splits(corpus.labels, np.arange(len(texts)), folds=3, val_share=0.1, seed=0)[1]
    first = fit(cfg, texts, corpus.truth, split, masked=False, cache=tmp_path)
    labels = corpus.labels.copy()
    labels[split.test] = 1 - labels[split.test]
    again = fit(cfg, texts, Truth.complete(labels), split, masked=False, cache=tmp_path)
    assert torch.equal(first.test, again.test)
    assert torch.equal(first.thresholds, again.thresholds)
    assert first.choice.scores == again.choice.scores


def test_a_fold_may_have_fewer_films_than_are_asked_for(baseline_settings, tmp_path: Path) -> None:
    films = len(corpus_of(baseline_settings(tmp_path).data).split.train)
    few = ["baseline.C=[1]", "features=bow", "report.plots=false"]
    run = train_baseline(baseline_settings(tmp_path, f"data.size={films}", "cv=2", *few))
    assert run.metrics()["cv/films"] == sum(map(len, corpus_of(run.config().data).split))


def test_folds_that_cannot_be_are_told_before_anything_is_fitted(baseline_settings, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"data.val_share=0.5: a cross-validation with cv=2"):
        train_baseline(baseline_settings(tmp_path, "cv=2", "data.val_share=0.5"))
    (folder,) = (tmp_path / "runs").iterdir()
    assert "Features" not in RunFolder(folder).log_file.read_text()


def test_folds_share_out_films_genres_and_groups(run: RunFolder) -> None:
    corpus = corpus_of(run.config().data)
    groups = near_groups(folded(corpus.table["description"]))
    groups[1:40:2] = groups[0:40:2]
    splits = fold_splits(corpus.labels, groups, folds=5, val_share=0.1, seed=0)
    assert np.array_equal(np.sort(np.concatenate([split.test for split in splits])), np.arange(len(groups)))
    for split in splits:
        assert np.array_equal(np.sort(np.concatenate(split)), np.arange(len(groups)))
        assert len(split.val) == pytest.approx(0.1 * len(groups), rel=0.1)
        for one, other in ((split.train, split.val), (split.train, split.test), (split.val, split.test)):
            assert not set(groups[one]) & set(groups[other])
        shares = corpus.labels[split.test].sum(axis=0) / corpus.labels.sum(axis=0)
        assert (np.abs(shares - 0.2) < 0.08).all()
    with pytest.raises(UserError, match="cv=5: 49 films are too few; there must be at least ten in each fold"):
        fold_splits(corpus.labels[:49], np.arange(49), folds=5, val_share=0.1, seed=0)
    assert sorted(table(run, "cv")["movie_id"]) == corpus.table["movie_id"].tolist()


class Stub(Classifier):
    """Notes its settings; the first of them is the worst, the last the best."""

    setting_name = "C"

    def __init__(self, settings: list[float]) -> None:
        self.settings = settings
        self.tried: list[float] = []

    def fit(self, features: Any, labels: Any, setting: float, known: Any) -> Any:
        self.tried.append(setting)
        return self.Model(setting)

    class Model:
        def __init__(self, setting: float) -> None:
            self.setting = setting

        def probabilities(self, features: Any) -> np.ndarray:
            right = {1: 0, 2: 2, 3: 1, 4: 3}[self.setting]  # of three films that have the label, among six
            return np.array([0.9] * right + [0.1] * (3 - right) + [0.5] * 3, dtype=np.float32)[:, None]


def chosen(stub: Stub) -> Choice:
    truth = Truth.complete(np.array([1, 1, 1, 0, 0, 0], dtype=np.uint8)[:, None])
    films = Resampled(None, truth.labels, None)
    return choose(stub, films, None, truth.scoring(""), "val/mean_average_precision")


@pytest.mark.parametrize(
    ("settings", "tried_first", "told"),
    [
        ([1, 2, 3, 4], [1, 2, 3], "Chosen: C=2"),
        ([2, 3, 4], [2, 3], "Chosen: C=2, the least of those to be tried: beyond it there may be a better one"),
        ([1, 2], [1, 2], "Chosen: C=2, the greatest of those to be tried: beyond it there may be a better one"),
    ],
)
def test_settings_are_tried_up_to_the_first_that_is_clearly_worse(
    settings: list[float], tried_first: list[float], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    stub = Stub(settings)
    choice = chosen(stub)
    assert (choice.setting, choice.model.setting, stub.tried) == (2, 2, tried_first)
    assert list(choice.scores) == stub.tried
    assert caplog.messages[-1] == told


def test_what_is_worse_by_next_to_nothing_does_not_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.training.baseline._LEVEL", 0.5)
    choice = chosen(stub := Stub([2, 3, 4, 3]))
    assert (choice.setting, stub.tried) == (4, [2, 3, 4, 3])


@pytest.mark.parametrize(
    "overrides",
    [
        ["baseline=knn", "features=bow"],
        ["baseline=logreg", "features=embeddings", "data.text=[title,description]"],
        ["baseline=linear_svm", "features=word2vec", "features.epochs=1", "features.width=16", "oversample=smote"],
        ["features=encoder", "data.text=[title,description]", "baseline.C=[0.1]"],
        ["features.tokens=lemmas", "oversample=ml_ros"],
        ["baseline=knn", "features=tfidf", "features.char_ngrams=null", "oversample=mlsmote"],
    ],
    ids=" ".join,
)
def test_every_kind_can_be_fitted_reloaded_and_evaluated(
    baseline_settings, tmp_path: Path, overrides: list[str]
) -> None:
    cfg = baseline_settings(tmp_path, "data.size=200", *overrides)
    check(cfg)
    run = train_baseline(cfg)
    metrics = run.metrics()
    evaluate(compose("evaluate", [f"run={run.path}", "report.resamples=50"]))
    # an encoder reads other texts together, and rounds otherwise
    assert run.metrics() == (pytest.approx(metrics, abs=1e-4) if "features=encoder" in overrides else metrics)
    model = genre.load(run.path)
    assert model.predict(pd.DataFrame({column: ["A long walk home."] for column in model.columns}))[0]
    assert run.oversampled_file.is_file() == ("oversample=ml_ros" in overrides or "oversample=mlsmote" in overrides)


def test_kinds_that_do_not_go_together() -> None:
    with pytest.raises(UserError, match="oversample=smote: is for one genre at a time"):
        compose("baseline", ["baseline=knn", "oversample=smote"])
    with pytest.raises(UserError, match="report.reference_genre=Drama: is not among the chosen genres"):
        check_labels(compose("baseline", ["report.reference_genre=Drama"]), ("War", "Western"))
    for override, told in (
        ("baseline.C=[3,1]", "ascending"),
        ("cv=1", "from 2 to 20"),
        ("features.word_ngrams=[2,1]", "shortest"),
    ):
        with pytest.raises(UserError, match=told):
            compose("baseline", [override])


def test_an_error_is_recorded(baseline_settings, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"features.min_df=5000"):
        train_baseline(baseline_settings(tmp_path, "features.min_df=5000"))
    (status,) = tmp_path.glob("runs/*/status.json")
    assert json.loads(status.read_text())["state"] == "failed"
