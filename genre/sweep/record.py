"""The folder of a sweep: which jobs it has, what they were begun with, where they stand."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import genre
from genre.errors import UserError
from genre.files import held, write_json
from genre.sweep.job import Job

_SHOWN = 5  # differing settings in an error
_REMEDY = "delete it: runs that are finished are known without it"


class SweepFolder:
    """Paths and records of one sweep.

    Attributes:
        path: the folder; its name is the sweep's id.
        typed: what was typed, by which trackers group its runs.
    """

    def __init__(self, path: Path, typed: str) -> None:
        self.path, self.typed = path, typed
        self.record_file = path / "sweep.json"
        self.stop_file = path / ".stop"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other starts of the same sweep away.

        Raises:
            UserError: when another process is at work on it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with held(self.path / ".lock", f"{self.path}: another process is at work on this very sweep; wait for it"):
            self.stop_file.unlink(missing_ok=True)
            yield

    def write(self, jobs: Sequence[Job]) -> None:
        """Write sweep.json; paths of runs are relative to the folder, so that outputs/ can be moved as a whole."""
        told = [
            {
                "number": job.number,
                "overrides": job.overrides,
                "varied": job.varied,
                "state": job.state,
                "error": job.error,
                "runs": [os.path.relpath(run.path, self.path) for run in job.runs],
                "settings": job.settings,
                "data_fingerprint": job.fingerprint,
            }
            for job in jobs
        ]
        write_json(self.record_file, {"id": self.path.name, "genre": genre.__version__, "jobs": told})

    @property
    def finished(self) -> int:
        """How many of the jobs are completed, as far as was written down.

        Raises:
            UserError: when that is damaged.
        """
        if not self.record_file.is_file():
            return 0
        from genre.runs.intact import intact, read_json  # seconds

        with intact(self.record_file, _REMEDY):
            return sum(job["state"] == "completed" for job in read_json(self.record_file, dict, _REMEDY)["jobs"])

    def refuse_changes(self, jobs: Sequence[Job], *, growing: bool = False) -> None:
        """Refuse to mix the results of an earlier start with those of other settings, data or another version.

        Args:
            jobs: of this start.
            growing: whether there may be jobs that the earlier one had not got to.

        Raises:
            UserError: saying what has changed.
        """
        if not self.record_file.is_file():
            return
        from genre.runs.intact import intact, read_json  # seconds

        record = read_json(self.record_file, dict, _REMEDY)
        with intact(self.record_file, _REMEDY):
            begun = {_key(job["overrides"]): job for job in record["jobs"]}
        changes = _changes({"genre": record["genre"]}, {"genre": genre.__version__})
        for job in jobs:
            before = begun.get(_key(job.overrides))
            if before is None and growing:
                continue
            if before is None:
                changes.append(f"there was no job {' '.join(job.varied)}")
                continue
            changes += _changes(before["settings"], job.settings)
            if before["data_fingerprint"] != job.fingerprint:
                changes.append("the films have changed")
        if changes:
            several = list(dict.fromkeys(changes))
            more = f" and {len(several) - _SHOWN} more" if len(several) > _SHOWN else ""
            afresh = "delete the folder to begin afresh" if growing else "begin afresh with overwrite=true"
            raise UserError(
                f"{self.path}: was begun otherwise ({'; '.join(several[:_SHOWN])}{more}); put that back to go on, or "
                f"{afresh}"
            )


def _key(overrides: Sequence[str]) -> tuple[str, ...]:
    """What makes a job the same when the command line is typed otherwise."""
    from genre.runs import essential_overrides  # seconds

    return tuple(sorted(essential_overrides(overrides)))


def _changes(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    missing = "not there"
    return [
        f"{key} was {before.get(key, missing)} and is {now.get(key, missing)}"
        for key in sorted(before.keys() | now.keys())
        if before.get(key, missing) != now.get(key, missing)
    ]
