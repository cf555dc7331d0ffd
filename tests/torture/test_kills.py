"""SIGKILL at any moment: the same command afterwards gives what it would have given, and nothing is left behind."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.torture.scenes import RECORDS, Counted, Scene, Stage, alike, descendants, kill_at

KILLS = 15  # of each command
MEMORY = Path("/dev/shm")


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder on a file system other than that of the tests."""
    if not MEMORY.is_dir():
        pytest.skip("no /dev/shm here")
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["train", "baseline", "prepare", "predict", "compare", "sweep"])
def test_a_command_killed_at_random_moments_gives_the_results_of_an_undisturbed_one(
    scenes: dict[str, Scene], tmp_path: Path, name: str, record_property: Counted
) -> None:
    scene, moments = scenes[name], random.Random(name)
    calm, torn = (Stage(tmp_path / place, tmp_path / f"{place}-tmp") for place in ("calm", "torn"))
    begin = time.monotonic()
    calm.finish(scene)
    duration = time.monotonic() - begin
    done = 0
    for _ in range(2 * KILLS):
        command = torn.start(scene)
        alive = kill_at(command, lambda: True, moments.uniform(0.02, duration))
        assert descendants(command) == []
        done += alive
        if not alive or done % 5 == 0:  # it is through: once more from the beginning
            torn.finish(scene)
            alike(calm, torn, scene)
            shutil.rmtree(torn.folder)
            torn.folder.mkdir()
        if done == KILLS:
            break
    record_property(f"kills of {name}", done)
    torn.finish(scene)
    alike(calm, torn, scene)


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_a_training_killed_while_it_writes_a_checkpoint_goes_on(
    scenes: dict[str, Scene], tmp_path: Path, other_disk: Path, kills: int, record_property: Counted
) -> None:
    """TMPDIR lies on another file system, so that nothing can be renamed from there."""
    scene = Scene(
        "train", lambda out: [*scenes["train"].arguments(out), "trainer.max_epochs=4", "model.width=64"], RECORDS
    )
    calm, torn = Stage(tmp_path / "calm", tmp_path / "calm-tmp"), Stage(tmp_path / "torn", other_disk)
    calm.finish(scene)
    moments, done = random.Random(0), 0
    while done < kills:
        command = torn.start(scene)

        def writing() -> bool:
            return any(torn.folder.glob("runs/*/checkpoints/.*.making.ckpt"))

        done += kill_at(command, writing, moments.choice([0, 0, 0.001, 0.003, 0.01]))
        assert descendants(command) == []
        if command.returncode == 0:
            alike(calm, torn, scene)
            shutil.rmtree(torn.folder)
    record_property("kills while a checkpoint is written", done)
    torn.finish(scene)
    alike(calm, torn, scene)
