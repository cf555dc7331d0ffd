"""What MLflow gets of trainings, read back with its own client; nothing here leaves the machine."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from genre.config.schema import MLflowConfig
from genre.errors import UserError
from genre.report.seeds import seed_summary, write_seed_summary
from genre.runs import RunFolder
from genre.runs.history import best_epoch
from genre.tracking import GROUP_VARIABLE, record_finished
from genre.training import train
from tests.commands import Command, script
from tests.sweeps import BATCH, SweepRunner
from tests.tracking.conftest import Copy
from tests.tracking.interrupted import interrupted_training

pytestmark = pytest.mark.skipif(find_spec("mlflow") is None, reason="mlflow is not installed")

LOGGER = {"mlflow": MLflowConfig(experiment="genre", uri=None)}
PARENT = "mlflow.parentRunId"


@pytest.fixture(scope="session")
def tables(shared: Path, finished_run: RunFolder) -> Path:
    """A database with MLflow's tables, which take seconds to make, and one run of another experiment."""
    folder = shared / "mlflow"
    with FileLock(shared / "mlflow.lock"):
        if not folder.is_dir():
            run = RunFolder(folder / "runs" / "one")
            shutil.copytree(finished_run.path, run.path)
            cfg = run.config()
            cfg.paths.outputs = str(folder)
            cfg.logger = {"mlflow": replace(LOGGER["mlflow"], experiment="other")}
            record_finished(run, cfg)
    return folder / "mlflow.db"


@pytest.fixture
def outputs(tables: Path, tmp_path: Path) -> Path:
    """A folder with such a database."""
    shutil.copy(tables, tmp_path)
    return tmp_path


class Read:
    """The runs of the experiment, by name."""

    def __init__(self, outputs: Path) -> None:
        from mlflow import MlflowClient
        from sqlalchemy.exc import SADeprecationWarning

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SADeprecationWarning)  # of MLflow's own tables
            self.client = MlflowClient(f"sqlite:///{outputs}/mlflow.db")
        known = self.client.get_experiment_by_name("genre")
        assert known is not None
        runs = self.client.search_runs([known.experiment_id])
        self.runs = {run.info.run_name: run for run in runs}
        assert len(self.runs) == len(runs)
        names = {run.info.run_id: run.info.run_name for run in runs}
        self.nesting = {run.info.run_name: names.get(run.data.tags.get(PARENT)) for run in runs}

    def curve(self, name: str, metric: str) -> list[float]:
        """Its values, in their order."""
        return [one.value for one in self.client.get_metric_history(self.runs[name].info.run_id, metric)]


def recorded_in(outputs: Path) -> dict[str, RunFolder]:
    """The run folders, by what was typed for each."""
    runs = map(RunFolder, (outputs / "runs").iterdir())
    return {" ".join(run.environment()["overrides"]): run for run in runs}


def test_a_sweep_of_seeds_nests_its_runs(sweeps: SweepRunner, tables: Path) -> None:
    shutil.copy(tables, sweeps.outputs)
    asked = ("trainer.limit_batches=1", "loss=bce,focal", "seeds=2", "logger=[mlflow,tensorboard]")
    done = sweeps.run(*asked)
    assert done.returncode == 0, done.stderr
    assert "mlflow" not in done.stderr.lower()
    assert "alembic" not in done.stdout + done.stderr
    assert "Tracked by: MLflow, TensorBoard\n" in done.stdout
    read, folders = Read(sweeps.outputs), recorded_in(sweeps.outputs)
    common = "model=tiny trainer=smoke trainer.limit_batches=1"
    expected = {f"{common} loss=bce,focal": None}
    for loss in ("bce", "focal"):
        expected[f"{common} loss={loss} seeds=2"] = f"{common} loss=bce,focal"
        expected |= {f"{common} loss={loss}{seed}": f"{common} loss={loss} seeds=2" for seed in ("", " seed=2")}
    assert read.nesting == expected
    assert {run.info.status for run in read.runs.values()} == {"FINISHED"}
    for name, folder in folders.items():
        found = read.runs[name].data
        assert {metric: found.metrics[metric] for metric in folder.metrics()} == folder.metrics()
        assert found.metrics["best/epoch"] == best_epoch(folder)
        loss = "focal" if "focal" in name else "bce"
        assert (found.params["loss.name"], found.params["run_folder"]) == (loss, folder.path.name)
        assert not [value for value in found.params.values() if value.startswith("/")]
        rates = read.curve(name, "train/learning_rate")
        assert rates == sorted(rates, reverse=True)
        files = {file.path for file in read.client.list_artifacts(read.runs[name].info.run_id)}
        assert {"intervals.csv", "per_genre.csv"} <= files
    pair = [folders[f"{common} loss=focal{seed}"] for seed in ("", " seed=2")]
    means = read.runs[f"{common} loss=focal seeds=2"].data
    assert means.metrics == pytest.approx(seed_summary(pair).set_index("metric")["mean"].to_dict())
    assert (means.params["seeds"], means.params["loss.gamma"]) == ("2", "2.0")
    # started again, with one more, it goes on
    assert sweeps.run(*asked).returncode == 0
    again = Read(sweeps.outputs)
    assert {name: run.info.run_id for name, run in again.runs.items()} == {
        name: run.info.run_id for name, run in read.runs.items()
    }
    assert len(again.curve(f"{common} loss=bce", "test/jaccard")) == 1


