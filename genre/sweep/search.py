"""Settings that a search chooses, each trial in the light of those before."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median

from hydra.core.override_parser.types import Override
from hydra.plugins.launcher import Launcher

from genre.errors import UserError
from genre.extras import extra
from genre.sweep.job import Job, JobMaker
from genre.sweep.record import SweepFolder
from genre.sweep.sweeper import GenreSweeper, launch, tell_finished

log = logging.getLogger(__name__)

PRUNED_BY = "val/jaccard"  # what a run knows after each epoch
_STARTUP = 5  # trials before any is measured against their median


class SearchSweeper(GenreSweeper):
    """Tries settings until there are enough trials; started again it goes on, and repeats what failed.

    A trial whose validation Jaccard after an epoch lies below the median of the trials before after the same epoch is
    stopped there, as in Golovin et al., "Google Vizier" (2017), section 3.2; its score still counts.

    Args:
        params: settings and their values, as on the command line, which goes before.
        dry_run: see `GenreSweeper`.
        trials: in all.
        at_once: trials that are chosen together, and run together if the launcher can.
        metric: of validation films, the mean over the seeds of a trial; what is best is decided by it.
        maximize: whether a higher metric is better.
        prune: whether hopeless trials are stopped.
        seed: of the search.

    Raises:
        UserError: for values that make no sense.
    """

    def __init__(
        self,
        params: Mapping[str, object],
        dry_run: bool,
        trials: int,
        at_once: int,
        metric: str,
        maximize: bool,
        prune: bool,
        seed: int,
    ) -> None:
        super().__init__(params, dry_run)
        for name, value in (("trials", trials), ("at_once", at_once)):
            if value < 1:
                raise UserError(f"hydra.sweeper.{name}={value}: must be at least 1")
        if not metric.startswith("val/"):
            raise UserError(f"hydra.sweeper.metric={metric}: must be of the validation films, such as val/jaccard")
        self.metric = metric
        self.trials, self.at_once, self.maximize, self.prune, self.seed = trials, at_once, maximize, prune, seed

    @property
    def identity(self) -> list[str]:
        """See `GenreSweeper`: trials that were scored otherwise cannot be learnt from."""
        settings = {"metric": self.metric, "maximize": self.maximize, "prune": self.prune, "seed": self.seed}
        return [*(f"search.{name}={value}" for name, value in settings.items()), f"seeds={self.config.seeds}"]

    def run(
        self, overrides: Sequence[Override], maker: JobMaker, folder: SweepFolder, launcher: Launcher, jobs: list[Job]
    ) -> None:
        """Search; the extremes of what can be chosen are checked before the first trial.

        Raises:
            UserError: when a job cannot be, or the search was begun with other settings or data.
        """
        # Optuna takes a second to import
        with extra("optuna", "hydra/sweeper=optuna"):
            from genre.sweep.trials import Trial, Trials, extremes, search_space
        from genre.sweep.best import write_best

        self._check()
        space = search_space(overrides)
        fixed = [str(item.input_line) for item in overrides if not item.is_sweep_override()]

        def job_of(trial: Trial) -> Job:
            own = [
                f"{key}={value:.4g}" if isinstance(value, float) else f"{key}={value}"
                for key, value in trial.values.items()
            ]
            bounds = [f"trainer.stop_below={trial.bounds}"] if trial.bounds else []
            return maker.job(trial.number, [*fixed, *own, *bounds], own)

        for values in extremes(space):
            job_of(Trial(0, values, []))
        trials = Trials(folder.path / "study.sqlite", space, maximize=self.maximize, seed=self.seed)
        before = [job_of(trial) for trial in trials.known()]
        folder.refuse_changes(before, growing=True)
        jobs += before
        log.info("%d trials, %d of them finished before: %s", self.trials, sum(j.finished for j in jobs), folder.path)
        tell_finished(folder, jobs)
        turn = [job for job in jobs if not job.finished]
        while turn or len(jobs) < self.trials:
            for _ in range(min(self.at_once - len(turn), self.trials - len(jobs))):
                jobs.append(job_of(trials.ask(self._bounds(jobs))))
                turn.append(jobs[-1])
            folder.write(jobs)
            launch(launcher, folder, [job for job in turn if not job.finished])
            for job in jobs:
                if job.finished:
                    trials.tell(job.number, self._score(job))
            if folder.stop_file.exists():
                break
            turn = []
        write_best(folder.path, jobs, self._score, trials, self.metric, maximize=self.maximize)

    def tell(self, overrides: Sequence[Override], maker: JobMaker, folder: SweepFolder) -> None:
        """See `GenreSweeper`; which settings a search will try nobody knows, so it is its extremes that are told."""
        with extra("optuna", "hydra/sweeper=optuna"):
            from genre.sweep.trials import extremes, search_space
        from genre.sweep.plan import print_search_plan

        self._check()
        fixed = [str(item.input_line) for item in overrides if not item.is_sweep_override()]
        jobs = []
        for number, values in enumerate(extremes(search_space(overrides))):
            own = [f"{key}={value}" for key, value in values.items()]
            jobs.append(maker.job(number, [*fixed, *own], own))
        print_search_plan(jobs, Path(self.config.paths.outputs), self.trials, folder.finished)

    def _check(self) -> None:
        from genre.config.explain import suggestion
        from genre.metrics import film_metric_names

        if self.config.overwrite:
            raise UserError("overwrite=true: a search has learnt from its trials; delete its folder to begin afresh")
        known = [f"val/{name}" for name in film_metric_names()]
        if self.metric not in known:
            raise UserError(f"hydra.sweeper.metric={self.metric}: no such metric; {suggestion(self.metric, known)}")

    def _score(self, job: Job) -> float:
        """The mean of the metric over the seeds."""
        return mean(run.metrics()[self.metric] for run in job.runs)

    def _bounds(self, jobs: Sequence[Job]) -> list[float]:
        """The median of the finished trials after each epoch that at least five of them have."""
        from genre.runs.history import read_history  # seconds

        trials = [[read_history(run, PRUNED_BY) for run in job.runs] for job in jobs if job.finished]
        bounds: list[float] = []
        while self.prune:
            epoch = len(bounds) + 1
            # of each trial the mean over those seeds that got so far
            values = [[float(history[epoch]) for history in runs if epoch in history] for runs in trials]
            reached = [mean(of_seeds) for of_seeds in values if of_seeds]
            if len(reached) < _STARTUP:
                break
            bounds.append(round(median(reached), 4))
        return bounds
