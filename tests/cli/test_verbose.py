"""How much commands say, in processes of their own."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from genre.config.schema import SCHEMAS
from genre.config.schema.base import CommandConfig
from genre.console import duration
from genre.paths import CONF_DIR, PROJECT_ROOT
from tests.commands import call
from tests.sweeps import BATCH, SweepRunner


def test_each_command_knows_it() -> None:
    commands = [file.stem for file in CONF_DIR.glob("*.yaml")]
    assert all(issubclass(SCHEMAS[name], CommandConfig) for name in commands)
    assert all("\nverbose: 1 #" in (CONF_DIR / f"{name}.yaml").read_text() for name in commands)


def test_steps_results_or_everything(tmp_path: Path) -> None:
    said = {}
    for level in (0, 1, 2):
        done = call("prepare", f"verbose={level}", "stages=[merge,clean]", f"data.dir={tmp_path / str(level)}")
        assert (done.returncode, done.stderr) == (0, "")
        said[level] = done.stdout.splitlines()
    assert said[0] == [f"Products: {tmp_path / '0'}"]
    assert [line.partition(":")[0] for line in said[1]] == ["merge", "clean", "Products", "To look at them"]
    assert len(said[2]) > len(said[1])
    assert any(line.startswith("Lock ") for line in said[2])


def test_where_a_mistake_was_found_is_told_on_request() -> None:
    for level, traceback in ((0, False), (1, False), (2, True)):
        done = call("evaluate", "run=nowhere", f"verbose={level}")
        assert done.returncode == 2
        assert ("Traceback" in done.stderr) == traceback
        assert done.stderr.splitlines()[-1].startswith("error: ")
    done = call("compare", "verbose=3")
    assert done.stderr == "error: verbose=3: must be 0, 1 or 2\n"


def test_a_quiet_sweep_says_its_results_alone(sweeps: SweepRunner) -> None:
    done = sweeps.run("verbose=0", *BATCH, "seed=1,2")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].strip() == "Jobs"
    assert [line.partition(":")[0] for line in lines[-2:]] == ["Sweep folder", "Page"]


def test_the_next_command_can_be_pasted(finished_sweep: SweepRunner, tmp_path: Path) -> None:
    folder = tmp_path / "runs é (1)"
    shutil.copytree(finished_sweep.outputs / "runs", folder / "runs")
    done = call("compare", f"runs=[{folder / 'runs'}]", f"output={tmp_path / 'compared'}", "report.plots=false")
    assert done.returncode == 0, done.stderr
    (last,) = (line for line in done.stdout.splitlines() if line.startswith("To use the best: "))
    python, script, *settings = shlex.split(last.removeprefix("To use the best: "))
    assert (python, script) == ("python", "scripts/predict.py")
    used = call("predict", *settings)
    assert used.returncode == 0, used.stderr
    assert call("compare", f"runs=[{folder / 'runs'}]", "verbose=0", "report.plots=false", f"output={folder}/c").stdout


def test_make_alone_lists_its_targets() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("no make")
    done = subprocess.run([make], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"^([a-z-]+) +\S", done.stdout, re.MULTILINE)
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(targets.split())


def test_lengths_of_time_as_people_say_them() -> None:
    said = {
        0.04: "0.0 s",
        0.96: "1 s",
        59.4: "59 s",
        59.6: "1 min",
        174: "2 min 54 s",
        3599.6: "1 h",
        7260: "2 h 1 min",
    }
    assert {seconds: duration(seconds) for seconds in said} == said
