"""The weighted mean of log odds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy.special import expit
from torch import Tensor

from genre.calibration.folds import FOLDS, folds
from genre.calibration.maps import log_parts
from genre.ensemble.weights import Cells, Floats

Choose = Callable[[Cells], Floats]  # weights (M,) by the known cells of validation films


def log_odds(probabilities: Tensor) -> Floats:
    """Log odds, any shape; those of 0 and 1 are finite."""
    positive, negative = log_parts(probabilities.double().numpy())
    return positive - negative


def mean_probabilities(scores: Floats, weights: Floats) -> Tensor:
    """Probabilities (B, L) of the weighted mean of log odds (M, B, L), weights (M,)."""
    return torch.from_numpy(expit(np.tensordot(weights, scores, axes=1)).astype(np.float32))


def cross_fitted_mean(scores: Floats, targets: Tensor, known: Tensor | None, choose: Choose) -> tuple[Floats, Tensor]:
    """The weights by all films, and the probabilities of each film by weights that were found without it.

    Args:
        scores: log odds (M, B, L) of validation films.
        targets: 0/1 (B, L).
        known: bool (B, L); None: all are.
        choose: gives weights.
    """
    sure = torch.ones_like(targets) if known is None else known

    def chosen(rows: Any) -> Floats:
        return choose(Cells.of(scores[:, rows], targets[rows].numpy(), sure[rows].numpy()))

    weights = chosen(slice(None))
    values = mean_probabilities(scores, weights)
    if len(targets) >= FOLDS:
        for seen, unseen in folds(targets * sure):
            values[unseen] = mean_probabilities(scores[:, unseen], chosen(seen))
    return weights, values
