"""How runs got there: a validation metric by epoch."""

from collections.abc import Sequence

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from genre.metrics.names import lower_is_better
from genre.report.figures import INK, LINE, finish, legend_above, single, whole_numbers

_COLOURED = 6  # lines that can be told apart
_MARKERS = "osD^vP"

Curve = tuple[str, pd.Series]


def validation_curves(curves: Sequence[Curve], metric: str, baseline: str | None = None) -> Figure | None:
    """A line for each run, the first ones and the baseline in colour; None where no history knows the metric.

    Args:
        curves: label and history of each run, best first.
        metric: of validation films.
        baseline: label of one of them.
    """
    drawn = [(label, values) for label, values in curves if not values.empty]
    if not drawn:
        return None
    pick = pd.Series.min if lower_is_better(metric) else pd.Series.max
    label, values = (min if lower_is_better(metric) else max)(drawn, key=lambda one: pick(one[1]))
    epoch = values.index[values == pick(values)][0]
    finding = f"{metric} {pick(values):.3f} in epoch {epoch}: {label}"
    told = [one for one in drawn if one[0] != baseline][:_COLOURED]
    others = [one for one in drawn if one[0] not in (baseline, *(label for label, _ in told))]
    columns = 1 if max(len(label) for label, _ in drawn) > 30 else 2
    figure, axes = single(finding, height=3.6 + 0.2 * (len(told) + 2) / columns)
    for _, values in others:
        axes.plot(values.index, values, color=LINE, linewidth=1, marker=".", zorder=1)
    if others:
        axes.lines[0].set_label(f"other runs ({len(others)})")
    for (label, values), colour, marker in zip(told, sns.color_palette("colorblind"), _MARKERS, strict=False):
        axes.plot(values.index, values, color=colour, marker=marker, markersize=5, label=label, zorder=2)
    for label, values in drawn:
        if label == baseline:
            axes.plot(values.index, values, "x--", color=INK, label=f"{label} (baseline)", zorder=3)
    axes.set(xlabel="epoch", ylabel=metric)
    whole_numbers(axes.xaxis)
    legend_above(axes, columns=columns)
    finish(axes, grid="y")
    return figure
