"""What TensorBoard gets of trainings, read back with its own reader."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tensorboard")

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.metadata import SESSION_START_INFO_TAG
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from genre.config.schema import TensorBoardConfig
from genre.report.seeds import seeds_folder, write_seed_summary
from genre.runs import RunFolder
from genre.runs.history import best_epoch, read_history_rows
from genre.tracking import record_finished
from genre.training import train
from tests.tracking.interrupted import interrupted_training

LOGGER = {"tensorboard": TensorBoardConfig()}


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    read = EventAccumulator(str(folder / "tensorboard")).Reload()
    return {name: [(one.step, one.value) for one in read.Scalars(name)] for name in read.Tags()["scalars"]}


def settings(folder: Path) -> dict[str, Any]:
    read = EventAccumulator(str(folder / "tensorboard")).Reload()
    content = read.SummaryMetadata(SESSION_START_INFO_TAG).plugin_data.content
    found = HParamsPluginData.FromString(content).session_start_info.hparams
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in found.items()}


def test_a_run_with_its_curves_results_and_settings(make_settings, tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, "logger=[csv,tensorboard]", "loss=focal", "loss.gamma=1", "seed=7"))
    read = scalars(run.path)
    assert {name: values[-1][1] for name, values in read.items() if name in run.metrics()} == pytest.approx(
        run.metrics()
    )
    assert read["best/epoch"][-1][1] == best_epoch(run)
    assert {"train/loss", "train/loss_epoch", "train/learning_rate", "train/gradient_norm", "epoch"} <= set(read)
    assert [value for _, value in read["train/learning_rate"]] == sorted(
        (value for _, value in read["train/learning_rate"]), reverse=True
    )
    assert len(read["val/loss"]) == 2
    assert len(read["test/jaccard"]) == 1
    told = settings(run.path)
    expected = {"loss.name": "focal", "loss.gamma": 1, "seed": 7, "films.test": run.metrics()["test/films"]}
    assert {name: told[name] for name in expected} == expected
    assert not [value for value in told.values() if str(value).startswith("/")]
    assert {file.name.partition(".")[0] for file in (run.path / "tensorboard").iterdir()} == {"events"}


def test_a_run_that_went_on_begins_where_it_was(make_settings, tmp_path: Path) -> None:
    cfg = make_settings(tmp_path, "logger=tensorboard", "trainer.max_epochs=3")
    interrupted_training(cfg)
    run = train(cfg)
    epochs = [value for _, value in scalars(run.path)["val/loss"]]
    assert len(epochs) == 3
    # begun anew, nothing of it is left
    again = train(replace(cfg, overwrite=True))
    assert len(scalars(again.path)["val/loss"]) == 3


def test_finished_runs_and_their_mean(copy, tmp_path: Path) -> None:
    runs: list[RunFolder] = [copy(seed) for seed in (1, 2)]
    cfg = replace(runs[0].config(), seeds=2, logger=LOGGER)
    for _ in range(2):  # the second time there is nothing to do
        for run in runs:
            record_finished(run, cfg)
        write_seed_summary(runs, cfg)
    for run in runs:
        assert scalars(run.path)["test/jaccard"] == [
            (read_history_rows(run)[-1]["step"], pytest.approx(run.metrics()["test/jaccard"]))
        ]
        assert len(list((run.path / "tensorboard").iterdir())) == 1
    mean = scalars(seeds_folder(runs))
    expected = sum(run.metrics()["test/jaccard"] for run in runs) / 2
    assert mean["test/jaccard"] == [(0, pytest.approx(expected))]
    assert settings(seeds_folder(runs))["seeds"] == 2
