"""Runs that belong together in W&B, and the parts of one run."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from genre.config.schema import WandbConfig
from genre.report.seeds import seed_summary, seeds_folder, write_seed_summary
from genre.tracking import GROUP_VARIABLE, record_finished, sync_hint
from genre.tracking.names import group_name, name_of, tags_of
from genre.training import train
from tests.tracking.conftest import Copy
from tests.tracking.interrupted import interrupted_training
from tests.tracking.offline import offline_runs

OFFLINE = WandbConfig(project="genre", entity=None, mode="offline", texts=False, checkpoint=False)


def test_a_run_that_went_on_is_one_run(make_settings, tmp_path: Path) -> None:
    cfg = make_settings(tmp_path, "logger=wandb", "report.plots=false", "trainer.max_epochs=3")

    interrupted_training(cfg)
    run = train(cfg)
    first, second = offline_runs(run.path)
    assert first.run.run_id == second.run.run_id
    assert (first.exit_code, second.exit_code) == (1, 0)
    epochs = [[row["epoch"] for row in read.history if "val/loss" in row] for read in (first, second)]
    assert epochs == [[1], [2, 3]]
    # begun anew, it is another one
    again = train(replace(cfg, overwrite=True))
    (afresh,) = offline_runs(again.path)
    assert afresh.run.run_id != first.run.run_id


def test_a_finished_run_joins_the_group_of_a_sweep(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    run = copy(1)
    cfg = run.config()
    record_finished(run, cfg)  # logger=csv
    assert not (run.path / "wandb").exists()
    cfg = replace(cfg, logger={"wandb": OFFLINE})
    for group in (None, "loss=bce,focal", "loss=bce,focal", "sweep=losses", None):
        with monkeypatch.context() as patch:
            if group:
                patch.setenv(GROUP_VARIABLE, group)
            record_finished(run, cfg)
    whole, *moved = offline_runs(run.path)
    assert [read.run.run_group for read in (whole, *moved)] == ["", "loss=bce,focal", "sweep=losses"]
    assert {read.run.run_id for read in moved} == {whole.run.run_id}
    assert len([row for row in whole.history if "val/loss" in row]) == cfg.trainer.max_epochs
    assert [read.history for read in moved] == [[], []]  # what is there is there once
    for read in (whole, *moved):
        assert (read.run.display_name, read.exit_code) == ("loss=focal seed=1", 0)
        assert read.summary["test/jaccard"] == run.metrics()["test/jaccard"]
        assert (read.settings["loss.name"], read.settings["films.test"]) == ("focal", run.metrics()["test/films"])
    # in another project it is another run
    record_finished(run, replace(cfg, logger={"wandb": replace(OFFLINE, project="films")}))
    assert offline_runs(run.path)[-1].run.project == "films"
    assert offline_runs(run.path)[-1].history


def test_seeds_are_a_group_with_their_mean(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [copy(seed) for seed in (1, 2, 3)]
    cfg = replace(runs[0].config(), seeds=3, logger={"wandb": OFFLINE})
    for run in runs:
        record_finished(run, cfg)
    write_seed_summary(runs, cfg)
    write_seed_summary(runs, cfg)  # nothing has changed
    (mean,) = offline_runs(seeds_folder(runs))
    assert {read.run.run_group for run in runs for read in offline_runs(run.path)} == {"loss=focal seeds=3"}
    assert (mean.run.run_group, mean.run.job_type) == ("loss=focal seeds=3", "seeds")
    assert mean.run.display_name == "loss=focal mean of seeds 1, 2, 3"
    assert (mean.settings["seed"], mean.settings["seeds"], mean.settings["loss.name"]) == (None, 3, "focal")
    expected = seed_summary(runs).set_index("metric").loc["test/jaccard"]
    assert mean.summary["test/jaccard"] == pytest.approx(expected["mean"])
    table = mean.table("intervals")
    row = dict(zip(table["columns"], next(row for row in table["data"] if row[0] == "test/jaccard"), strict=True))
    assert row == pytest.approx({"metric": "test/jaccard"} | expected.rename({"mean": "value"}).to_dict())
    assert row["seed_3"] - row["seed_1"] == pytest.approx(0.02)
    # what has changed goes to the same run, as does the group of a sweep
    runs[0].metrics_file.write_text(json.dumps(runs[0].metrics() | {"test/jaccard": 0.9}))
    monkeypatch.setenv(GROUP_VARIABLE, "loss=bce,focal seeds=3")
    write_seed_summary(runs, cfg)
    _, changed = offline_runs(seeds_folder(runs))
    assert (changed.run.run_id, changed.run.run_group) == (mean.run.run_id, "loss=bce,focal seeds=3")
    assert changed.summary["test/jaccard"] > mean.summary["test/jaccard"]
    hint = sync_hint([*(run.path for run in runs), seeds_folder(runs)])
    names = ",".join(run.path.name for run in runs)
    places = [f"{runs[0].path.parent}/{{{names}}}/wandb/offline-run-*", f"{seeds_folder(runs)}/wandb/offline-run-*"]
    assert hint
    assert hint.split(" sync ")[1] == " ".join(places)


def test_names_that_w_and_b_takes() -> None:
    told = ["loss=focal", "model.pretrained=/home/somebody/encoders/mine", f"data.text=[{'x' * 70}]"]
    assert name_of(told[:2]) == "loss=focal model.pretrained=mine"
    assert tags_of(told) == ["loss=focal", "model.pretrained=mine"]
    assert name_of([]) == "default"
    longest = [name_of([f"{'x' * 200}{end}"]) for end in "ab"]
    assert max(map(len, longest)) <= 128
    assert longest[0] != longest[1]
    assert group_name(["loss=bce,focal"]) == "loss=bce,focal"


def test_a_group_that_a_person_names_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, GROUP_VARIABLE, "my study")
    assert group_name(["loss=bce,focal"]) == "my study"
