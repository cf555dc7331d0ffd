"""Places that cannot be written: a data folder that is shared and finished, a home that is not there."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from genre.runs import RunFolder
from tests.commands import Command, script
from tests.torture.scenes import SMALL


@pytest.fixture
def read_only(sample_products: Path, finished_run: RunFolder, tmp_path: Path) -> Iterator[Path]:
    """The finished products of the sample on a file system that nobody may write to."""
    folder = tmp_path / "shared"
    shutil.copytree(sample_products, folder)
    for cached in folder.glob("cache/tokens-*"):  # finished, but for what another model reads
        shutil.rmtree(cached)
    if os.geteuid():
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)
        return
    bound = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False)
    if bound.returncode:
        pytest.skip("nothing can be mounted here, and root may write everywhere")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def train(out: Path, data: Path, environment: dict[str, str]) -> None:
    done = Command(script("train"), [*SMALL, f"paths.outputs={out}", f"data.dir={data}"], environment).finish()
    assert done.returncode == 0, done.stderr
    (status,) = out.glob("runs/*/status.json")
    assert '"state": "completed"' in status.read_text()


def test_data_that_is_finished_and_read_only_can_be_trained_on(read_only: Path, tmp_path: Path) -> None:
    before = sorted(read_only.rglob("*"))
    train(tmp_path / "out", read_only, dict(os.environ))
    assert sorted(read_only.rglob("*")) == before


def test_other_settings_need_a_folder_that_can_be_written(read_only: Path, tmp_path: Path) -> None:
    arguments = [*SMALL, f"paths.outputs={tmp_path}/out", f"data.dir={read_only}", "data.min_chars=50"]
    done = Command(script("train"), arguments, os.environ).finish()
    assert done.returncode == 2
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert str(read_only) in line
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("home", [None, "/dev/null/nobody"])
def test_no_home_is_needed(home: str | None, sample_products: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    train(tmp_path / "out", sample_products, environment | ({"HOME": home} if home else {}))
