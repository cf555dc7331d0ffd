"""SIGKILL at any moment: the same command afterwards gives what it would have given, and nothing is left behind."""

import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genre.runs import RunFolder
from tests.torture.scenes import CLASSICAL, PREPARED, RECORDS, SMALL, Scene, Stage, descendants, kill_at

KILLS = 15  # of each command
FILMS = 4000  # rows of a file to predict: more than are answered at a time
MEMORY = Path("/dev/shm")
Counted = Callable[[str, object], None]


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder on a file system other than that of the tests."""
    if not MEMORY.is_dir():
        pytest.skip("no /dev/shm here")
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def scenes(
    sample_products: Path, finished_run: RunFolder, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Scene]:
    """Commands by name; what they read is made before any is killed."""
    folder = tmp_path_factory.mktemp("scenes")
    rows = "".join(f"{number},A ferryman rows {number} people over a river.\n" for number in range(FILMS))
    (folder / "films.csv").write_text(f"number,description\n{rows}")
    for number in (1, 2):
        copy = folder / "runs" / f"run_000000000{number}"
        shutil.copytree(finished_run.path, copy, ignore=shutil.ignore_patterns("plots", "report"))
    data = f"data.dir={sample_products}"
    few = ["report.plots=false", "report.resamples=40"]
    return {
        "train": Scene("train", lambda out: [*SMALL, f"paths.outputs={out}", data], RECORDS),
        "baseline": Scene("baseline", lambda out: [*CLASSICAL, f"paths.outputs={out}", data], RECORDS),
        "prepare": Scene("prepare", lambda out: [f"data.dir={out}", "processes=1", "verbose=0"], PREPARED),
        "predict": Scene(
            "predict",
            lambda out: [f"run={finished_run.path}", f"input={folder}/films.csv", f"output={out}/said.csv"],
            ("said.csv",),
        ),
        "compare": Scene(
            "compare", lambda out: [f"runs=[{folder}/runs]", f"output={out}/compared", *few], (".csv", ".json")
        ),
        "sweep": Scene(
            "train", lambda out: ["-m", *SMALL, "loss=bce,focal", f"paths.outputs={out}", data], (*RECORDS, "jobs.csv")
        ),
    }


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
            _alike(calm, torn, scene)
            shutil.rmtree(torn.folder)
            torn.folder.mkdir()
        if done == KILLS:
            break
    record_property(f"kills of {name}", done)
    torn.finish(scene)
    _alike(calm, torn, scene)


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
            _alike(calm, torn, scene)
            shutil.rmtree(torn.folder)
    record_property("kills while a checkpoint is written", done)
    torn.finish(scene)
    _alike(calm, torn, scene)


def _alike(calm: Stage, torn: Stage, scene: Scene) -> None:
    """The same results, and no file that an undisturbed command does not leave."""
    expected = calm.results(scene)
    assert expected
    assert torn.results(scene) == expected
    more = {name for name in torn.names() - calm.names() if "/history/version_" not in name}
    assert more == set()
    assert [path.name for path in torn.scratch.iterdir()] == []
