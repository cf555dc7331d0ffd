"""From what a person names to run folders: single runs, sweeps, folders of runs, globs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from genre.errors import UserError
from genre.runs import RunFolder


@dataclass(frozen=True)
class LeftOut:
    """A run or a job of a sweep that has no numbers to compare.

    Attributes:
        name: of its folder, or a job's overrides where it never had one.
        state: such as `failed`, `running`, or `cut off` where it is said to run and no process is at work on it.
        error: why, in one line; empty where nothing is known.
    """

    name: str
    state: str
    error: str


def find_runs(items: Sequence[str]) -> tuple[list[RunFolder], list[LeftOut]]:
    """The completed runs that `items` name, each once, and what else they name.

    Raises:
        UserError: when an item names no folder, or a folder without runs.
    """
    runs: dict[Path, RunFolder] = {}
    others: dict[str | Path, LeftOut] = {}
    for item in items:
        found = [entry for folder in _folders(item) for entry in _inside(folder)]
        if not found:
            raise UserError(f"runs={item}: no run folder there (none has a config.yaml); name one of outputs/runs/")
        for entry in found:
            if isinstance(entry, LeftOut):
                others[entry.name] = entry
                continue
            path = entry.path.resolve()
            try:
                if entry.state == "completed":
                    runs[path] = entry
                else:
                    others[path] = _unfinished(entry)
            except UserError as damage:
                others[path] = LeftOut(path.name, "damaged", str(damage))
    return list(runs.values()), list(others.values())


def _folders(item: str) -> list[Path]:
    path = Path(item).expanduser().absolute()
    matches = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    folders = [path] if path.is_dir() else sorted(match for match in matches if match.is_dir())
    if not folders:
        raise UserError(f"runs={item}: no such folder, and no glob that matches one; name one of outputs/runs/")
    return folders


def _inside(folder: Path, *, deeper: bool = True) -> Iterator[RunFolder | LeftOut]:
    """The folder itself if it is a run, the runs of a sweep, or what is inside the folders of this one."""
    run = RunFolder(folder)
    if run.config_file.is_file() or run.status_file.is_file():
        yield run
    elif (folder / "sweep.json").is_file():
        yield from _of_sweep(folder)
    elif deeper:
        for child in sorted(folder.iterdir()):
            if child.is_dir():
                yield from _inside(child, deeper=False)


def _of_sweep(folder: Path) -> Iterator[RunFolder | LeftOut]:
    file = folder / "sweep.json"
    try:
        jobs = json.loads(file.read_text(encoding="utf-8"))["jobs"]
        for job in jobs:
            name, state, error = " ".join(job["overrides"]), str(job["state"]), _first_line(job["error"])
            paths = [folder / path for path in job["runs"]]
            yield from (RunFolder(path) for path in paths if path.is_dir())
            if not all(path.is_dir() for path in paths):
                yield LeftOut(name, state, error or "its run folder is gone")
            elif not paths:
                yield LeftOut(name, state, error)
    except (json.JSONDecodeError, KeyError, TypeError) as broken:
        raise UserError(f"{file}: is broken; name the run folders themselves") from broken


def _unfinished(run: RunFolder) -> LeftOut:
    if run.state is None:
        return LeftOut(run.path.name, "never started", "")
    return LeftOut(run.path.name, "cut off" if _cut_off(run) else run.state, _first_line(run.error))


def _cut_off(run: RunFolder) -> bool:
    """Whether its process is gone without a word."""
    try:
        return run.abandoned
    except OSError:  # a folder that nothing may be written to, so that nobody can tell
        return False


def _first_line(text: str | None) -> str:
    return text.strip().partition("\n")[0] if text else ""
