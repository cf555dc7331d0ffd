"""Precision against recall over all thresholds."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from genre.report.document import MOST_SHOWN
from genre.report.figures import BLUE, ORANGE, QUIET, blank, finish, panel_title
from genre.report.run.curves import curve
from genre.runs.predictions import PartPredictions
from genre.runs.scores import Scores

_COLUMNS = 5


def precision_recall(scores: Scores, test: PartPredictions, genres: Sequence[str]) -> Figure:
    """A small plot for all cells together and one for each of the most frequent genres, these first.

    Its title gives the average precision. The dot is what the run's label sets reach; it lies off the curve as far as
    the at-least-one rule, or unequal thresholds, make them other sets than one threshold does.

    Args:
        scores: of the run.
        test: its test films.
        genres: names of the L columns of `test`.
    """
    metrics, per_genre = scores.metrics, scores.per_genre.head(MOST_SHOWN)
    plots = len(per_genre) + 1
    columns = min(_COLUMNS, plots)
    rows = -(-plots // columns)
    figure = blank(
        f"Average precision {metrics['test/map_micro']:.2f} over all cells, "
        f"{metrics['test/mean_average_precision']:.2f} as the mean of genres",
        height=1.2 + 1.3 * rows,
    )
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat
    probabilities, targets = test.probabilities.numpy(), test.targets.numpy()
    dot = metrics["test/recall_micro"], metrics["test/precision_micro"]
    _draw(panels[0], "All cells", metrics["test/map_micro"], targets.ravel(), probabilities.ravel(), dot)
    for axes, (_, row) in zip(panels[1:plots], per_genre.iterrows(), strict=True):
        column = genres.index(row["genre"])
        dot = row["recall"], row["precision"]
        _draw(axes, row["genre"], row["average_precision"], targets[:, column], probabilities[:, column], dot)
    for axes in panels[plots:]:  # what is left over in the last row
        axes.set_visible(False)
    for axes in panels[plots - columns : plots]:
        axes.tick_params(axis="x", labelbottom=True)
        first, *_, last = axes.get_xticklabels()
        first.set_horizontalalignment("left")  # or it would touch the last one of the plot before
        last.set_horizontalalignment("right")
    figure.supxlabel("recall (dots: the run's label sets)", fontsize="medium")
    figure.supylabel("precision", fontsize="medium")
    return figure


def _draw(
    axes: Axes,
    name: str,
    average: float,
    targets: npt.NDArray[np.int32],
    probabilities: npt.NDArray[np.float32],
    dot: tuple[float, float],
) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1.05), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    axes.set_xticklabels(["0", ".5", "1"])
    axes.set_yticklabels(["0", ".5", "1"])
    finish(axes, grid="both")
    if not targets.any():
        panel_title(axes, name, loc="left")
        axes.text(0.5, 0.5, "no test film", ha="center", va="center", color=QUIET)
        return
    panel_title(axes, f"{name} {average:.2f}", loc="left")
    axes.plot(*curve(targets, probabilities), color=BLUE, drawstyle="steps-post")
    axes.plot(*dot, marker="o", color=ORANGE, clip_on=False)
