"""Calibrations of films by what other films say."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold
from torch import Tensor

from genre.calibration.fitting import Calibrator
from genre.calibration.maps import Calibration

FOLDS = 5

Rows = npt.NDArray[np.int64]


def folds(targets: Tensor) -> Iterator[tuple[Rows, Rows]]:
    """Rows of films to fit on and of the other ones, so that each of B films is once among these; 0/1 targets (B, L).

    Labels are spread evenly. The same films are split the same way at any time; fewer than `FOLDS` are not split.
    """
    if len(targets) < FOLDS:
        return
    labels = targets.numpy()
    yield from MultilabelStratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels)


def cross_fitted(
    calibrator: Calibrator, probabilities: Tensor, targets: Tensor, known: Tensor | None = None
) -> tuple[Calibration, Tensor]:
    """The calibration by all films, and what each film becomes by one that was fitted without it.

    Thresholds that are chosen on these meet the spread that calibrated probabilities of new films have. A label of
    which the films of a fold are all alike is calibrated there by all films.

    Args:
        calibrator: see there.
        probabilities: (B, L).
        targets: 0/1 (B, L).
        known: bool (B, L); None: all are.

    Returns:
        The calibration, which changes nothing for fewer films than folds, and the probabilities (B, L).
    """
    sure = targets if known is None else targets * known
    if len(targets) < FOLDS:
        return Calibration.none(probabilities.shape[1]), probabilities
    whole = calibrator.fit(probabilities, targets, known)
    if not whole.changes:
        return whole, probabilities
    values = torch.empty_like(probabilities)
    for seen, unseen in folds(sure):
        own = calibrator.fit(probabilities[seen], targets[seen], None if known is None else known[seen])
        maps = (every and (one or every) for one, every in zip(own.maps, whole.maps, strict=True))
        values[unseen] = Calibration(tuple(maps))(probabilities[unseen])
    return whole, values
