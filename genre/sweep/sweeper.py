"""What every sweep has in common."""

import logging
import shlex
import sys
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.core.utils import env_override
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, open_dict, read_write

from genre.config.overrides import quoted
from genre.errors import UserError, report_error
from genre.extras import not_installed
from genre.paths import program
from genre.sweep.job import Job, JobMaker
from genre.sweep.record import SweepFolder
from genre.sweep.task import Task

log = logging.getLogger(__name__)

_EXTRAS = {"hydra_submitit_launcher": "slurm"}


class GenreSweeper(Sweeper):
    """Runs jobs in a folder of their own that no other start works in, and ends with a table of all of them.

    Args:
        params: settings and their values, as on the command line, which goes before.
        dry_run: whether to tell what would be run, and to run nothing.

    Attributes:
        metric: of validation films, which ranks the jobs in their table.
    """

    metric = "val/jaccard"
    hydra_context: HydraContext
    task_function: TaskFunction
    config: DictConfig

    def __init__(self, params: Mapping[str, object], dry_run: bool) -> None:
        self.params = [f"{key}={value}" for key, value in params.items()]
        self.dry_run = dry_run

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def sweep(self, arguments: list[str]) -> None:
        """Run the sweep.

        Raises:
            UserError: before the first job, when one cannot be or the sweep was begun with other settings or data.
            SystemExit: when a job failed; 1 or 2 as for a single run.
        """
        folder = self._open_folder(arguments)
        overrides, maker = self._parsed(arguments), JobMaker(self.hydra_context, self.config)
        if self.dry_run:
            self.tell(overrides, maker, folder)
            return
        with folder.held():
            launcher = self._launcher(folder)
            jobs: list[Job] = []
            try:
                self.run(overrides, maker, folder, launcher, jobs)
            except ValueError as error:  # which the entry point would take for one of the configuration
                sys.exit(report_error(error)["exit_code"])
            finally:
                if jobs:
                    folder.write(jobs)
                    self._print(jobs, folder, arguments)
        exit_if_failed(jobs)

    @property
    def identity(self) -> list[str]:
        """What makes a sweep another one besides its overrides."""
        return []

    @abstractmethod
    def run(
        self, overrides: Sequence[Override], maker: JobMaker, folder: SweepFolder, launcher: Launcher, jobs: list[Job]
    ) -> None:
        """Make jobs of the overrides, put them into `jobs` and launch those that are not finished."""

    @abstractmethod
    def tell(self, overrides: Sequence[Override], maker: JobMaker, folder: SweepFolder) -> None:
        """Print what `run` would do, with its checks, and write nothing."""

    def _print(self, jobs: Sequence[Job], folder: SweepFolder, arguments: Sequence[str]) -> None:
        from genre.sweep.table import print_jobs  # seconds

        typed = " ".join([program(self.config.hydra.job.config_name), "-m", *map(shlex.quote, arguments)])
        plots = self.config.report.plots
        print_jobs(jobs, folder.path, self.metric, typed, plots=plots, overwrite=self.config.overwrite)

    def _parsed(self, arguments: list[str]) -> list[Override]:
        """The overrides, those of `params` first; of two with one key the later counts."""
        parser = OverridesParser.create(config_loader=self.hydra_context.config_loader)
        by_key = {item.get_key_element(): item for item in parser.parse_overrides([*self.params, *arguments])}
        return list(by_key.values())

    def _open_folder(self, arguments: list[str]) -> SweepFolder:
        """The sweep's folder; launcher and jobs are told of it as Hydra's `sweep.dir`, and of its name for trackers."""
        # seconds, once it is sure that there is a sweep
        from genre.runs import essential_overrides, folder_name
        from genre.tracking import GROUP_VARIABLE, group_name

        content = [*sorted(essential_overrides([*self.params, *arguments])), *self.identity]
        path = Path(self.config.hydra.sweep.dir) / folder_name(arguments, content)
        folder = SweepFolder(path, group_name(essential_overrides(arguments)))
        in_group = f"++hydra.job.env_set.{GROUP_VARIABLE}={quoted(folder.typed)}"
        with read_write(self.config), open_dict(self.config):
            self.config.hydra.sweep.dir = str(folder.path)
            self.config.hydra.overrides.hydra.append(in_group)  # which every job's settings are composed with
        return folder

    def _launcher(self, folder: SweepFolder) -> Launcher:
        """The launcher of the group `hydra/launcher`.

        Raises:
            UserError: when its plugin is not installed.
        """
        package = self.config.hydra.launcher._target_.split(".")[1]
        extra = _EXTRAS.get(package)
        if extra and not (find_spec("hydra_plugins") and find_spec(f"hydra_plugins.{package}")):
            chosen = self.config.hydra.runtime.choices["hydra/launcher"]
            raise UserError(not_installed(extra, f"hydra/launcher={chosen}", package))
        task = Task(self.task_function, folder.stop_file, self.config.on_failure == "stop")
        return Plugins.instance().instantiate_launcher(self.hydra_context, task, self.config)


def launch(launcher: Launcher, folder: SweepFolder, jobs: Sequence[Job]) -> None:
    """Run jobs and put into each how it ended."""
    if not jobs:
        return
    in_folder = f"hydra.sweep.dir={quoted(str(folder.path))}"  # the jobs' own overrides would name another one
    results = launcher.launch([[*job.overrides, in_folder] for job in jobs], initial_job_idx=jobs[0].number)
    for job, result in zip(jobs, results, strict=True):
        job.outcome = result.return_value
        job.note_death()


def tell_finished(folder: SweepFolder, jobs: Sequence[Job]) -> None:
    """Let the tracker know the jobs that were finished before, as it will know those that come.

    Raises:
        UserError: when a server is wanted for it and cannot be reached.
    """
    from genre.report.seeds import write_seed_summary
    from genre.tracking import GROUP_VARIABLE, record_finished
    from genre.training import each_seed

    with env_override({GROUP_VARIABLE: folder.typed}):
        for job in (job for job in jobs if job.finished):
            for run, cfg in zip(job.runs, each_seed(job.cfg), strict=True):
                record_finished(run, cfg)
            if len(job.runs) > 1:
                write_seed_summary(job.runs, job.cfg)


def exit_if_failed(jobs: Sequence[Job]) -> None:
    """Exit as a single run would that ends as the worst of the jobs.

    Raises:
        SystemExit: unless all are finished; 2 when a person can mend every failure, else 1.
    """
    if not all(job.finished for job in jobs):
        sys.exit(1 if any(job.outcome and job.outcome["exit_code"] == 1 for job in jobs) else 2)
