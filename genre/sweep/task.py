"""What runs in the process of a job, wherever the launcher started it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from omegaconf import DictConfig

from genre.config.compose import register
from genre.errors import Outcome


@dataclass(frozen=True)
class Task:
    """A job that does not begin once another one's failure has stopped the sweep.

    Attributes:
        job: of the script.
        stop_file: of the sweep; where it exists no further job begins.
        stop_on_failure: whether a failure makes it.
    """

    job: Callable[[DictConfig], Outcome]
    stop_file: Path
    stop_on_failure: bool

    def __call__(self, cfg: DictConfig) -> Outcome:
        """Do the job with its settings."""
        if self.stop_file.exists():
            return {"exit_code": None, "error": "not begun: another job failed and on_failure=stop"}
        register()  # in this process nobody has
        outcome = self.job(cfg)
        self.note(outcome)
        return outcome

    def note(self, outcome: Outcome) -> None:
        """Stop the sweep if a failure does; for a launcher to call when the job's process could not."""
        if outcome["exit_code"] and self.stop_on_failure:
            self.stop_file.touch()
