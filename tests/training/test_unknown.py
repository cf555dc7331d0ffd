"""Films of which not all is known, from files to scores."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from genre.config import TrainConfig, compose
from genre.decision import decide
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.metrics import multilabel_metrics, per_label_metrics
from genre.models import GenreClassifier
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.runs.records import read_thresholds
from genre.training import check, train, train_baseline
from tests.corpora import corpus_of
from tests.layouts import text

FILES = ("action", "comedy", "drama", "sports")


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the sample's files: what their full cells have no room for is unknown, but Sport, whose file is whole."""
    folder = tmp_path_factory.mktemp("raw")
    for name in FILES:
        table = pd.read_csv(
            Path(__file__).parents[2] / "data" / "sample" / "raw" / f"{name}.csv", dtype="str", keep_default_na=False
        )
        if name == "sports":  # the films of other files lose the name, so that the file alone tells of it
            table["genre"] = table["genre"].str.replace("Comedy, Drama, Sport", "Comedy, Drama, Family")
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.fixture(scope="session")
def products(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is made of these files, so that it is made once."""
    return tmp_path_factory.mktemp("products")


@pytest.fixture
def settings(
    make_settings: Callable[..., TrainConfig], raw: Path, products: Path, tmp_path: Path
) -> Callable[..., TrainConfig]:
    def make(*overrides: str) -> TrainConfig:
        return make_settings(tmp_path, f"data.raw={raw}", f"data.dir={products}", *overrides)

    return make


def test_known_cells_are_scored_by_themselves(settings: Callable[..., TrainConfig]) -> None:
    run = train(settings("decision=global"))
    corpus, predictions = corpus_of(run.config().data), read_predictions(run)
    assert corpus.truth.ways == ["", "_known", "_files"]
    metrics = run.metrics()
    for name, films in (("val", predictions.val), ("test", predictions.test)):
        truth = corpus.part_truth(name)
        assert np.array_equal(films.truth.known, truth.known)
        assert np.array_equal(films.truth.labels, truth.labels)
        predicted = decide(films.probabilities, read_thresholds(run), "probability")
        cells = multilabel_metrics(predicted, torch.from_numpy(truth.cells))
        labels, known = torch.from_numpy(truth.labels), torch.from_numpy(truth.known)
        sure = multilabel_metrics(predicted, labels, known)
        for metric in ("jaccard", "f1_macro", "hamming_loss"):
            assert metrics[f"{name}/{metric}"] == pytest.approx(cells[metric])
            assert metrics[f"{name}_known/{metric}"] == pytest.approx(sure[metric])
        whole = torch.from_numpy(truth.by_files)
        told = multilabel_metrics(predicted[:, whole], labels[:, whole])
        assert metrics[f"{name}_files/f1_macro"] == pytest.approx(told["f1_macro"])
        assert f"{name}_files/jaccard" not in metrics
    assert {name.partition("/")[0] for name in json.loads(run.intervals_file.read_text())} == {
        f"{part}{way}" for part in ("val", "test") for way in corpus.truth.ways
    }
    per_genre = pd.read_csv(run.per_genre_file).set_index("genre")
    truth = corpus.part_truth("test")
    expected = per_label_metrics(
        predicted,
        torch.from_numpy(truth.labels),
        corpus.label_names,
        films.probabilities,
        torch.from_numpy(truth.known),
    ).set_index("genre")
    np.testing.assert_allclose(per_genre["known_f1"], expected["f1"])
    assert per_genre["known_known"].tolist() == truth.known.sum(axis=0).tolist()


def test_it_is_evaluated_from_what_the_run_keeps(settings: Callable[..., TrainConfig], tmp_path: Path) -> None:
    own = tmp_path / "products"
    run = train(settings(f"data.dir={own}"))
    before = run.metrics()
    shutil.rmtree(own)
    run.predictions_file.unlink()
    evaluate(compose("evaluate", [f"run={run.path}", "report.plots=false", "report.resamples=50"]))
    assert run.metrics() == before
    assert kept_films(run).part_truth("test").ways == ["", "_known", "_files"]


def test_the_epoch_and_the_thresholds_follow_the_metric(
    settings: Callable[..., TrainConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, float]] = []
    end = GenreClassifier.on_validation_epoch_end

    def noted(module: GenreClassifier) -> None:
        end(module)
        seen.append({name: float(value) for name, value in module.trainer.callback_metrics.items()})

    monkeypatch.setattr(GenreClassifier, "on_validation_epoch_end", noted)
    few = ["trainer.max_epochs=3", "optimizer.head_learning_rate=0.3", "decision=global"]
    for metric, best in (("val/f1_macro", max), ("val_known/hamming_loss", min)):
        seen.clear()
        run = train(settings(*few, f"metric={metric}"))
        checkpoint = torch.load(run.best_checkpoint, weights_only=True)
        values = [epoch[metric] for epoch in seen]
        assert len(set(values)) > 1
        assert checkpoint["epoch"] == values.index(best(values))
    cells, known = (
        train(settings(*few, f"metric={part}/jaccard", "trainer.max_epochs=1", "decision=per_label"))
        for part in ("val", "val_known")
    )
    assert not torch.equal(read_thresholds(cells), read_thresholds(known))


def test_masked_cells_teach_nothing(settings: Callable[..., TrainConfig], monkeypatch: pytest.MonkeyPatch) -> None:
    masks: list[torch.Tensor | None] = []
    losses = GenreClassifier._loss_of

    def noted(module: GenreClassifier, logits: torch.Tensor, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        loss = module.loss

        def forward(logits: torch.Tensor, targets: torch.Tensor, known: torch.Tensor | None = None) -> torch.Tensor:
            masks.append(known)
            return type(loss).forward(loss, logits, targets, known)

        monkeypatch.setattr(loss, "forward", forward)
        return losses(module, logits, batch)

    monkeypatch.setattr(GenreClassifier, "_loss_of", noted)
    masked = train(settings())
    assert all(mask is not None and not mask.all() for mask in masks)
    masks.clear()
    negative = train(settings("data.unknown=negative"))
    assert set(masks) == {None}
    assert masked.path != negative.path
    assert masked.metrics() != negative.metrics()


@pytest.mark.parametrize(
    "kind", ["baseline=logreg baseline.C=[1]", "baseline=knn", "baseline=linear_svm baseline.C=[1]"]
)
def test_baselines_know_what_is_unknown(raw: Path, products: Path, tmp_path: Path, kind: str) -> None:
    quick = ["features=bow", "features.tokens=words", "logger=csv", "report.plots=false", "report.resamples=50", "cv=2"]
    places = [f"paths.outputs={tmp_path}", f"data.raw={raw}", f"data.dir={products}"]
    cfg = compose("baseline", [*kind.split(), *quick, *places])
    masked, negative = (
        train_baseline(replace(cfg, data=replace(cfg.data, unknown=unknown))) for unknown in ("mask", "negative")
    )
    for run in (masked, negative):
        metrics = run.metrics()
        assert {"test_known/jaccard", "cv_known/jaccard", "test_files/f1_macro", "cv_files/f1_macro"} <= metrics.keys()
        evaluate(compose("evaluate", [f"run={run.path}", "report.resamples=50"]))
        assert run.metrics() == metrics
    truth = corpus_of(cfg.data).part_truth("test")
    means = [float(read_predictions(run).test.probabilities.numpy()[~truth.known].mean()) for run in (masked, negative)]
    assert means[0] > means[1]  # what is taken for false is held less likely


def test_a_metric_that_nothing_can_be_chosen_by(settings: Callable[..., TrainConfig]) -> None:
    with pytest.raises(UserError, match=r"metric=val/jacard: .*did you mean 'jaccard'"):
        check(settings("metric=val/jacard"))
    with pytest.raises(UserError, match="metric=test/jaccard: must be a metric of validation films"):
        settings("metric=test/jaccard")


def test_validation_films_of_which_all_is_known(make_settings: Callable[..., TrainConfig], tmp_path: Path) -> None:
    # a part may be complete where others are not: its scores have one way, and the epoch is chosen by that
    numbers = np.arange(40)
    table = pd.DataFrame(
        {"plot": [text(row) for row in numbers], "a": numbers % 2, "b": 1 - numbers % 2, "part": "train"}
    )
    table = table.astype("str")
    table.loc[0, "b"], table.loc[30:, "part"], table.loc[35:, "part"] = "?", "val", "test"
    table.to_csv(tmp_path / "table.csv", index=False)
    source = ["data=table", f"data.file={tmp_path / 'table.csv'}", "data.text=[plot]", "data.labels_from=[a,b]"]
    marked = ["data.split_column=part", "data.unknown_mark='?'", f"data.dir={tmp_path / 'products'}"]
    run = train(make_settings(tmp_path, *source, *marked))
    assert "val_known/jaccard" not in run.metrics()
    assert run.best_checkpoint.is_file()
