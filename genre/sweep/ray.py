"""Jobs on Ray: this machine's cores, or a cluster."""

from collections.abc import Sequence
from typing import Any

from hydra.core.utils import JobReturn, configure_log, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from genre.errors import Outcome
from genre.on_ray import ray_for
from genre.sweep.task import Task, job_config, job_return, pack, run_packed


class RayLauncher(Launcher):
    """Runs as many jobs at once as the cores and GPUs that Ray has allow; a job that is killed fails alone.

    Hydra's released plugin for Ray (1.2.2) does not go with current packages: it demands cloudpickle below 3, and
    boto3, which demands python-dateutil below 3.

    Args:
        address: of a cluster, as `ray.init` takes it; None starts Ray on this machine for the time of the sweep. On a
            cluster every node needs this package, and the data and output folders under the same paths.
        cpus_per_job: cores that a job is given.
        gpus_per_job: GPUs that a job is given; a fraction shares one.
    """

    def __init__(self, address: str | None, cpus_per_job: float, gpus_per_job: float) -> None:
        self.address, self.cpus_per_job, self.gpus_per_job = address, cpus_per_job, gpus_per_job

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra."""
        assert isinstance(task_function, Task)
        self.hydra_context, self.task, self.config = hydra_context, task_function, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run jobs; each return value is an `Outcome`.

        Raises:
            UserError: without Ray, or an answer from the cluster.
        """
        setup_globals()
        configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        with ray_for("hydra/launcher=ray", self.address, "hydra.launcher.address"):
            import ray

            work = ray.remote(run_packed).options(num_cpus=self.cpus_per_job, num_gpus=self.gpus_per_job, max_retries=0)
            configs = [
                job_config(self.hydra_context, self.config, number, overrides)
                for number, overrides in enumerate(job_overrides, initial_job_idx)
            ]
            jobs = [work.remote(pack(self.hydra_context, self.task, config)) for config in configs]
            outcomes = [self._outcome(job) for job in jobs]
        return [job_return(*one) for one in zip(configs, job_overrides, outcomes, strict=True)]

    def _outcome(self, job: Any) -> Outcome:
        import ray

        try:
            outcome: Outcome = ray.get(job)
        except (
            ray.exceptions.WorkerCrashedError,
            ray.exceptions.OutOfMemoryError,
            ray.exceptions.NodeDiedError,
        ) as error:
            reason = " ".join(str(error).split())
            outcome = {"exit_code": 1, "error": f"the job's process was killed: {reason}"}
            self.task.note(outcome)
        return outcome
