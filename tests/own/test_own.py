"""Parts of a package outside this one, by the commands alone; and what a run folder that names them may not do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
import yaml

from genre.config.schema import SCHEMAS
from genre.errors import UserError
from genre.runs import RunFolder
from genre.runs.films import read_films
from genre.use import load
from tests.commands import call
from tests.layouts import kaggle

HERE = Path(__file__).parent
OWN = ["code=[cinema]", "--config-dir", str(HERE / "settings")]
SMALL = ["trainer=smoke", "trainer.progress_bar=false", "logger=csv", "report.resamples=40", "report.plots=false"]


def own(name: str, *arguments: str) -> "CompletedProcess[str]":
    return call(name, *arguments, PYTHONPATH=str(HERE))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of a sweep over its own loss and one of ours, of its own network and optimiser, on a table."""
    folder = tmp_path_factory.mktemp("own")
    model = ["model=textcnn", "optimizer=sign", "optimizer.learning_rate=1e-3", "optimizer.head_learning_rate=1e-3"]
    settings = [*OWN, *SMALL, *model, "data=table", *kaggle(folder), f"data.dir={folder}", f"paths.outputs={folder}"]
    done = own("train", "-m", *settings, "loss=confident,focal", "model.kernels=[2,4]")
    assert done.returncode == 0, done.stderr
    assert "2 completed" in done.stdout
    again = own("train", "-m", *settings, "loss=confident,focal", "model.kernels=[2,4]")
    assert "2 of them finished before" in again.stdout
    return folder


def run_of(outputs: Path, loss: str) -> RunFolder:
    runs = [RunFolder(folder) for folder in (outputs / "runs").iterdir()]
    (run,) = (run for run in runs if run.config().loss._target_ == loss)
    return run


def test_they_are_trained_evaluated_and_predicted_with(outputs: Path) -> None:
    run = run_of(outputs, "cinema.ConfidentLoss")
    metrics = run.metrics()
    done = own("evaluate", f"run={run.path}", "code=[cinema]", "report.plots=false", "report.resamples=40")
    assert done.returncode == 0, done.stderr
    assert run.metrics() == metrics
    done = own("predict", f"run={run.path}", "code=[cinema]", "text=A sheriff follows the map by night.")
    assert done.returncode == 0, done.stderr
    assert "Drama" in done.stdout


def test_they_are_compared_without_their_package(outputs: Path) -> None:
    done = call("compare", f"runs=[{outputs}/runs]", f"output={outputs}/comparison", "report.resamples=40")
    assert done.returncode == 0, done.stderr
    assert {"ConfidentLoss", "focal"} == set(pd.read_csv(outputs / "comparison" / "runs.csv")["loss"])


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["loss=confident", "loss.strenght=1"], "loss.strenght=1: no such setting in conf/loss/confident.yaml; did you mean 'strength'?"),
        (["loss=confidant"], "loss=confidant: no such file in conf/loss; did you mean 'confident'?"),
        (["loss=confident", "loss.strength=-1"], "ConfidentLoss: loss.strength=-1.0: must be 0 or more"),
        (["model=textcnn", "model.width=wide"], "model.width=wide: Value 'wide' of type 'str' could not be converted to Integer"),
        (["model=textcnn", "model.kernels=[0]"], "TextCNN: model.kernels=[0]: must be at least 1"),
    ],
)  # fmt: skip
def test_mistakes_are_told_as_ours_are(overrides: list[str], message: str, tmp_path: Path) -> None:
    done = own("train", *OWN, *SMALL, *overrides, f"paths.outputs={tmp_path}", f"data.dir={tmp_path}")
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_package_that_is_not_there_and_a_folder_that_is_not(tmp_path: Path) -> None:
    done = own("train", "code=[cinemas]", f"paths.outputs={tmp_path}")
    assert done.returncode == 2
    assert done.stderr.startswith("error: code=[cinemas]: no such package can be imported; install it, or put")
    done = own("train", "code=[cinema]", "--config-dir", str(tmp_path / "none"))
    assert done.returncode == 2
    assert done.stderr == f"error: --config-dir {tmp_path}/none: no such folder\n"


def test_a_change_of_the_package_is_a_change_of_code(outputs: Path, tmp_path: Path) -> None:
    shutil.copytree(HERE / "cinema", tmp_path / "cinema")
    loss = tmp_path / "cinema" / "parts.py"
    loss.write_text(loss.read_text().replace("+ self.strength", "- self.strength"))
    run = run_of(outputs, "cinema.ConfidentLoss")
    settings = yaml.safe_load((run.path / "config.yaml").read_text())["data"]
    data = [f"data.{key}={settings[key]}" for key in ("file", "id", "labels_from", "dir")]
    model = ["model=textcnn", "optimizer=sign", "optimizer.learning_rate=1e-3", "optimizer.head_learning_rate=1e-3"]
    again = [*OWN, *SMALL, *model, "data=table", *data, "data.text=[description]", f"paths.outputs={outputs}"]
    again += ["loss=confident", "model.kernels=[2,4]"]
    assert "Finished before" in own("train", *again).stdout
    done = call("train", *again, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "was finished by other code than there is now" in done.stderr


def test_a_run_folder_lets_nothing_in(outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "trap.py").write_text("raise SystemExit('imported')")
    shutil.copytree(run_of(outputs, "cinema.ConfidentLoss").path, tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    values = yaml.safe_load(run.config_file.read_text())
    for section, content in {
        "model": {"_target_": "trap.Model"},
        "loss": {"_target_": "genre.losses.FocalLoss", "alpha": {"_target_": "trap.Loss"}, "gamma": 2.0},
        "optimizer": values["optimizer"] | {"_target_": "trap.Optimizer"},
    }.items():
        run.config_file.write_text(yaml.safe_dump(values | {"code": ["trap"], section: content}))
        done = call("predict", f"run={run.path}", "text=Hello.", PYTHONPATH=str(tmp_path))
        assert done.returncode == 2
        assert "imported" not in done.stderr
    run.config_file.write_text(yaml.safe_dump(values | {"code": ["trap"]}))
    with pytest.raises(UserError, match=r"_target_=cinema.TextCNN: .*code=\[my_package\]"):
        load(run.path)
    assert "trap" not in sys.modules


def test_a_class_of_ones_own_is_handed_in(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(outputs, "cinema.ConfidentLoss")
    monkeypatch.syspath_prepend(HERE)
    with patch.dict(SCHEMAS):  # which the package adds to
        from cinema import TextCNN
    with pytest.raises(UserError, match="_target_=cinema.TextCNN: no schema"):
        load(run.path)
    stored = pd.read_parquet(run.predictions_file).query("split == 'test'")
    said = load(run.path, TextCNN).probabilities(read_films(run, stored["movie_id"].tolist()))
    assert np.abs(said.to_numpy() - np.stack(stored["probabilities"].tolist())).max() < 1e-6


@pytest.mark.slow
def test_it_is_the_same_in_interpreters_of_their_own(tmp_path: Path) -> None:
    settings = [
        *OWN,
        *SMALL,
        "model=textcnn",
        "loss=confident,bce",
        f"paths.outputs={tmp_path}",
        f"data.dir={tmp_path}",
    ]
    done = subprocess.run(
        [sys.executable, "scripts/train.py", "-m", *settings],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])},
        cwd=HERE.parents[1],
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "2 completed" in done.stdout
