"""What a threshold does on the validation films, and which ones the run has."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from genre.decision.objectives import objective_by_threshold
from genre.report.document import listed
from genre.report.figures import BLUE, GREEN, INK, LINE, ORANGE, finish, legend_above, single
from genre.runs.predictions import Predictions

_GRID = np.linspace(0, 1, 401)
_CURVES = {
    "jaccard": ("Jaccard", BLUE, "-"),
    "f1_samples": ("F1 (samples)", ORANGE, "--"),
    "f1_macro": ("F1 (macro)", GREEN, "-."),
}


def threshold_curves(predictions: Predictions) -> Figure:
    """Validation scores by one threshold for all genres, at the left end all genres for every film.

    The run's threshold is a line; where genres have their own, each is a tick below.
    """
    probabilities = predictions.val.probabilities.double().numpy()
    scoring = predictions.val.truth.scoring_of(predictions.metric)
    targets = scoring.targets.bool().numpy()
    known = None if scoring.known is None else scoring.known.numpy()
    curves = {}
    for objective in _CURVES:
        cuts, scores = objective_by_threshold(probabilities, targets, objective, known)
        curves[objective] = scores[np.searchsorted(-cuts, -_GRID, side="right")]  # cuts at or above each threshold
    best = int(curves["jaccard"].argmax())
    figure, axes = single(
        f"One threshold for all genres: validation Jaccard is best, {curves['jaccard'][best]:.3f}, "
        f"at {_GRID[best]:.2f}",
        height=4,
    )
    for objective, (label, colour, line) in _CURVES.items():
        axes.plot(_GRID, curves[objective], color=colour, linestyle=line, linewidth=2, label=label)
    own = np.unique(predictions.thresholds.numpy())
    if len(own) == 1:
        axes.axvline(own[0], color=INK, linewidth=1, label=f"the run's threshold, {own[0]:.2f}")
    else:
        axes.vlines(own, 0, 0.05, transform=axes.get_xaxis_transform(), color=INK, label="the run's thresholds")
    axes.set(xlabel="threshold", ylabel="score on validation films", xlim=(0, 1), ylim=(0, None))
    legend_above(axes, columns=4)
    finish(axes, grid="both")
    return figure


def genre_thresholds(predictions: Predictions, per_genre: pd.DataFrame) -> Figure:
    """A dot for the threshold of each genre, frequent genres first.

    Args:
        predictions: with the thresholds.
        per_genre: genre and training_films, in the order of the rows.
    """
    own = pd.Series(predictions.thresholds.numpy(), index=predictions.genres)[per_genre["genre"]]
    ends = [f"{end:.2f} ({listed(own.index[own == end].tolist(), 'genre')})" for end in (own.min(), own.max())]
    figure, axes = single(
        f"Thresholds from {' to '.join(ends)}",
        height=1.2 + 0.24 * len(own),
    )
    names = [f"{row.genre} ({row.training_films:,})" for row in per_genre.itertuples()]
    axes.hlines(names, 0, own, color=LINE)
    axes.plot(own, names, color=BLUE, marker="o", linestyle="none")
    axes.set(xlabel="threshold", ylabel="genre (training films)", xlim=(0, min(1, own.max() * 1.1)))
    axes.invert_yaxis()
    axes.margins(y=0.03)
    finish(axes, grid="x")
    return figure
