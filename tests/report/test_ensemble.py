"""Ensembles of finished runs: runs like any other, which can be moved, handed on and read safely."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from filelock import FileLock

import genre
from genre.calibration import Platt, cross_fitted
from genre.config import EnsembleConfig, TrainConfig, compose
from genre.ensemble import log_odds
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.models.encoder import FrozenEncoder
from genre.report.card import model_card
from genre.report.compare import compare
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.training import train, train_baseline
from genre.training.ensemble import make_ensemble
from genre.training.teacher import taught_log_odds
from genre.use.export import export
from genre.use.predict import predict_file
from tests.commands import call
from tests.corpora import corpus_of

Make = Callable[..., RunFolder]


@pytest.fixture(scope="module")
def members(finished_run: RunFolder, shared: Path, sample_products: Path) -> list[RunFolder]:
    """A network and a classical model on the same films."""
    overrides = ["baseline.C=[1]", "features.max_features=3000", "logger=csv", "report.resamples=40"]
    overrides += [f"data.dir={sample_products}", f"paths.outputs={shared}/members"]
    with FileLock(shared / "members.lock"):
        return [finished_run, train_baseline(compose("baseline", overrides))]


def settings(outputs: Path, *overrides: str) -> EnsembleConfig:
    fixed = ["report.resamples=40", "report.plots=false", f"paths.outputs={outputs}"]
    cfg: EnsembleConfig = compose("ensemble", [*fixed, *overrides])
    return cfg


@pytest.fixture(scope="module")
def ensemble(members: list[RunFolder], tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return make_ensemble(settings(tmp_path_factory.mktemp("outputs")), members, write_report)


@pytest.fixture
def copied(ensemble: RunFolder, tmp_path: Path) -> RunFolder:
    return RunFolder(Path(shutil.copytree(ensemble.path, tmp_path / "elsewhere" / "received")))


def test_it_is_the_mean_of_calibrated_log_odds(ensemble: RunFolder, members: list[RunFolder]) -> None:
    said, own = read_predictions(ensemble), [read_predictions(run) for run in members]
    scoring = own[0].val.truth.scoring_of(said.metric)
    fitted = [cross_fitted(Platt(), one.val.given, scoring.targets, scoring.known) for one in own]
    mean = np.mean(
        [log_odds(calibration(one.test.given)) for one, (calibration, _) in zip(own, fitted, strict=True)], axis=0
    )
    np.testing.assert_allclose(said.test.given, 1 / (1 + np.exp(-mean)), atol=1e-6)
    honest = np.mean([log_odds(values) for _, values in fitted], axis=0)
    np.testing.assert_allclose(said.val.given, 1 / (1 + np.exp(-honest)), atol=1e-6)
    calibration, values = cross_fitted(Platt(), said.val.given, scoring.targets, scoring.known)
    assert torch.equal(said.val.probabilities, values)
    assert torch.equal(said.test.probabilities, calibration(said.test.given))
    assert said.test.movie_ids == own[0].test.movie_ids


def test_it_says_again_what_it_said_wherever_it_lies(copied: RunFolder, ensemble: RunFolder, tmp_path: Path) -> None:
    assert str(tmp_path) not in (copied.path / "ensemble.json").read_text()
    films, said = kept_films(copied).films("test"), read_predictions(ensemble).test
    model = genre.load(copied.path)
    np.testing.assert_allclose(model.probabilities(films), said.probabilities, atol=1e-5)
    sets = [[int(label in labels) for label in model.labels] for labels in model.predict(films)]
    assert sets == said.predicted.tolist()
    texts = films["description"].tolist()[:3]
    assert model.predict(texts) == model.predict(films.iloc[:3])
    (tmp_path / "in.txt").write_text("\n".join(texts))
    predict_file(model, f"{tmp_path}/in.txt", f"{tmp_path}/out.csv")
    found = pd.read_csv(tmp_path / "out.csv")["predicted_genres"].tolist()
    assert found == ["|".join(labels) for labels in model.predict(texts)]


def test_evaluating_gives_the_same_again(copied: RunFolder, ensemble: RunFolder) -> None:
    copied.metrics_file.unlink()
    evaluate(compose("evaluate", [f"run={copied.path}", "report.resamples=40"]))
    assert copied.metrics() == pytest.approx(ensemble.metrics(), abs=1e-3)


def test_of_films_that_no_member_has_seen(
    sample_products: Path, tmp_path: Path, make_settings: Callable[..., TrainConfig]
) -> None:
    """Where all members have a cross-validation, so has the ensemble; its order of films is the first member's."""
    fixed = ["features=bow", "features.tokens=words", "features.max_features=500", "logger=csv", "report.resamples=40"]
    fixed += [f"data.dir={sample_products}", f"paths.outputs={tmp_path}", "report.plots=false"]
    several = [
        train_baseline(compose("baseline", [*fixed, "baseline.C=[1]", "cv=3"])),
        train_baseline(compose("baseline", [*fixed, "baseline=knn", "baseline.neighbours=[20]", "cv=2"])),
    ]
    run = make_ensemble(settings(tmp_path), several)
    said, own = read_predictions(run), [read_predictions(one) for one in several]
    scoring = own[0].val.truth.scoring_of(said.metric)
    film = own[0].cv.movie_ids[7]
    assert film != own[1].cv.movie_ids[7]
    odds = []
    for one in own:
        calibration, _ = cross_fitted(Platt(), one.val.given, scoring.targets, scoring.known)
        odds.append(log_odds(calibration(one.cv.given))[one.cv.movie_ids.index(film)])
    np.testing.assert_allclose(said.cv.given[7], 1 / (1 + np.exp(-np.mean(odds, axis=0))), atol=1e-6)
    assert said.cv.movie_ids == own[0].cv.movie_ids
    metrics = run.metrics()
    assert metrics["cv/films"] == len(said.cv.movie_ids)
    evaluate(compose("evaluate", [f"run={run.path}", "report.resamples=40"]))
    assert run.metrics() == pytest.approx(metrics, abs=1e-3)

    cfg = make_settings(tmp_path, f"teacher.run={run.path}")
    corpus = corpus_of(cfg.data)
    taught = taught_log_odds(str(run.path), corpus)[corpus.split.train]
    rows = [said.cv.movie_ids.index(movie) for movie in corpus.table["movie_id"].iloc[corpus.split.train]]
    np.testing.assert_allclose(1 / (1 + np.exp(-taught)), said.cv.probabilities[rows].clip(1e-4, 1 - 1e-4), atol=1e-5)

    without = make_ensemble(
        settings(tmp_path / "other"), [several[0], train_baseline(compose("baseline", [*fixed, "baseline.C=[2]"]))]
    )
    assert read_predictions(without).cv is None


