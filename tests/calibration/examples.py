"""Films whose probabilities are not what they say."""

import numpy as np
import torch
from torch import Tensor

LABELS = 4


def films(seed: int, rows: int = 300) -> tuple[Tensor, Tensor, Tensor]:
    """Probabilities (B, L) too high and too sure, targets, and what is known of them; the last label is rare."""
    random = np.random.default_rng(seed)
    log_odds = random.normal(size=(rows, LABELS)) * 1.5 + [0, -1, 0.5, -3]
    targets = random.random((rows, LABELS)) < 1 / (1 + np.exp(-log_odds))
    given = 1 / (1 + np.exp(-(2 * log_odds + [0.5, 1.5, -1, 3])))
    known = random.random((rows, LABELS)) < 0.8
    return torch.from_numpy(given).float(), torch.from_numpy(targets & known).int(), torch.from_numpy(known)
