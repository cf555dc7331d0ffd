"""The wheel: settings, scripts and sample inside, one command for all scripts, outputs where it is called."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from genre.paths import PROJECT_ROOT

pytest.importorskip("setuptools", minversion="77")

SOURCES = ["conf", "genre", "scripts", "data/sample", "LICENSE", "README.md", "pyproject.toml", "setup.py"]
LIGHT = """
import sys
import genre
from genre.cli.main import main
main()
heavy = {"torch", "pandas", "transformers", "wandb", "matplotlib", "scipy", "sklearn"} & sys.modules.keys()
assert not heavy, heavy
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install .` would put there."""
    clone = tmp_path_factory.mktemp("clone")
    for name in SOURCES:
        copy = shutil.copytree if (PROJECT_ROOT / name).is_dir() else shutil.copy
        (clone / name).parent.mkdir(exist_ok=True)
        copy(PROJECT_ROOT / name, clone / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "-w", str(clone), str(clone)], check=True, capture_output=True)
    (wheel,) = clone.glob("*.whl")
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def command(installed: Path, here: Path, *arguments: str, program: str = LIGHT) -> "CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(installed)}
    call = [sys.executable, "-c", program, *arguments]
    return subprocess.run(call, cwd=here, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_lists_the_scripts(installed: Path, tmp_path: Path) -> None:
    done = command(installed, tmp_path, "--help")
    assert done.returncode == 0, done.stderr
    for file in (PROJECT_ROOT / "scripts").glob("*.py"):
        assert f"\n  {file.stem} " in done.stdout
    assert "\n  sweep " in done.stdout
    (told,) = installed.glob("*.dist-info/entry_points.txt")
    assert "genre = genre.cli.main:main" in told.read_text()


def test_help_names_the_command_as_it_is_called(installed: Path, tmp_path: Path) -> None:
    done = command(installed, tmp_path, "train", "--help")
    assert "\n  genre train loss=focal loss.gamma=1.5\n" in done.stdout
    assert "  loss: asymmetric, bce," in done.stdout
    assert "  sweep: dataset_size, focal_grid," in done.stdout
    assert "  hydra/launcher: local, parallel," in done.stdout
    assert "scripts/" not in done.stdout


def test_an_unknown_command_is_refused_in_one_line(installed: Path, tmp_path: Path) -> None:
    done = command(installed, tmp_path, "trian")
    assert done.returncode == 2
    assert done.stderr.startswith("error: genre trian: no such command; did you mean 'train'? (there are: baseline, ")
    assert done.stderr.count("\n") == 1


def test_the_sample_comes_along_and_outputs_lie_here(installed: Path, tmp_path: Path) -> None:
    program = """
from pathlib import Path
from genre.config import compose
from genre.config.overrides import command
cfg = compose("train", ["loss=focal"])
assert list(Path(cfg.data.raw).glob("*.csv")) and Path(cfg.data.crawl).is_file()
print(cfg.data.raw, cfg.paths.outputs, compose("train", ["data=imdb"]).data.raw, command("evaluate", run="x"), sep="\\n")
"""
    done = command(installed, tmp_path, program=program)
    assert done.returncode == 0, done.stderr
    sample, outputs, imdb, printed = done.stdout.splitlines()
    assert Path(sample).is_relative_to(installed)
    assert outputs == str(tmp_path / "outputs")
    assert imdb == str(tmp_path / "data" / "imdb" / "raw")
    assert printed == "genre evaluate run=x"
    wrong = command(installed, tmp_path, "train", "loss.gama=1")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
