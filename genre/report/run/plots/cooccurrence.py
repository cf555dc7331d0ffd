"""Which genres come together, in truth and in what the run predicts."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from torch import Tensor

from genre.report.figures import blank
from genre.report.heatmap import heat_map
from genre.runs.predictions import PartPredictions

_ENOUGH = 20  # films of a genre, true and predicted, before the title names it


def conditional(labels: Tensor) -> npt.NDArray[np.float64]:
    """Of the films with the row's label, the share that has the column's too (L, L).

    The diagonal and rows of labels that no film has are missing values.

    Args:
        labels: 0/1 (B, L).
    """
    wide = labels.double().numpy()
    together = wide.T @ wide  # (L, L)
    films = np.diag(together)[:, None]
    shares: npt.NDArray[np.float64] = np.divide(together, films, out=np.full_like(together, np.nan), where=films > 0)
    np.fill_diagonal(shares, np.nan)
    return shares


def cooccurrence(test: PartPredictions, genres: Sequence[str], order: Sequence[str]) -> Figure:
    """Two heat maps side by side.

    Args:
        test: test films.
        genres: names of its L columns.
        order: those of them that are shown, as rows and columns.
    """
    true, predicted = conditional(test.targets), conditional(test.predicted)
    figure = blank(_finding(true, predicted, test, genres), height=2.4 + 0.14 * len(order))
    panels = figure.subplots(1, 2, sharey=True)
    places = [genres.index(genre) for genre in order]
    for axes, shares, title in zip(panels, (true, predicted), ("true", "predicted"), strict=True):
        shown = pd.DataFrame(100 * shares[np.ix_(places, places)], index=list(order), columns=list(order))
        scale = heat_map(axes, shown, norm=PowerNorm(0.5, 0, 100), square=True)  # most pairs are rare
        axes.set_title(title)
        axes.tick_params(axis="x", rotation=90)
    figure.colorbar(
        scale,
        ax=panels,
        location="bottom",
        shrink=0.6,
        aspect=40,
        ticks=(0, 5, 20, 40, 60, 80, 100),
        label="% of the row's films that have the column's genre",
    )
    return figure


def _finding(
    true: npt.NDArray[np.float64], predicted: npt.NDArray[np.float64], test: PartPredictions, genres: Sequence[str]
) -> str:
    """The pair of genres whose share is furthest from the truth, among rows with enough films."""
    enough = ((test.targets.sum(dim=0) >= _ENOUGH) & (test.predicted.sum(dim=0) >= _ENOUGH)).numpy()  # (L,)
    off = np.where(enough[:, None], np.nan_to_num(np.abs(predicted - true)), 0)
    if not off.any():
        return "Genres together: % of the row's films with the column's genre"
    row, column = divmod(int(off.argmax()), len(genres))
    return (
        f"{genres[column]} in {100 * true[row, column]:.0f} % of the {genres[row]} films, "
        f"predicted in {100 * predicted[row, column]:.0f} %: the pair furthest off"
    )
