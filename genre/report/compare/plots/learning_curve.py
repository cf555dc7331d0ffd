"""What more training films bring."""

from collections.abc import Iterator

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from genre.metrics.significance import Floats
from genre.report.compare.comparison import Comparison
from genre.report.compare.power_law import ENOUGH, fit_power_law, predict
from genre.report.compare.runs import ComparedRun, alike, differing_settings, label_part, short_names
from genre.report.figures import finish, legend_above, single

_MARKERS = "osD^vP"
_LINES = len(_MARKERS)  # curves that can be told apart


def learning_curve(comparison: Comparison) -> Figure | None:
    """Metric against training films on a logarithmic axis: a point with its interval for each run; None without curves.

    Runs that are alike but for seed and size are one curve. From `ENOUGH` sizes on a power law is fitted and followed
    to twice the largest size.
    """
    curves = list(_curves(comparison))
    if not curves:
        return None
    left = f" (the best {_LINES} of {len(curves)} curves)" if len(curves) > _LINES else ""
    figure, axes = single("", height=4.2)
    told = []
    for (label, runs), marker, colour in zip(curves, _MARKERS, sns.color_palette("colorblind"), strict=False):
        found = _draw(axes, comparison, runs, label, marker, colour)
        told += [f"{label}: {found}" if label and found else found]
    findings = [text for text in told if text]
    if len(findings) == 1:
        title = f"Twice the data: {comparison.metric_name} {findings[0]}"
    elif findings:
        title = f"Twice the data: {comparison.metric_name}\n" + "\n".join(findings)
    else:
        title = f"{comparison.metric_name} by training films; fewer than {ENOUGH} sizes, so no curve is fitted"
    figure.set_label(title + left)
    note = " (line: power law, dashed where continued)" if findings else ""
    axes.set(xscale="log", xlabel=f"training films{note}", ylabel=f"{comparison.metric_name} and 95 % interval")
    sizes = sorted({run.training_films for run in comparison.runs})
    axes.set_xticks(_apart(sizes))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    if len(curves) > 1:
        legend_above(axes, columns=2)
    finish(axes, grid="both")
    return figure


def _curves(comparison: Comparison) -> Iterator[tuple[str, list[ComparedRun]]]:
    """Runs alike but for seed and size, under what tells them from the others; only where sizes differ."""
    groups = [runs for runs in alike(comparison.runs, "data.size") if len({run.training_films for run in runs}) > 1]
    told = [name for name in differing_settings([run for runs in groups for run in runs]) if name != "data.size"]
    heads = short_names(told)
    for runs in groups:
        own = runs[0].settings
        yield ", ".join(label_part(name, heads[name], own[name]) for name in told if name in own), runs


def _draw(
    axes: Axes,
    comparison: Comparison,
    runs: list[ComparedRun],
    label: str,
    marker: str,
    colour: tuple[float, float, float],
) -> str:
    """One curve; returns what it promises for twice the data, nothing where no law can be fitted."""
    films = np.array([float(run.training_films) for run in runs])
    scores = np.array([comparison.value(run) for run in runs])
    ends: Floats = np.array([comparison.interval(run) or (comparison.value(run),) * 2 for run in runs])
    low, high = ends.T
    # a percentile interval need not hold the point
    errors = np.maximum(0, (scores - low, high - scores))
    axes.errorbar(films, scores, yerr=errors, fmt=marker, color=colour, capsize=3, label=label or "runs")
    if len(set(films)) < ENOUGH or scores.max() > 1 or scores.min() < 0:
        return ""
    largest = films.max()
    at = np.geomspace(films.min(), 2 * largest, 60)
    line, below, above = predict(films, scores, high - low, at)
    seen = at <= largest
    axes.plot(at[seen], line[seen], color=colour, linewidth=1.5)
    axes.plot(at[~seen], line[~seen], color=colour, linewidth=1.5, linestyle="--")
    axes.fill_between(at, below, above, color=colour, alpha=0.15, linewidth=0)
    reached = fit_power_law(films, scores, high - low)(np.array([largest]))[0]
    held = low[films == largest].min() <= reached <= high[films == largest].max()
    doubt = "" if held else ", but the power law misses the last points"
    return f"{line[-1]:.2f} ({below[-1]:.2f}–{above[-1]:.2f}){doubt}"


def _apart(sizes: list[int]) -> list[int]:
    """Sizes whose labels do not touch on a logarithmic axis."""
    chosen: list[int] = []
    for size in sizes:
        if not chosen or size >= 1.6 * chosen[-1]:
            chosen.append(size)
    return chosen
