"""The same sweep through every launcher that runs on one machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.commands import script
from tests.sweep.test_failures import results
from tests.sweeps import SweepRunner

WINDOWS = """
import multiprocessing, multiprocessing.context as context, sys

for name in ("fcntl", "resource", "termios", "pwd"):
    sys.modules[name] = None
spawn = context._concrete_contexts["spawn"]
context._concrete_contexts = {"spawn": spawn}
context._default_context._default_context = spawn
multiprocessing.get_all_start_methods = lambda: ["spawn"]
"""


@pytest.fixture(scope="module")
def here(shared: Path, sample_products: Path) -> Path:
    """Where the results of the launcher `local` lie."""
    sweeps = SweepRunner(shared / "launched", sample_products)
    with FileLock(shared / "launched.lock"):
        assert sweeps.run_anew("loss=bce,focal").returncode == 0
    return sweeps.outputs


@pytest.mark.parametrize(
    "launcher",
    [
        "parallel",
        pytest.param("slurm_local", marks=pytest.mark.slow),
        pytest.param("ray", marks=pytest.mark.slow),
    ],
)
def test_every_launcher_gives_the_same_results(sweeps: SweepRunner, here: Path, launcher: str) -> None:
    package = {"parallel": "hydra_plugins.hydra_joblib_launcher", "ray": "ray"}
    pytest.importorskip(package.get(launcher, "hydra_plugins.hydra_submitit_launcher"))
    done = sweeps.run_anew("loss=bce,focal", f"hydra/launcher={launcher}")
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    assert sweeps.states() == ["completed", "completed"]
    assert results(sweeps.outputs) == results(here)


def test_processes_that_are_not_forked_and_modules_of_unix_are_not_needed(here: Path, tmp_path: Path) -> None:
    """What Windows lacks is blocked in every process of the commands."""
    sweeps = SweepRunner(tmp_path, tmp_path / "sample")  # a folder without locks of the other kind
    (tmp_path / "sitecustomize.py").write_text(WINDOWS)
    lacking = {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    done = sweeps.run_anew("loss=bce,focal", **lacking)
    assert done.returncode == 0, done.stderr
    assert results(sweeps.outputs) == results(here)
    run = next((sweeps.outputs / "runs").iterdir())
    for command in (
        ["compare", f"runs=[{sweeps.outputs}/runs]", f"paths.outputs={tmp_path}", "report.plots=false"],
        ["predict", f"run={run}", "text=A long walk home."],
    ):
        name, *arguments = command
        program = [sys.executable, str(script(name)), *arguments]
        told = subprocess.run(program, env=os.environ | lacking, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        assert told.stdout.strip()


@pytest.mark.slow
def test_a_job_that_is_killed_on_ray_fails_alone(sweeps: SweepRunner) -> None:
    pytest.importorskip("ray")
    done = sweeps.run_anew("seed=1,2,3", "hydra/launcher=ray", faults="2:killed 3:exception")
    assert done.returncode == 1
    assert sweeps.states() == ["completed", "failed", "failed"]
    killed, broken = (sweeps.record()["jobs"][number]["error"] for number in (1, 2))
    assert "the job's process was killed" in killed
    assert broken == "RuntimeError: something broke"


def test_an_address_where_no_ray_answers_is_named(sweeps: SweepRunner) -> None:
    pytest.importorskip("ray")
    done = sweeps.run("seed=1,2", "hydra/launcher=ray", "hydra.launcher.address=127.0.0.1:1")
    assert done.returncode == 2
    assert "error: hydra.launcher.address=127.0.0.1:1: no Ray answers there" in done.stderr
