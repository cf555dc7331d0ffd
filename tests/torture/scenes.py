"""Commands to be killed, starved and misled: what each is started with, and what it leaves behind."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.commands import Command, script

SMALL = [
    *("model=tiny", "trainer=smoke", "trainer.progress_bar=false", "logger=csv"),
    *("report.plots=false", "report.resamples=40"),
]
CLASSICAL = [
    *("baseline=logreg", "features=bow", "features.tokens=words", "data.size=200", "logger=csv"),
    *("report.plots=false", "report.resamples=40"),
]
FEW = ["report.plots=false", "report.resamples=40"]
RECORDS = (
    *("metrics.json", "thresholds.json", "per_genre.csv", "intervals.json", "predictions.parquet", "films.parquet"),
)
PREPARED = ("clean_data.csv", "merged.csv", "lemmas.parquet", ".conllu")


Counted = Callable[[str, object], None]


@dataclass(frozen=True)
class Scene:
    """A command and its results.

    Attributes:
        name: of the command.
        arguments: given a folder for its results.
        results: which files must be the same however often it was killed: their last parts.
    """

    name: str
    arguments: Callable[[Path], list[str]]
    results: Sequence[str]


class Stage:
    """A folder in which scenes are played.

    Args:
        folder: for results.
        scratch: for temporary files, TMPDIR.
    """

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder, self.scratch = folder, scratch
        for path in (folder, scratch):
            path.mkdir(parents=True, exist_ok=True)

    def start(self, scene: Scene) -> Command:
        """Start a scene's command."""
        environment = os.environ | {"TMPDIR": str(self.scratch), "COLUMNS": "200"}
        return Command(script(scene.name), scene.arguments(self.folder), environment)

    def finish(self, scene: Scene) -> None:
        """Play it to its end."""
        done = self.start(scene).finish()
        assert done.returncode == 0, done.stderr

    def results(self, scene: Scene) -> dict[str, bytes]:
        """The content of the files that must be the same."""
        ends = tuple(scene.results)
        files = [file for file in self.folder.rglob("*") if file.is_file() and file.name.endswith(ends)]
        return {str(file.relative_to(self.folder)): file.read_bytes() for file in files}

    def names(self) -> set[str]:
        """What lies there, hidden files and folders too."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


def kill_at(command: Command, happened: Callable[[], bool], moment: float) -> bool:
    """SIGKILL a command's process, `moment` seconds after something has happened; whether it was still there."""
    while command.returncode is None and not happened():
        time.sleep(0.0005)
    deadline = time.monotonic() + moment
    while command.returncode is None and time.monotonic() < deadline:
        time.sleep(min(0.005, moment))
    alive = command.returncode is None
    if alive:
        command.send_signal(signal.SIGKILL)
    command.communicate()
    return alive


def descendants(command: Command) -> list[int]:
    """Processes that a command has started and that are still there, after some time to notice that it is gone."""
    deadline = time.monotonic() + 30
    while (found := _with_open(command.files[0])) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _with_open(file: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "fd" / "1").readlink() == file:
                found.append(int(folder.name))
        except OSError:  # gone by now
            continue
    return found


def alike(calm: Stage, torn: Stage, scene: Scene) -> None:
    """The same results, and no file that an undisturbed command does not leave."""
    expected = calm.results(scene)
    assert expected
    assert torn.results(scene) == expected
    more = {name for name in torn.names() - calm.names() if "/history/version_" not in name}
    assert more == set()
    assert [path.name for path in torn.scratch.iterdir()] == []
