"""A job of a sweep: its settings, the runs it makes and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genre.errors import Outcome

if TYPE_CHECKING:  # its import takes seconds, and a sweeper is known to Hydra before anything runs
    from genre.runs import RunFolder


@dataclass
class Job:
    """One cell of a sweep.

    Attributes:
        number: from 0.
        overrides: of this job, the sweep's common ones among them.
        varied: those in which the jobs of the sweep differ.
        folders: of its runs: one, or with `seeds=N` several.
        settings: that change what is learnt, by dotted name.
        fingerprint: of the data.
        outcome: of this start; None when it was finished before, or not heard of.
    """

    number: int
    overrides: list[str]
    varied: list[str]
    folders: list[Path]
    settings: dict[str, Any]
    fingerprint: str
    outcome: Outcome | None = None

    @property
    def runs(self) -> "list[RunFolder]":
        """Its runs; another sweep may have made them meanwhile, under another name."""
        from genre.runs import RunFolder

        return [RunFolder.named(folder) for folder in self.folders]

    @property
    def finished(self) -> bool:
        """Whether every run is completed."""
        return all(run.state == "completed" for run in self.runs)

    @property
    def state(self) -> str:
        """`completed`, `failed`, `interrupted`, or `waiting` when it has not begun."""
        if self.finished:
            return "completed"
        if self.outcome and self.outcome["exit_code"]:
            return "failed"
        states = {run.state for run in self.runs} - {"completed", None}
        if not states:
            return "waiting"
        return "failed" if "failed" in states else "interrupted"  # or killed together with the sweep

    @property
    def error(self) -> str:
        """What went wrong, in one line, or nothing."""
        if self.finished:
            return ""
        told = [run.error for run in self.runs if run.error]
        return self.outcome["error"] if self.outcome else " ".join(told[:1])

    def note_death(self) -> None:
        """Write into the runs that were under way what the launcher knows of the end of their process."""
        for run in self.runs:
            if self.outcome and self.outcome["exit_code"] and run.abandoned:
                run.note_failure(self.outcome["error"])


def varied(jobs: Sequence[Sequence[str]]) -> list[list[str]]:
    """The overrides of each job that not all jobs have.

    Example:
        >>> varied([["seed=1", "loss=bce"], ["seed=1", "loss=focal"]])
        [['loss=bce'], ['loss=focal']]
    """
    common = set(jobs[0]).intersection(*jobs) if len(jobs) > 1 else set()
    return [[item for item in overrides if item not in common] for overrides in jobs]
