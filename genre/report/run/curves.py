"""Precision against recall over all thresholds, as points."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import precision_recall_curve

from genre.runs.predictions import PartPredictions

_POINTS = 100  # of a curve, at most; more would not be seen

Points = npt.NDArray[np.float64]


def curve(targets: npt.NDArray[np.int32], probabilities: npt.NDArray[np.float32]) -> tuple[Points, Points]:
    """Recall, falling, and the precision at it, of B cells with a positive one among them; at most 100 points."""
    precision, recall, _ = precision_recall_curve(targets, probabilities)
    last = np.flatnonzero(np.diff(recall, append=-1))  # of each recall the highest precision
    places = last[np.unique(np.linspace(0, len(last) - 1, _POINTS, dtype=int))]
    return recall[places], precision[places]


def curve_table(part: PartPredictions, genres: Sequence[str]) -> pd.DataFrame:
    """genre, recall, precision: a row for each point of the curve of each genre that a film of `part` has."""
    curves = [pd.DataFrame(columns=["genre", "recall", "precision"])]
    for column, genre in enumerate(genres):
        targets = part.targets[:, column].numpy()
        if targets.any():
            recall, precision = curve(targets, part.probabilities[:, column].numpy())
            curves.append(pd.DataFrame({"genre": genre, "recall": recall, "precision": precision}))
    return pd.concat(curves)
