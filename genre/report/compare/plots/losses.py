"""Which loss reaches what."""

from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure

from genre.metrics.names import lower_is_better
from genre.report.compare.comparison import Comparison
from genre.report.compare.runs import ComparedRun, alike, group_names, setting_text
from genre.report.figures import BLUE, INK, PAPER, finish, legend_above, single

_TARGET = "loss._target_"


def loss_pictures(comparison: Comparison) -> Iterator[tuple[str, Figure]]:
    """For each group of runs that differ in their losses and seeds alone: its name and its picture."""
    groups = [runs for runs in alike(comparison.runs, "loss.") if len({run.settings.get(_TARGET) for run in runs}) > 1]
    for name, runs in zip(group_names(groups), groups, strict=True):
        yield name, _by_loss(comparison, runs)


def _by_loss(comparison: Comparison, runs: list[ComparedRun]) -> Figure:
    """A row for each loss, best mean on top: its runs as points and their mean as a mark."""
    values: dict[str, list[float]] = {}
    for run in runs:
        values.setdefault(setting_text(_TARGET, run.settings[_TARGET]), []).append(comparison.value(run))
    sign = 1 if lower_is_better(comparison.metric) else -1
    losses = sorted(values, key=lambda loss: (sign * np.mean(values[loss]), loss))
    best = losses[0]
    figure, axes = single(
        f"{best}: {comparison.metric_name} {np.mean(values[best]):.3f} on average, "
        f"{losses[-1]}: {np.mean(values[losses[-1]]):.3f}",
        height=1.5 + 0.4 * len(losses),
    )
    for place, loss in enumerate(losses):
        own = values[loss]
        axes.plot(own, [place] * len(own), "o", color=BLUE, markeredgecolor=PAPER, zorder=3)
        axes.plot(np.mean(own), place, "|", color=INK, markersize=24, markeredgewidth=2)
    axes.lines[0].set_label("a run")
    axes.lines[1].set_label("mean of the loss's runs")
    axes.set_yticks(range(len(losses)), [f"{loss} ({len(values[loss])})" for loss in losses])
    axes.set_ylim(len(losses) - 0.5, -0.5)
    axes.set(xlabel=comparison.metric_name, ylabel="loss (runs)")
    legend_above(axes, columns=2)
    finish(axes, grid="x")
    return figure
