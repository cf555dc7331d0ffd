"""A job of a sweep: made of its overrides and checked before the first begins; the runs it makes, where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import HydraContext
from omegaconf import DictConfig, open_dict, read_write

from genre.config import RunConfig
from genre.config.compose import typed
from genre.config.explain import explaining
from genre.errors import Outcome, UserError

if TYPE_CHECKING:  # their import takes seconds, and a sweeper is known to Hydra before anything runs
    from genre.data.sources import Source
    from genre.runs import RunFolder


@dataclass
class Job:
    """One cell of a sweep.

    Attributes:
        number: from 0.
        overrides: of this job, the sweep's common ones among them.
        varied: those in which the jobs of the sweep differ.
        folders: of its runs: one, or with `seeds=N` several.
        cfg: its settings.
        fingerprint: of the data.
        outcome: of this start; None when it was finished before, or not heard of.
    """

    number: int
    overrides: list[str]
    varied: list[str]
    folders: list[Path]
    cfg: RunConfig
    fingerprint: str
    outcome: Outcome | None = None

    @property
    def runs(self) -> "list[RunFolder]":
        """Its runs; another sweep may have made them meanwhile, under another name."""
        from genre.runs import RunFolder

        return [RunFolder.named(folder) for folder in self.folders]

    @property
    def settings(self) -> dict[str, Any]:
        """Those that change what is learnt, by dotted name."""
        from genre.runs import essential_settings

        return essential_settings(self.cfg)

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


class JobMaker:
    """Composes and checks jobs as their processes will.

    Attributes:
        sources: of the films, by the settings they are made with; prepared once for all jobs.
    """

    def __init__(self, hydra_context: HydraContext, master: DictConfig) -> None:
        self.hydra_context, self.master = hydra_context, master
        self.sources: dict[str, Source] = {}

    def job(self, number: int, overrides: list[str], own: list[str]) -> Job:
        """A job.

        Args:
            number: of the job.
            overrides: all of them.
            own: those that other jobs of the sweep do not have.

        Raises:
            UserError: naming the job, when it cannot be: an unknown key, a value out of range, data that are missing,
                a run of other code.
        """
        # seconds to import, which a misspelt key on the command line need not wait for
        from genre.data.corrections import data_fingerprint
        from genre.runs import RunFolder
        from genre.runs.code import require_same_code
        from genre.training import check, check_labels, each_seed

        try:
            with explaining(str(self.master.hydra.job.config_name), overrides):
                composed = self.hydra_context.config_loader.load_sweep_config(self.master, overrides)
            HydraConfig.instance().set_config(composed)  # the names of runs tell its overrides
            with read_write(composed), open_dict(composed):
                del composed["hydra"]
            cfg = typed(composed)
            check(cfg)
            source = self._source(cfg)
            check_labels(cfg, source.label_names)
            fingerprint = data_fingerprint(source, cfg.data)
            runs = [RunFolder.of(settings, fingerprint) for settings in each_seed(cfg)]
            for run in runs:
                require_same_code(run, cfg)
        except UserError as error:
            raise UserError(f"{error} [job {number}: {' '.join(own)}]" if own else str(error)) from error
        return Job(number, overrides, own, [run.path for run in runs], cfg, fingerprint)

    def _source(self, cfg: RunConfig) -> "Source":
        from genre.data.sources import prepared

        key = repr(cfg.data)
        if key not in self.sources:
            self.sources[key] = prepared(cfg.data)
        return self.sources[key]


def varied(jobs: Sequence[Sequence[str]]) -> list[list[str]]:
    """The overrides of each job that not all jobs have.

    Example:
        >>> varied([["seed=1", "loss=bce"], ["seed=1", "loss=focal"]])
        [['loss=bce'], ['loss=focal']]
    """
    common = set(jobs[0]).intersection(*jobs) if len(jobs) > 1 else set()
    return [[item for item in overrides if item not in common] for overrides in jobs]
