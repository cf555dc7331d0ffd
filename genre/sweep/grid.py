"""Every combination of the values on the command line."""

import itertools
import logging
from collections.abc import Sequence
from pathlib import Path

from hydra.core.override_parser.types import Override
from hydra.plugins.launcher import Launcher

from genre.errors import UserError
from genre.sweep.job import Job, JobMaker, varied
from genre.sweep.record import SweepFolder
from genre.sweep.sweeper import GenreSweeper, launch, tell_finished

log = logging.getLogger(__name__)


class GridSweeper(GenreSweeper):
    """Runs the jobs of a grid that are not finished yet."""

    def run(
        self, overrides: Sequence[Override], maker: JobMaker, folder: SweepFolder, launcher: Launcher, jobs: list[Job]
    ) -> None:
        """Check every job before the first is launched.

        Raises:
            UserError: when a job cannot be, or the sweep was begun with other settings or data.
        """
        made = _made(overrides, maker)
        if self.config.overwrite:
            for run in (run for job in made for run in job.runs):
                run.discard()  # now: a job that does not begin must not pass for done
        else:
            folder.refuse_changes(made)
        jobs += made
        folder.write(jobs)
        waiting = [job for job in jobs if not job.finished]
        log.info("%d jobs, %d of them finished before: %s", len(jobs), len(jobs) - len(waiting), folder.path)
        tell_finished(folder, made)
        launch(launcher, folder, waiting)

    def tell(self, overrides: Sequence[Override], maker: JobMaker, folder: SweepFolder) -> None:
        """See `GenreSweeper`."""
        from genre.sweep.plan import print_plan  # seconds

        made = _made(overrides, maker)
        if not self.config.overwrite:
            folder.refuse_changes(made)
        print_plan(made, Path(self.config.paths.outputs), overwrite=self.config.overwrite)


def _made(overrides: Sequence[Override], maker: JobMaker) -> list[Job]:
    """The jobs of a grid, each checked."""
    cells = grid(overrides)
    if not cells:
        raise UserError("-m: there is no job: a glob(...) matches none of the names in conf/GROUP")
    return [maker.job(number, *cell) for number, cell in enumerate(zip(cells, varied(cells), strict=True))]


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
