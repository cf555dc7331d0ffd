"""Which loss reaches what."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from genre.metrics.names import lower_is_better
from genre.report.compare.comparison import Comparison
from genre.report.compare.plots.ranking import MOST
from genre.report.compare.runs import (
    ComparedRun,
    alike,
    differing_settings,
    group_names,
    label_part,
    setting_text,
    short_names,
)
from genre.report.figures import BLUE, INK, PAPER, finish, legend_above, single

_TARGET = "loss._target_"


class _Row(NamedTuple):
    """Runs of one loss with the same values, which differ in their seeds alone."""

    name: str
    values: list[float]
    ranking: float

    @property
    def mean(self) -> float:
        return float(np.mean(self.values))


def loss_pictures(comparison: Comparison) -> Iterator[tuple[str, Figure]]:
    """For each group of runs that differ in their losses and seeds alone: its name and its picture."""
    groups = [runs for runs in alike(comparison.runs, "loss.") if len({run.settings.get(_TARGET) for run in runs}) > 1]
    for name, runs in zip(group_names(groups), groups, strict=True):
        yield name, _by_loss(comparison, _rows(comparison, runs))


def _rows(comparison: Comparison, runs: list[ComparedRun]) -> list[_Row]:
    """Best first, by what ranks runs."""
    rows = []
    for loss in dict.fromkeys(run.settings[_TARGET] for run in runs):
        own = [run for run in runs if run.settings[_TARGET] == loss]
        heads = short_names(differing_settings(own))
        for same in alike(own, ()):
            told = [label_part(name, head, same[0].settings[name]) for name, head in heads.items()]
            name = ", ".join([setting_text(_TARGET, loss), *told])
            ranking = float(np.mean([comparison.ranking(run) for run in same]))
            rows.append(_Row(name, [comparison.value(run) for run in same], ranking))
    sign = 1 if lower_is_better(comparison.metric) else -1
    return sorted(rows, key=lambda row: (sign * row.ranking, row.name))


def _by_loss(comparison: Comparison, rows: list[_Row]) -> Figure:
    """A row for each loss and its values, best mean of validation on top: its runs as points, their mean as a mark."""
    left = f" (the best {MOST} of {len(rows)})" if len(rows) > MOST else ""
    best, last = rows[0], rows[-1]
    average = " on average" if len(best.values) > 1 else ""
    figure, axes = single(
        f"Best by {comparison.ranked_by}: {best.name}, {comparison.metric_name} {best.mean:.3f}{average}; "
        f"last: {last.name}, {last.mean:.3f}{left}",
        height=1.5 + 0.4 * len(rows[:MOST]),
    )
    for place, row in enumerate(rows[:MOST]):
        axes.plot(row.values, [place] * len(row.values), "o", color=BLUE, markeredgecolor=PAPER, zorder=3)
        axes.plot(row.mean, place, "|", color=INK, markersize=24, markeredgewidth=2)
    axes.lines[0].set_label("a run")
    axes.lines[1].set_label("mean of the runs")
    axes.set_yticks(range(len(rows[:MOST])), [f"{row.name} ({len(row.values)})" for row in rows[:MOST]])
    axes.set_ylim(len(rows[:MOST]) - 0.5, -0.5)
    axes.set(xlabel=comparison.metric_name, ylabel="loss (runs)")
    legend_above(axes, columns=2)
    finish(axes, grid="x")
    return figure
