"""A disk that fills up at any byte: one line that names the file, the old file or the new one, and a way on."""

import random
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from genre.runs import RunFolder
from tests.commands import Command
from tests.torture.scenes import Counted, Scene, Stage, alike

PAGE = 4096
NAMES = ["train", "baseline", "prepare", "predict", "compare", "evaluate"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of whatever size it is mounted again with."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def resized(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def begun(stage: Stage, scene: Scene, run: RunFolder) -> None:
    """An empty stage, or one with the run that is to be evaluated."""
    for path in stage.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if scene.name == "evaluate":
        shutil.copytree(run.path, stage.folder / "run", ignore=shutil.ignore_patterns("plots", "report"))


def told(command: Command, folder: Path) -> bool:
    """Whether there was too little room; said in one line that names a file in the folder, if so."""
    _, stderr = command.communicate()
    assert "Traceback" not in stderr, stderr
    if command.returncode == 0:
        return False
    assert command.returncode == 2, stderr
    (line,) = (line for line in stderr.splitlines() if line.startswith("error: "))
    assert "No space left on device" in line or "File too large" in line
    assert str(folder) in line
    return True


def own(results: dict[str, bytes]) -> dict[str, bytes]:
    """A run's records without those of its report, which comes after them."""
    return {name: content for name, content in results.items() if "/report/" not in name}


def used(folder: Path) -> int:
    """Bytes of all files, in pages."""
    return sum(-(-file.stat().st_size // PAGE) * PAGE + PAGE for file in folder.rglob("*"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_disk_of_any_size(
    scenes: dict[str, Scene],
    finished_run: RunFolder,
    tmp_path: Path,
    small_disk: Path,
    name: str,
    record_property: Counted,
) -> None:
    scene, sizes = scenes[name], random.Random(name)
    calm, full = Stage(tmp_path / "calm", tmp_path / "tmp"), Stage(small_disk / "out", tmp_path / "tmp")
    begun(calm, scene, finished_run)
    before = used(calm.folder)
    calm.finish(scene)
    needed = used(calm.folder)
    refused = 0
    for _ in range(12):
        resized(small_disk, 2**30)
        begun(full, scene, finished_run)
        old = full.results(scene)
        room = sizes.randrange(PAGE, max(needed - before, 16 * PAGE), PAGE)  # beside what is there already
        resized(small_disk, shutil.disk_usage(small_disk).used + room)
        command = full.start(scene)
        if told(command, small_disk):
            refused += 1
            if name == "evaluate":
                assert own(full.results(scene)) in (own(old), own(calm.results(scene)))
        resized(small_disk, 2**30)
        full.finish(scene)
        alike(calm, full, scene)
    record_property(f"disk sizes of {name}, of which too small", f"12, {refused}")
    assert refused


@pytest.mark.parametrize("name", ["train", *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[1:])])
@pytest.mark.parametrize("count", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_files_of_any_length_at_most(
    scenes: dict[str, Scene],
    finished_run: RunFolder,
    tmp_path: Path,
    name: str,
    count: int,
    record_property: Counted,
) -> None:
    """What a share of the disk and a file system with a longest file do, for whoever may not mount one."""
    scene, sizes = scenes[name], random.Random(name)
    calm, full = Stage(tmp_path / "calm", tmp_path / "tmp"), Stage(tmp_path / "full", tmp_path / "tmp")
    begun(calm, scene, finished_run)
    calm.finish(scene)
    longest = max(file.stat().st_size for file in calm.folder.rglob("*") if file.is_file())
    refused = 0
    for number in range(count):
        begun(full, scene, finished_run)
        old = full.results(scene)
        most = longest - 1 if number == 0 else sizes.randrange(PAGE, longest)  # the first file of all is too long
        command = full.start(scene)
        resource.prlimit(command.pid, resource.RLIMIT_FSIZE, (most, most))
        if told(command, tmp_path):
            refused += 1
            if name == "evaluate":
                assert own(full.results(scene)) in (own(old), own(calm.results(scene)))
        full.finish(scene)
        alike(calm, full, scene)
    record_property(f"longest files of {name}, of which too short", f"{count}, {refused}")