def test_a_frozen_encoder_that_members_share_reads_a_text_once(
    tmp_path: Path,
    make_settings: Callable[..., TrainConfig],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two probes and a classical model on the same vectors: one encoder in memory, asked once about each text."""
    data = f"data.dir={tmp_path / 'data'}"  # other tests count the common features
    fixed = ["logger=csv", "report.resamples=40", "report.plots=false", data, f"paths.outputs={tmp_path}"]
    probe = ["model=probe", "model.skip_layers=0", data]
    several = [train(make_settings(tmp_path, *probe, f"seed={seed}")) for seed in (1, 2)]
    several.append(train_baseline(compose("baseline", ["features=encoder", "baseline.C=[1]", *fixed])))
    films = kept_films(several[0]).films("test").head(20)
    apart = [genre.load(run.path) for run in several]
    run = make_ensemble(settings(tmp_path), several)
    model, read = genre.load(run.path), 0
    look = FrozenEncoder.features

    def counting(self: FrozenEncoder, input_ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        nonlocal read
        read += len(input_ids)
        return look(self, input_ids, mask)

    monkeypatch.setattr(FrozenEncoder, "features", counting)
    said = model.probabilities(films)
    assert read == len(films)
    encoder = apart[2].scorer.features.encoder.size
    assert model.scorer.size == sum(one.scorer.size for one in apart) - 2 * encoder
    odds = []
    for one, calibration in zip(apart, model.scorer.calibrations, strict=True):
        alone = torch.from_numpy(one.probabilities(films).to_numpy(copy=True))
        odds.append(log_odds(calibration(alone)))
    mean = torch.from_numpy(1 / (1 + np.exp(-np.mean(odds, axis=0))))
    np.testing.assert_allclose(said, model.calibration(mean), atol=2e-3)  # vectors are kept in float16
    assert model.probabilities(films.head(0)).empty


def test_the_report_tells_gain_and_cost(ensemble: RunFolder, members: list[RunFolder]) -> None:
    table = pd.read_csv(ensemble.report / "ensemble.csv")
    assert table["model"].tolist() == ["ensemble", *(run.path.name for run in members)]
    assert table["test/jaccard"].tolist() == pytest.approx(
        [run.metrics()["test/jaccard"] for run in (ensemble, *members)], abs=1e-5
    )
    sizes = [float(size.removesuffix("M")) for size in table["size"]]
    assert sizes[0] == pytest.approx(sum(sizes[1:]), abs=0.2)
    best = max(members, key=lambda run: run.metrics()["val/jaccard"])
    against = pd.read_csv(ensemble.report / "ensemble_difference.csv").set_index("metric").loc["Jaccard (samples)"]
    assert against["other run"] == pytest.approx(best.metrics()["test/jaccard"], abs=1e-5)
    assert against["this run"] == pytest.approx(ensemble.metrics()["test/jaccard"], abs=1e-5)
    page = ensemble.page.read_text()
    assert f"Paired bootstrap against {best.path.name}" in page
    assert "films a second" in page


def test_it_is_compared_with_its_members(ensemble: RunFolder, members: list[RunFolder], tmp_path: Path) -> None:
    runs = ",".join(str(run.path) for run in (ensemble, *members))
    cfg = compose("compare", [f"runs=[{runs}]", f"output={tmp_path}/out", "report.resamples=40", "report.plots=false"])
    comparison, *_ = compare(cfg)
    assert len(comparison.runs) == 3
    assert comparison.left_out == []


@pytest.mark.parametrize(("select", "weights"), [("all", "fitted"), ("greedy", "equal"), ("greedy", "fitted")])
def test_weights_and_selection(
    select: str, weights: str, members: list[RunFolder], ensemble: RunFolder, tmp_path: Path
) -> None:
    run = make_ensemble(settings(tmp_path, f"select={select}", f"weights={weights}"), members)
    found = {one["run" if "run" in one else "name"]: one["weight"] for one in read_json(run)["members"]}
    assert set(found) == {one.path.name for one in members}
    assert sum(found.values()) == pytest.approx(1)
    kept = {folder.name for folder in (run.path / "members").iterdir()}
    assert kept == {name for name, weight in found.items() if weight > 0}
    assert run.path.name.rpartition("_")[2] != ensemble.path.name.rpartition("_")[2]
    assert genre.load(run.path).predict(["A sheriff comes out of retirement."])[0]


def read_json(run: RunFolder) -> dict:
    content: dict = json.loads((run.path / "ensemble.json").read_text())
    return content


def test_what_does_not_go_together(
    members: list[RunFolder], ensemble: RunFolder, make_run: Make, tmp_path: Path
) -> None:
    def refused(runs: list[RunFolder], *overrides: str) -> str:
        with pytest.raises(UserError) as caught:
            make_ensemble(settings(tmp_path, *overrides), runs)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    first = members[0]
    assert "an ensemble needs two" in refused([first])
    twin = RunFolder(Path(shutil.copytree(first.path, tmp_path / "twin" / first.path.name)))
    assert f"two are called {first.path.name}" in refused([first, twin])
    assert "is an ensemble itself; name its members" in refused([first, ensemble])
    assert "data.max_tokens=9: an ensemble has the films of its runs" in refused(members, "data.max_tokens=9")
    assert "logger: an ensemble is recorded in its folder alone" in refused(members, "logger=wandb")
    assert "seeds=2: an ensemble is made once" in refused(members, "seeds=2")
    one, other = make_run("one"), make_run("other", start=5)
    assert "has other validation films" in refused([one, other])
    fewer = make_run("fewer", "data.genres=[Drama,Comedy]", films=30)
    assert "has other genres (Action" in refused([one, fewer])
    columns = make_run("columns")
    columns.config_file.write_text(columns.config_file.read_text().replace("- description\n", "- title\n"))
    assert "reads other columns (title) than the first" in refused([one, columns])
    labels = make_run("labels")
    table = pd.read_parquet(labels.predictions_file)
    attrs = table.attrs
    table["targets"] = [1 - cells for cells in table["targets"]]
    table.attrs = attrs
    table.to_parquet(labels.predictions_file, index=False)
    assert "has other labels of the validation films" in refused([one, labels])
    assert not (tmp_path / "runs" / "ensemble").exists()


def test_it_is_no_hugging_face_folder(ensemble: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is an ensemble, which no single network is"):
        export(compose("export", [f"run={ensemble.path}", f"output={tmp_path}/out"]), model_card)
    assert not (tmp_path / "out").exists()


def spoil_name(content: dict) -> None:
    content["members"][0]["name"] = "../../secret"


def spoil_weight(content: dict) -> None:
    content["members"][0]["weight"] = 0.9


def spoil_number(content: dict) -> None:
    content["members"][0]["weight"] = float("nan")


def spoil_labels(content: dict) -> None:
    content["members"][0]["calibration"] = {"Drama": None}


def spoil_map(content: dict) -> None:
    content["members"][0]["calibration"]["Drama"] = {"a": 1, "b": 1, "c": 0, "_target_": "os.system"}


@pytest.mark.parametrize("spoil", [spoil_name, spoil_weight, spoil_number, spoil_labels, spoil_map])
def test_a_received_ensemble_is_data(copied: RunFolder, spoil: Callable[[dict], None]) -> None:
    content = read_json(copied)
    spoil(content)
    (copied.path / "ensemble.json").write_text(json.dumps(content))
    with pytest.raises(UserError, match="ensemble.json: is damaged .* make the ensemble again"):
        genre.load(copied.path)


def test_a_member_that_is_gone_linked_or_an_ensemble_is_told(copied: RunFolder, tmp_path: Path) -> None:
    name = read_json(copied)["members"][0]["name"]
    member = copied.path / "members" / name
    outside = Path(shutil.move(member, tmp_path / "outside"))
    with pytest.raises(UserError, match="is no run folder; make the ensemble again"):
        genre.load(copied.path)
    member.symlink_to(outside)
    with pytest.raises(UserError, match="is no run folder"):
        genre.load(copied.path)
    member.unlink()
    shutil.copytree(copied.path, member, ignore=shutil.ignore_patterns("members"))
    with pytest.raises(UserError, match="is no member of this ensemble"):
        genre.load(copied.path)


def test_links_in_a_run_are_not_handed_on(members: list[RunFolder], tmp_path: Path) -> None:
    linked = RunFolder(Path(shutil.copytree(members[1].path, tmp_path / "linked")))
    (tmp_path / "secret").write_text("mine")
    (linked.path / "model" / "secret.txt").symlink_to(tmp_path / "secret")
    run = make_ensemble(settings(tmp_path), [members[0], linked])
    assert not list(run.path.rglob("secret*"))


def test_the_command(members: list[RunFolder], tmp_path: Path) -> None:
    runs = f"runs=[{members[0].path},{members[1].path}]"
    few = ["report.resamples=40", "report.plots=false", f"paths.outputs={tmp_path}"]
    done = call("ensemble", runs, *few)
    assert done.returncode == 0, done.stderr
    assert "Ensemble and its members" in done.stdout
    assert "against its best member" in done.stdout
    failed = call("ensemble", f"runs=[{members[0].path}]", *few)
    assert failed.returncode == 2
    assert failed.stderr.strip().splitlines()[-1].endswith("an ensemble needs two")
