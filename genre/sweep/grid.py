"""Every combination of the values on the command line."""

import itertools
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, open_dict, read_write

from genre.errors import UserError
from genre.sweep.job import Job
from genre.sweep.jobs import JobMaker
from genre.sweep.record import SweepFolder
from genre.sweep.task import Task

log = logging.getLogger(__name__)


class GridSweeper(Sweeper):
    """Runs the jobs of a grid that are not finished yet, and ends with a table of all of them.

    Args:
        params: settings and their values, as on the command line, which goes before.
    """

    hydra_context: HydraContext
    task_function: TaskFunction
    config: DictConfig

    def __init__(self, params: Mapping[str, object]) -> None:
        self.params = [f"{key}={value}" for key, value in params.items()]

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def sweep(self, arguments: list[str]) -> None:
        """Run the sweep.

        Raises:
            UserError: before the first job, when one cannot be or the sweep was begun with other settings or data.
            SystemExit: when a job failed; 1 or 2 as for a single run.
        """
        folder = self.open_folder(arguments)
        with folder.held():
            jobs = JobMaker(self.hydra_context, self.config).jobs(grid(self.parsed(arguments)))
            if not self.config.overwrite:
                folder.refuse_changes(jobs)
            folder.write(jobs)
            waiting = [job for job in jobs if self.config.overwrite or not job.finished]
            log.info("%d jobs, %d of them finished before: %s", len(jobs), len(jobs) - len(waiting), folder.path)
            try:
                self.launch(folder, waiting)
            finally:
                folder.write(jobs)
                _print(jobs, folder)
        exit_if_failed(jobs)

    def parsed(self, arguments: list[str]) -> list[Override]:
        """The overrides, those of `params` first; of two with one key the later counts."""
        parser = OverridesParser.create(config_loader=self.hydra_context.config_loader)
        by_key = {item.get_key_element(): item for item in parser.parse_overrides([*self.params, *arguments])}
        return list(by_key.values())

    def open_folder(self, arguments: list[str]) -> SweepFolder:
        """The sweep's folder; launcher and jobs are told of it as Hydra's `sweep.dir`."""
        from genre.tracking import essential_overrides, folder_name  # seconds, once it is sure that there is a sweep

        content = sorted(essential_overrides([*self.params, *arguments]))
        folder = SweepFolder(Path(self.config.hydra.sweep.dir) / folder_name(arguments, content))
        with read_write(self.config), open_dict(self.config):
            self.config.hydra.sweep.dir = str(folder.path)
        return folder

    def launch(self, folder: SweepFolder, jobs: Sequence[Job]) -> None:
        """Run jobs and put into each how it ended."""
        task = Task(self.task_function, folder.stop_file, self.config.on_failure == "stop")
        launcher = Plugins.instance().instantiate_launcher(self.hydra_context, task, self.config)
        in_folder = f"hydra.sweep.dir='{folder.path}'"  # the jobs' own overrides would name another one
        results = launcher.launch([[*job.overrides, in_folder] for job in jobs], initial_job_idx=0)
        for job, result in zip(jobs, results, strict=True):
            job.outcome = result.return_value
            job.note_death()


def _print(jobs: Sequence[Job], folder: SweepFolder) -> None:
    from genre.sweep.table import print_jobs

    print_jobs(jobs, folder.path)


def exit_if_failed(jobs: Sequence[Job]) -> None:
    """Exit as a single run would that ends as the worst of the jobs.

    Raises:
        SystemExit: unless all are finished; 2 when a person can mend every failure, else 1.
    """
    if not all(job.finished for job in jobs):
        sys.exit(1 if any(job.outcome and job.outcome["exit_code"] == 1 for job in jobs) else 2)


def grid(overrides: Sequence[Override]) -> list[list[str]]:
    """The overrides of every job, the last setting varying fastest.

    Raises:
        UserError: for a sweep over a continuous interval, which has no cells.
    """
    choices = []
    for item in overrides:
        key = item.get_key_element()
        if not item.is_sweep_override():
            choices.append([f"{key}={item.get_value_element_as_str()}"])
        elif item.is_discrete_sweep():
            choices.append([f"{key}={value}" for value in item.sweep_string_iterator()])
        else:
            raise UserError(f"{item.input_line}: an interval has no cells; list values, or search it with sweep=optuna")
    return [list(job) for job in itertools.product(*choices)]
