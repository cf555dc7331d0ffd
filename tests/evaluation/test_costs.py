"""Size and speed of models."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from genre.config import TrainConfig, compose
from genre.errors import UserError
from genre.evaluation.costs import prediction_costs
from genre.runs import RunFolder
from genre.runs.records import read_labels
from genre.training import train, train_baseline
from tests.layouts import tmdb


def copy_of(run: RunFolder, folder: Path) -> RunFolder:
    return RunFolder(Path(shutil.copytree(run.path, folder / "run")))


def test_a_network_has_the_size_of_its_weights(finished_run: RunFolder, tmp_path: Path) -> None:
    run = copy_of(finished_run, tmp_path)
    weights = torch.load(run.best_checkpoint, weights_only=True)["state_dict"]
    size = sum(value.numel() for name, value in weights.items() if name.startswith("model."))
    assert prediction_costs(run).size == size


def test_they_are_measured_once(finished_run: RunFolder, tmp_path: Path) -> None:
    run = copy_of(finished_run, tmp_path)
    first = prediction_costs(run)
    assert first.films_per_second > 0
    shutil.rmtree(run.checkpoints)
    assert prediction_costs(run) == first


def test_a_run_without_its_model_is_named(finished_run: RunFolder, tmp_path: Path) -> None:
    run = copy_of(finished_run, tmp_path)
    shutil.rmtree(run.checkpoints)
    with pytest.raises(UserError, match="best.ckpt: is missing"):
        prediction_costs(run)


def test_the_frozen_encoder_of_a_probe_counts(make_settings: Callable[..., TrainConfig], tmp_path: Path) -> None:
    overrides = ["data=table", *tmdb(tmp_path), "model=probe", "model.skip_layers=5", "trainer.max_epochs=1"]
    costs = prediction_costs(train(make_settings(tmp_path, *overrides)))
    embeddings = 30522 * 384
    assert embeddings < costs.size < 2 * embeddings


@pytest.mark.parametrize(("baseline", "features"), [("logreg", "bow"), ("linear_svm", "tfidf"), ("knn", "bow")])
def test_baselines_consist_of_what_they_learnt(
    baseline: str, features: str, sample_products: Path, tmp_path: Path
) -> None:
    overrides = [f"baseline={baseline}", f"features={features}", "features.tokens=words", "logger=csv", "data.size=200"]
    overrides += [f"data.dir={sample_products}", f"paths.outputs={tmp_path}", "report.resamples=40"]
    run = train_baseline(compose("baseline", overrides))
    vocabulary = json.loads((run.architecture / "vocabulary.json").read_text())
    columns = sum(map(len, vocabulary.values()))
    genres = len(read_labels(run))
    size = prediction_costs(run).size
    if baseline == "knn":
        assert 200 * genres < size < 200 * (genres + columns)
    else:
        assert size == genres * (columns + 1) + (columns if features == "tfidf" else 0)


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"size": 1}', '{"size": 1, "other": 2}'])
def test_damaged_ones_are_named_with_what_mends_them(finished_run: RunFolder, tmp_path: Path, content: str) -> None:
    run = copy_of(finished_run, tmp_path)
    run.costs_file.write_text(content)
    with pytest.raises(UserError, match=r"costs\.json: is damaged \(.*\); delete it, and it is measured anew"):
        prediction_costs(run)
    run.costs_file.unlink()
    assert prediction_costs(run).size
