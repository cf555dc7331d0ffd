"""What a comparison knows, before it is shown as tables, plots or a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genre.config.explain import suggestion
from genre.errors import UserError
from genre.metrics import SIGNIFICANT
from genre.report.compare.differences import Difference, differences
from genre.report.compare.folders import LeftOut, find_runs
from genre.report.compare.runs import ComparedRun, labels, ranked_by, read_runs


@dataclass(frozen=True)
class Comparison:
    """Runs beside each other.

    Attributes:
        metric: such as `test/jaccard`.
        runs: best first by `ranked_by`.
        labels: short names of the runs, in their order.
        left_out: what has no numbers.
        baseline: one of the runs, or None.
        differences: from the baseline, by the name of the run; runs on other films have none.
        runner_up: the best run that differs from the first one in more than its seed, if there is one.
        lead: of the first run over it; None where they were asked about other films.
    """

    metric: str
    runs: list[ComparedRun]
    labels: list[str]
    left_out: list[LeftOut]
    baseline: ComparedRun | None
    differences: dict[str, Difference]
    runner_up: ComparedRun | None
    lead: Difference | None

    @property
    def ranked_by(self) -> str:
        """The metric by which the runs are ranked."""
        return ranked_by(self.metric)

    @property
    def metric_name(self) -> str:
        """`jaccard` for `test/jaccard`: the test films go without saying."""
        return self.metric.removeprefix("test/")

    def value(self, run: ComparedRun) -> float:
        """The metric of a run."""
        return run.scores.metrics[self.metric]

    def ranking(self, run: ComparedRun) -> float:
        """What ranks a run."""
        return run.scores.metrics[self.ranked_by]

    def interval(self, run: ComparedRun) -> tuple[float, float] | None:
        """The 95 % interval of the metric of a run, where it has one."""
        return run.scores.intervals.get(self.metric)

    def verdict(self, run: ComparedRun) -> str:
        """What the paired test says of a run in a word or two; nothing without a baseline."""
        if self.baseline is None:
            return ""
        if run is self.baseline:
            return "baseline"
        if run.scores.name not in self.differences:
            return "other films"
        tested = self.differences[run.scores.name].metric
        if tested is None:
            return "no test"
        return "yes" if tested.p[0] < SIGNIFICANT else "no"


def read_comparison(items: Sequence[str], metric: str, baseline: str | None, resamples: int) -> Comparison:
    """Read the runs that `items` name, and test them against one of them.

    Args:
        items: run folders, sweep folders, folders of runs or globs.
        metric: a key of metrics.json.
        baseline: the folder, its name or the short name of a run; None: no test.
        resamples: of the films, for the test.

    Raises:
        UserError: when nothing can be compared, the metric is unknown, or the baseline is none of the runs.
    """
    folders, unfinished = find_runs(items)
    runs, lacking = read_runs(folders, metric)
    chosen = _baseline(baseline, runs) if baseline is not None else None
    found = differences(runs, chosen, metric, resamples) if chosen else {}
    best = runs[0]
    second = next((run for run in runs if run.settings != best.settings), None)
    lead = differences([best, second], second, metric, resamples).get(best.scores.name) if second else None
    return Comparison(metric, runs, labels(runs), [*unfinished, *lacking], chosen, found, second, lead)


def _baseline(wanted: str, runs: Sequence[ComparedRun]) -> ComparedRun:
    path = Path(wanted).expanduser().resolve()
    named = [
        run for run in runs if run.folder.path.resolve() == path or wanted in (run.folder.path.name, run.scores.name)
    ]
    if not named:
        names = [run.folder.path.name for run in runs]
        raise UserError(f"against={wanted}: is none of the finished runs compared; {suggestion(path.name, names)}")
    if len(named) > 1:
        raise UserError(f"against={wanted}: {len(named)} of the runs are named so; give the path of one")
    return named[0]
