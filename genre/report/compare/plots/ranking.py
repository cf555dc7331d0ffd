"""All runs in one column, with their intervals."""

import numpy as np
from matplotlib.figure import Figure

from genre.report.compare.comparison import Comparison
from genre.report.figures import BLUE, ORANGE, finish, single

MOST = 30  # rows of a plot that can be read


def shown(comparison: Comparison) -> tuple[int, str]:
    """How many of the best runs a plot shows, and what its title says of the others."""
    runs = len(comparison.runs)
    return (runs, "") if runs <= MOST else (MOST, f" (the best {MOST} of {runs})")


def ranking(comparison: Comparison) -> Figure:
    """A row for each run, best on top: the metric and its 95 % interval, the baseline as a line."""
    count, note = shown(comparison)
    runs = comparison.runs[:count]
    figure, axes = single(
        f"{comparison.metric_name} {comparison.value(runs[0]):.3f}: {comparison.labels[0]}{note}",
        height=1.1 + 0.3 * count,
    )
    for place, run in enumerate(runs):
        value = comparison.value(run)
        colour = ORANGE if run is comparison.baseline else BLUE
        low, high = comparison.interval(run) or (value, value)
        axes.hlines(place, low, high, color=colour, linewidth=2)
        axes.plot(value, place, marker="o", color=colour)
        star = " *" if comparison.verdict(run) == "yes" else ""
        beside = axes.get_yaxis_transform()  # to the right of the plot, where no line crosses a number
        axes.annotate(f"{value:.3f}{star}", (1, place), (6, 0), beside, textcoords="offset points", va="center")
    if comparison.baseline:
        axes.axvline(comparison.value(comparison.baseline), color=ORANGE, linestyle="--", linewidth=1)
    axes.set_yticks(np.arange(count), comparison.labels[:count])
    axes.set_ylim(count - 0.5, -0.5)
    tested = "; dashed: the baseline; *: differs from it significantly" if comparison.baseline else ""
    figure.supxlabel(f"{comparison.metric_name}, 95 % interval{tested}", fontsize="medium")
    finish(axes, grid="x")
    return figure
