"""What runs in the process of a job, wherever the launcher started it, and how it travels there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cloudpickle
from hydra.core.hydra_config import HydraConfig
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, run_job, setup_globals
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, open_dict

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


def job_config(hydra_context: HydraContext, master: DictConfig, number: int, overrides: Sequence[str]) -> DictConfig:
    """The settings of a job, Hydra's own among them."""
    config = hydra_context.config_loader.load_sweep_config(master, list(overrides))
    with open_dict(config):
        config.hydra.job.id = str(number)
        config.hydra.job.num = number
    return config


def pack(hydra_context: HydraContext, task: TaskFunction, config: DictConfig) -> bytes:
    """A job in bytes; by value, since the functions of a script cannot be imported by name."""
    packed: bytes = cloudpickle.dumps((Singleton.get_state(), hydra_context, task, config))
    return packed


def run_packed(job: bytes) -> Outcome:
    """Run a job in a process that knows nothing of Hydra yet."""
    state, hydra_context, task, config = cloudpickle.loads(job)
    setup_globals()
    Singleton.set_state(state)
    HydraConfig.instance().set_config(config)
    outcome: Outcome = run_job(task, config, "hydra.sweep.dir", None, hydra_context).return_value
    return outcome


def job_return(config: DictConfig, overrides: Sequence[str], outcome: Outcome) -> JobReturn:
    """What Hydra expects of a launcher for each job."""
    result = JobReturn(overrides=overrides, cfg=config, status=JobStatus.COMPLETED)
    result.return_value = outcome
    return result
