"""How the runs got there: validation metrics by epoch."""

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from genre.metrics.names import lower_is_better
from genre.report.compare.comparison import Comparison
from genre.report.figures import LINE, finish, legend_above, single, whole_numbers
from genre.runs.records import read_history

_COLOURED = 6  # lines that can be told apart
_MARKERS = "osD^vP"


def validation_curves(comparison: Comparison) -> Figure | None:
    """A line for each run, the best ones in colour; None where no history knows the metric."""
    metric = f"val/{comparison.metric.partition('/')[2]}"
    named = zip(comparison.labels, comparison.runs, strict=True)
    histories = [(label, read_history(run.folder, metric)) for label, run in named]
    drawn = [(label, values) for label, values in histories if not values.empty]
    if not drawn:
        return None
    pick = pd.Series.min if lower_is_better(metric) else pd.Series.max
    label, values = (min if lower_is_better(metric) else max)(drawn, key=lambda one: pick(one[1]))
    epoch = values.index[values == pick(values)][0]
    figure, axes = single(f"{metric} {pick(values):.3f} in epoch {epoch}: {label}", height=4.2)
    for _, values in drawn[_COLOURED:]:
        axes.plot(values.index, values, color=LINE, linewidth=1, marker=".", zorder=1)
    for (label, values), colour, marker in zip(drawn, sns.color_palette("colorblind"), _MARKERS, strict=False):
        axes.plot(values.index, values, color=colour, marker=marker, markersize=5, label=label, zorder=2)
    if len(drawn) > _COLOURED:
        axes.lines[0].set_label(f"other runs ({len(drawn) - _COLOURED})")
    axes.set(xlabel="epoch", ylabel=metric)
    whole_numbers(axes.xaxis)
    legend_above(axes, columns=1 if max(len(label) for label, _ in drawn[:_COLOURED]) > 30 else 2)
    finish(axes, grid="y")
    return figure
