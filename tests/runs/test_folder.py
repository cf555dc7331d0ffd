"""Identity of runs and their folders."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import yaml
from filelock import FileLock
from hydra.core.hydra_config import HydraConfig

from genre.config import compose
from genre.errors import UserError
from genre.lightning import interrupts
from genre.runs import RunFolder, changed_settings, flatten
from genre.runs.identity import run_name
from genre.runs.records import read_per_genre


def hash_of(*overrides: str) -> str:
    return run_name(compose("train", list(overrides)), "data").rpartition("_")[2]


def test_changed_settings_are_those_that_differ_from_the_defaults() -> None:
    assert changed_settings(compose("train")) == {}
    cfg = compose(
        "train", ["loss=focal", "loss.gamma=1", "paths.outputs=/x", "logger=csv", "trainer.progress_bar=false"]
    )
    assert changed_settings(cfg) == {"loss._target_": "genre.losses.FocalLoss", "loss.alpha": 0.375, "loss.gamma": 1.0}


def test_identity_is_what_is_learnt_not_how_it_was_typed() -> None:
    assert hash_of("seed=2", "loss=focal") == hash_of(
        "loss=focal", "seed=2", "loss.gamma=2.0", "logger=csv", "data.dir=/x"
    )
    assert hash_of("seed=2") != hash_of("seed=3")
    assert hash_of("loss=focal") != hash_of("loss=bce")
    assert hash_of("data=imdb", "data.batch_size=16", "data.crawl=x", "trainer.max_epochs=6") == hash_of("data.raw=/y")
    assert hash_of("trainer.devices=2") == hash_of()
    assert hash_of("checkpoint=x.ckpt") != hash_of()
    assert run_name(compose("train"), "data") != run_name(compose("train"), "other data")


def test_where_a_table_lies_is_no_part_of_identity_and_what_is_read_of_it_is() -> None:
    table = ["data=table", "data.file=a.csv", "data.text=[plot]"]
    assert hash_of(*table, "data.labels_from=genres") == hash_of(
        "data=table", "data.labels_from=[genres]", "data.file=/b.csv", "data.text=[plot]"
    )
    assert hash_of(*table, "data.labels_from=genres") != hash_of(*table, "data.labels_from=tags")
    assert hash_of("data.file_genre=false") != hash_of()


def test_names_of_labels_are_text(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.per_genre_file.write_text("genre,f1,support\n007,0.5,3\nNone,,0\n")
    table = read_per_genre(run)
    assert table["genre"].tolist() == ["007", "None"]
    assert table["f1"].isna().tolist() == [False, True]


def test_a_run_is_named_by_its_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_name(compose("train"), "data").startswith("default_")
    assert run_name(compose("baseline"), "data").startswith("baseline_")
    state = compose("train", ["loss=focal", "seed=2"])
    third = replace(state, seed=3)  # of `seed=2 seeds=2`
    monkeypatch.setattr(HydraConfig, "initialized", staticmethod(lambda: True))

    class Hydra:
        class overrides:  # noqa: N801
            task = ["loss=focal", "seed=2", "data.raw=/some/where", "paths.outputs=/x", "logger=csv"]  # noqa: RUF012

    monkeypatch.setattr(HydraConfig, "get", staticmethod(lambda: Hydra))
    assert run_name(state, "data").rpartition("_")[0] == "loss-focal_seed-2"
    assert run_name(third, "data").rpartition("_")[0] == "loss-focal_seed-3"
    Hydra.overrides.task = ["data.size=9"]
    assert run_name(compose("baseline", ["data.size=9"]), "data").rpartition("_")[0] == "baseline_data.size-9"
    Hydra.overrides.task = ["baseline=knn"]
    assert run_name(compose("baseline", ["baseline=knn"]), "data").rpartition("_")[0] == "baseline-knn"


def test_flattening() -> None:
    assert flatten({"a": {"b": {"c": 1}}, "d": [2]}) == {"a.b.c": 1, "d": [2]}


def test_a_folder_of_the_same_identity_is_found_again(tmp_path: Path) -> None:
    cfg = compose("train", ["seed=5", f"paths.outputs={tmp_path}"])
    other_name = tmp_path / "runs" / f"seed-5-as-typed-elsewhere_{hash_of('seed=5')}"
    other_name.mkdir(parents=True)
    assert RunFolder.of(cfg, "data").path == other_name


def test_status_tells_how_a_run_ended(tmp_path: Path) -> None:
    cfg = compose("train", [f"paths.outputs={tmp_path}"])
    run = RunFolder.of(cfg, "data")
    assert run.state is None
    with run.recording(cfg):
        assert run.state == "running"
    assert run.state == "completed"
    with pytest.raises(ZeroDivisionError), run.recording(cfg):
        _ = 1 / 0
    status = json.loads(run.status_file.read_text())
    assert (status["state"], status["error"]) == ("failed", "ZeroDivisionError: division by zero")
    assert "ZeroDivisionError" in status["traceback"]
    with pytest.raises(KeyboardInterrupt), run.recording(cfg):
        raise KeyboardInterrupt
    assert run.state == "interrupted"
    assert run.config() == cfg


class _CtrlC(io.BytesIO):
    """A file at whose second piece somebody presses Ctrl-C."""

    def write(self, content: object, /) -> int:
        if self.tell():
            raise KeyboardInterrupt
        return super().write(bytes(content))  # type: ignore[call-overload]


def test_ctrl_c_in_the_middle_of_a_checkpoint_interrupts(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="unexpected pos"):  # what torch makes of it
        torch.save({"weights": torch.zeros(2000)}, _CtrlC())
    cfg = compose("train", [f"paths.outputs={tmp_path}"])
    run = RunFolder.of(cfg, "data")
    with pytest.raises(KeyboardInterrupt), run.recording(cfg), interrupts():
        torch.save({"weights": torch.zeros(2000)}, _CtrlC())
    assert run.state == "interrupted"


def test_two_processes_do_not_train_one_run(tmp_path: Path) -> None:
    cfg = compose("train", [f"paths.outputs={tmp_path}"])
    run = RunFolder.of(cfg, "data")
    run.path.mkdir(parents=True)
    with (
        FileLock(run.lock_file),
        pytest.raises(UserError, match="another process is training this very run"),
        run.recording(cfg),
    ):
        pass
    with run.recording(cfg):  # the lock went with its holder
        pass


def test_a_run_of_a_version_with_fewer_settings_is_read(tmp_path: Path, finished_run: RunFolder) -> None:
    values = yaml.safe_load(finished_run.config_file.read_text())
    del values["verbose"], values["calibration"], values["trainer"]["devices"]
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(values))
    assert RunFolder(tmp_path).config() == finished_run.config()


def test_only_finished_runs_are_opened(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no run folder"):
        RunFolder.existing(str(tmp_path))
    cfg = compose("train", [f"paths.outputs={tmp_path}"])
    run = RunFolder.of(cfg, "data")
    with pytest.raises(KeyboardInterrupt), run.recording(cfg):
        raise KeyboardInterrupt
    with pytest.raises(UserError, match="this run is interrupted"):
        RunFolder.existing(str(run.path))
