"""Calibrated runs: what is kept, what is told, and that all that leaves them is calibrated."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import genre
from genre.calibration import Calibration, LogOdds, Platt, cross_fitted
from genre.config import TrainConfig, compose, instantiate
from genre.data.corpus import Corpus
from genre.data.split import Rows
from genre.data.truth import Truth
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.evaluation.results import PartResults, row_results
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.calibration import keep_calibration, read_calibration, run_calibration
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.runs.records import read_per_genre, read_thresholds
from genre.training import train, train_baseline


@pytest.fixture(scope="module")
def calibrated(sample_products: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A classical run by Platt's sigmoids, with a cross-validation."""
    overrides = ["calibration=platt", "baseline.C=[1]", "features.max_features=2000", "data.size=300", "cv=2"]
    overrides += ["logger=csv", "report.resamples=40", f"data.dir={sample_products}"]
    return train_baseline(compose("baseline", [*overrides, f"paths.outputs={tmp_path_factory.mktemp('outputs')}"]))


def test_validation_films_alone_calibrate_and_each_by_the_others(calibrated: RunFolder) -> None:
    films, cfg = read_predictions(calibrated), calibrated.config()
    assert films.val.raw is not None
    assert films.test.raw is not None
    scoring = films.val.truth.scoring_of(cfg.metric)
    calibration, honest = cross_fitted(Platt(), films.val.raw, scoring.targets, scoring.known)
    assert run_calibration(calibrated, cfg) == calibration
    assert torch.equal(films.val.probabilities, honest)
    assert torch.equal(films.test.probabilities, calibration(films.test.raw))
    thresholds = instantiate(cfg.decision).fit(honest, scoring.targets, scoring.known)
    assert torch.equal(read_thresholds(calibrated), thresholds)


def test_errors_are_told_before_and_after(calibrated: RunFolder) -> None:
    metrics, genres = calibrated.metrics(), read_per_genre(calibrated)
    assert metrics["test/log_loss"] < metrics["test/log_loss_raw"]
    assert metrics["test/calibration_error"] < metrics["test/calibration_error_raw"]
    assert metrics["cv/log_loss"] < metrics["cv/log_loss_raw"]
    for name in ("calibration_error", "log_loss"):
        assert not genres[name].equals(genres[f"{name}_raw"])
    assert genres["log_loss_raw"].mean() == pytest.approx(metrics["test/log_loss_raw"])  # all is known of the sample
    assert genres["calibration_error_raw"].mean() == pytest.approx(metrics["test/calibration_error_macro_raw"])
    write_report(calibrated, calibrated.config().report)
    table = pd.read_csv(calibrated.report / "calibration.csv").set_index("metric")
    assert table.loc["Log loss", "test, before"] == pytest.approx(metrics["test/log_loss_raw"], abs=1e-5)
    assert table.loc["Log loss", "test, after"] == pytest.approx(metrics["test/log_loss"], abs=1e-5)
    for name in ("calibration_per_genre", "reliability_raw"):
        assert (calibrated.report / f"{name}.csv").is_file()
    assert "What calibration brought" in calibrated.page.read_text()
    assert "uncalibrated" in (calibrated.plots / "reliability.svg").read_text()


def test_evaluating_gives_the_same_again(calibrated: RunFolder, tmp_path: Path) -> None:
    run = RunFolder(Path(shutil.copytree(calibrated.path, tmp_path / "run")))
    for file in (run.metrics_file, run.predictions_file, run.per_genre_file):
        file.write_bytes(b"")
    shutil.copy(calibrated.predictions_file, run.predictions_file)  # which keeps the cross-validation
    shutil.copy(calibrated.metrics_file, run.metrics_file)
    evaluate(compose("evaluate", [f"run={run.path}", "report.resamples=40"]))
    assert run.metrics() == calibrated.metrics()
    before, after = (pd.read_parquet(one.predictions_file) for one in (calibrated, run))
    for name in ("probabilities", "raw_probabilities", "predicted"):
        assert np.array_equal(np.stack(before[name]), np.stack(after[name]))


def test_a_loaded_model_is_calibrated(calibrated: RunFolder) -> None:
    model, films = genre.load(calibrated.path), read_predictions(calibrated)
    texts = kept_films(calibrated).films("test")
    assert np.array_equal(model.probabilities(texts).to_numpy(), films.test.probabilities.numpy())
    sets = [[int(label in labels) for label in model.labels] for labels in model.predict(texts)]
    assert sets == films.test.predicted.tolist()


def test_test_films_have_no_part_in_it(calibrated: RunFolder, tmp_path: Path) -> None:
    cfg = calibrated.config()
    cfg.paths.outputs, cfg.cv = str(tmp_path), 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("genre.training.baseline.row_results", spoiling_test_films)
        other = train_baseline(cfg)
    assert other.metrics()["test/jaccard"] != calibrated.metrics()["test/jaccard"]
    for name in ("calibration.json", "thresholds.json"):
        assert (other.path / name).read_bytes() == (calibrated.path / name).read_bytes()


def spoiling_test_films(corpus: Corpus, rows: Rows, probabilities: torch.Tensor) -> PartResults:
    part = row_results(corpus, rows, probabilities)
    if rows is corpus.split.test:
        part = replace(part, truth=Truth.complete(1 - part.truth.labels))
    return part


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is missing; train it again"),
        ("{}", "its labels are others"),
        ("[1]", "is damaged"),
        ("null", "is damaged"),
        ("negative", "no rising map"),
        ("text", "is damaged"),
        ("more", "is damaged"),
    ],
)
def test_a_damaged_calibration_is_told(
    calibrated: RunFolder, tmp_path: Path, content: str | None, message: str
) -> None:
    run = RunFolder(Path(shutil.copytree(calibrated.path, tmp_path / "run")))
    maps = json.loads(run.calibration_file.read_text())
    first = next(iter(maps))
    spoilt = {
        "negative": {"a": -1, "b": 1, "c": 0},
        "text": {"a": "x", "b": 1, "c": 0},
        "more": {"a": 1, "b": 1, "c": 0, "_target_": "os.system"},
    }
    if content is None:
        run.calibration_file.unlink()
    else:
        run.calibration_file.write_text(json.dumps(maps | {first: spoilt[content]}) if content in spoilt else content)
    with pytest.raises(UserError) as caught:
        genre.load(run.path)
    assert str(run.calibration_file) in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["temperature", "isotonic", "beta"])
def test_networks_are_calibrated_too(kind: str, make_settings: Callable[..., TrainConfig], tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, f"calibration={kind}", "loss=asymmetric", "trainer.limit_batches=4"))
    films = read_predictions(run)
    assert films.test.raw is not None
    assert torch.equal(films.test.probabilities, run_calibration(run, run.config())(films.test.raw))
    assert run.metrics()["val/log_loss"] < run.metrics()["val/log_loss_raw"]


def test_labels_that_stay_as_they_are_are_told(
    make_settings: Callable[..., TrainConfig], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    map_of = LogOdds(2.0, 2.0, -1.0)
    keep_calibration(RunFolder(tmp_path), make_settings(tmp_path), Calibration((map_of, None)), ["Drama", "War"])
    assert not list(tmp_path.iterdir())  # without calibration there is no file
    cfg = make_settings(tmp_path, "calibration=platt")
    keep_calibration(RunFolder(tmp_path), cfg, Calibration((map_of, None)), ["Drama", "War"])
    assert "too few validation films tell of it: War" in caplog.text
    assert json.loads((tmp_path / "calibration.json").read_text())["War"] is None
    assert read_calibration(tmp_path / "calibration.json", ["Drama", "War"]).maps == (map_of, None)
