"""The same sweep through every launcher that runs on one machine."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from genre.paths import PROJECT_ROOT
from genre.processes import process_context
from tests.sweep.test_failures import results, until
from tests.sweeps import BATCH, FINISHED, SweepRunner

WINDOWS = """
import contextlib, multiprocessing, multiprocessing.context as context, sys

with contextlib.suppress(ImportError):
    import psutil  # transformers does; there it asks for what Windows has
with contextlib.suppress(ImportError):
    import huggingface_hub.utils._terminal  # and so does this

for name in ("fcntl", "resource", "termios", "pwd"):
    sys.modules[name] = None
spawn = context._concrete_contexts["spawn"]
context._concrete_contexts = {"spawn": spawn}
context._default_context._default_context = spawn
multiprocessing.get_all_start_methods = lambda: ["spawn"]
"""
PROGRAM = """
import json, runpy, sys

if __name__ == "__main__":
    for name, *arguments in json.loads(sys.argv[1]):
        sys.argv[1:] = arguments
        runpy.run_path(f"scripts/{name}.py", run_name="__main__")
"""


@pytest.mark.parametrize(
    "launcher",
    [
        "local",
        "parallel",
        pytest.param("slurm_local", marks=pytest.mark.slow),
        pytest.param("ray", marks=pytest.mark.slow),
    ],
)
def test_every_launcher_gives_the_same_results(sweeps: SweepRunner, finished_sweep: SweepRunner, launcher: str) -> None:
    pytest.importorskip({"ray": "ray", "slurm_local": "hydra_plugins.hydra_submitit_launcher"}.get(launcher, "genre"))
    run = sweeps.run if launcher == "parallel" else sweeps.run_anew
    done = run(*FINISHED, f"hydra/launcher={launcher}")
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    assert sweeps.states() == ["completed"] * 3
    assert results(sweeps.outputs) == results(finished_sweep.outputs)


def test_a_job_that_is_killed_leaves_those_beside_it_alone(sweeps: SweepRunner) -> None:
    done = sweeps.run("seed=1,2,3", *BATCH, "hydra.launcher.n_jobs=3", faults="2:killed")
    assert done.returncode == 1
    assert sweeps.states() == ["completed", "failed", "completed"]
    assert sweeps.record()["jobs"][1]["error"].startswith("the job's process was killed by SIGKILL")


def test_each_line_of_jobs_at_once_says_whose_it_is(sweeps: SweepRunner) -> None:
    done = sweeps.run("seed=1,2", "hydra.launcher.n_jobs=2")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if "Epoch 1 of" in line or "Run folder:" in line]
    assert sorted(re.sub(r"(Epoch|Run).*", "", line) for line in lines) == ["job 0 | "] * 2 + ["job 1 | "] * 2
    own = sweeps.folder()  # what the sweep says itself has no label
    assert f"Sweep folder: {own}" in done.stdout.splitlines()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_all_jobs_under_way_are_interrupted_together(sweeps: SweepRunner, how: signal.Signals) -> None:
    process = sweeps.start("seed=1,2,3", "hydra.launcher.n_jobs=2", faults="1:waits 2:waits")
    until(lambda: len(list(sweeps.outputs.glob("runs/*/checkpoints/last.ckpt"))) == 2)
    process.send_signal(how)
    stdout, stderr = process.communicate()
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[how]
    assert sweeps.states() == ["interrupted", "interrupted", "waiting"]
    assert "2 interrupted, 1 waiting" in stdout
    assert "Traceback" not in stderr


@pytest.mark.parametrize("number", ["0", "many", "1.5", "true"])
def test_a_number_of_jobs_that_is_none_is_named(sweeps: SweepRunner, number: str) -> None:
    done = sweeps.run("seed=1,2", f"hydra.launcher.n_jobs={number}")
    assert done.returncode == 2
    assert f"n_jobs={number.title() if number == 'true' else number}: must be auto or a number from 1" in done.stderr


@pytest.mark.slow
def test_processes_that_are_not_forked_and_modules_of_unix_are_not_needed(sweeps: SweepRunner, tmp_path: Path) -> None:
    """What Windows lacks is blocked in every process of the commands."""
    assert sweeps.run("loss=focal").returncode == 0
    windows = SweepRunner(tmp_path / "windows", tmp_path / "windows" / "sample")  # no locks of the other kind there
    (run,) = (path.name for path in (sweeps.outputs / "runs").iterdir())
    commands = [
        ["train", "-m", *windows.settings, "loss=focal"],
        ["compare", f"runs=[{windows.outputs}/runs]", f"paths.outputs={tmp_path}", "report.plots=false"],
        ["predict", f"run={windows.outputs}/runs/{run}", "text=A long walk home."],
    ]
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    (tmp_path / "sitecustomize.py").write_text(WINDOWS)
    lacking = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(PROJECT_ROOT)])}
    done = subprocess.run(
        [sys.executable, str(program), json.dumps(commands)],
        cwd=PROJECT_ROOT,
        env=os.environ | lacking,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].strip()
    assert results(windows.outputs) == results(sweeps.outputs)


def test_a_long_place_for_temporary_files_has_no_room_for_a_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    assert process_context([]).get_start_method() == "forkserver"
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("t" * 95)))
    assert process_context([]).get_start_method() == "spawn"


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