@pytest.mark.slow
def test_two_jobs_that_write_at_once_make_one_store(sweeps: SweepRunner) -> None:
    environment = os.environ | {GROUP_VARIABLE: "two at once"}
    settings = [*sweeps.settings, *BATCH, "logger=mlflow"]
    jobs = [Command(script("train"), [*settings, f"seed={seed}"], environment) for seed in (2, 3)]
    for job in jobs:
        done = job.finish()
        assert done.returncode == 0, done.stderr
    common = f"model=tiny trainer=smoke {' '.join(BATCH)}"
    assert Read(sweeps.outputs).nesting == {
        "two at once": None,
        f"{common} seed=2": "two at once",
        f"{common} seed=3": "two at once",
    }


def test_a_run_that_went_on_is_one_run(make_settings, outputs: Path) -> None:
    cfg = make_settings(outputs, "logger=mlflow", "trainer.max_epochs=3")
    interrupted_training(cfg)
    (before,) = Read(outputs).runs.values()
    assert (before.info.status, before.info.run_name) == ("FAILED", "default")
    run = train(cfg)
    read = Read(outputs)
    (after,) = read.runs.values()
    assert (after.info.run_id, after.info.status) == (before.info.run_id, "FINISHED")
    assert len(read.curve("default", "val/loss")) == 3
    assert after.data.metrics["test/jaccard"] == run.metrics()["test/jaccard"]
    # begun anew, it is another one
    train(replace(cfg, overwrite=True))
    with pytest.raises(AssertionError):  # two of one name
        Read(outputs)


def test_a_finished_run_is_nested_under_a_sweep_later(copy: Copy, outputs: Path, monkeypatch) -> None:
    run = copy(1)
    cfg = replace(run.config(), logger=LOGGER)
    cfg.paths.outputs = str(outputs)
    for group in (None, "loss=bce,focal", "loss=bce,focal", "sweep=losses", None):
        with monkeypatch.context() as patch:
            if group:
                patch.setenv(GROUP_VARIABLE, group)
            record_finished(run, cfg)
    read = Read(outputs)
    assert read.nesting == {"loss=focal seed=1": "sweep=losses", "loss=bce,focal": None, "sweep=losses": None}
    assert len(read.curve("loss=focal seed=1", "val/loss")) == cfg.trainer.max_epochs
    assert len(read.curve("loss=focal seed=1", "test/jaccard")) == 1


def test_the_mean_over_seeds_is_what_they_are_nested_under(copy: Copy, outputs: Path) -> None:
    runs = [copy(seed) for seed in (1, 2, 3)]
    cfg = replace(runs[0].config(), seeds=3, logger=LOGGER)
    cfg.paths.outputs = str(outputs)
    for run in runs:
        record_finished(run, cfg)
    write_seed_summary(runs, cfg)
    write_seed_summary(runs, cfg)  # nothing has changed
    read, name = Read(outputs), "loss=focal seeds=3"
    assert read.nesting == {name: None} | {f"loss=focal seed={seed}": name for seed in (1, 2, 3)}
    expected = seed_summary(runs).set_index("metric")["mean"]
    assert read.runs[name].data.metrics == pytest.approx(expected.to_dict())
    assert len(read.curve(name, "test/jaccard")) == 1


def test_what_cannot_be_used_is_said_in_one_line(copy: Copy, outputs: Path, monkeypatch) -> None:
    run = copy(1)
    cfg = replace(run.config(), logger=LOGGER)
    cfg.paths.outputs = str(outputs)
    record_finished(run, cfg)
    read = Read(outputs)
    read.client.delete_experiment(read.client.get_experiment_by_name("genre").experiment_id)
    with pytest.raises(UserError, match=r"logger.mlflow.experiment=genre: is deleted in MLflow; restore it"):
        record_finished(run, cfg)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    for uri in ("http://127.0.0.1:9", "nowhere://x", "mysql+nodriver://x/y"):
        cfg.logger = {"mlflow": replace(LOGGER["mlflow"], uri=uri)}
        with pytest.raises(
            UserError, match=rf"MLflow cannot be used at {re.escape(uri)} \(.*\); .*logger=csv"
        ) as caught:
            record_finished(run, cfg)
        assert "\n" not in str(caught.value)


LACKING = """
import sys
from pathlib import Path
from genre.config import compose
from genre.errors import UserError
from genre.runs import RunFolder
from genre.tracking import open_loggers

for package in ("mlflow", "tensorboard"):
    sys.modules[package] = None
    try:
        open_loggers(RunFolder(Path("nowhere")), compose("train", [f"logger={package}"]))
    except UserError as error:
        print(error)
"""


def test_a_missing_extra_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", LACKING]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = "logger={0}: the package {0} is not installed; run: pip install 'genre[{0}]'"
    assert done.stdout.splitlines() == [told.format("mlflow"), told.format("tensorboard")], done.stderr


RECORD = """
import sys
from pathlib import Path
from genre.runs import RunFolder
from genre.tracking import record_finished

run = RunFolder(Path(sys.argv[1]))
cfg = run.config()
cfg.paths.outputs = sys.argv[2]
record_finished(run, cfg)
from mlflow.telemetry.client import get_telemetry_client
print(get_telemetry_client())
"""


def test_its_makers_are_not_called(copy: Copy, outputs: Path) -> None:
    # in an interpreter that has not imported MLflow yet, which looks for the switch then
    run = copy(1)
    settings = yaml.safe_load(run.config_file.read_text())
    settings["logger"] = {"mlflow": asdict(LOGGER["mlflow"])}
    run.config_file.write_text(yaml.safe_dump(settings))
    command = [sys.executable, "-W", "error", "-c", RECORD, str(run.path), str(outputs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["None"], done.stderr
