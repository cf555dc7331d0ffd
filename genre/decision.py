"""From probabilities to label sets."""

import torch
from torch import Tensor


def decide(probabilities: Tensor, thresholds: Tensor) -> Tensor:
    """Predicted label sets: every label at or above its threshold; a film that would get none gets its likeliest one.

    Args:
        probabilities: (B, L), between 0 and 1.
        thresholds: (L,).

    Returns:
        0/1 integers (B, L) with at least one 1 in every row.

    Example:
        >>> decide(torch.tensor([[0.9, 0.6], [0.1, 0.2]]), torch.tensor([0.5, 0.5])).tolist()
        [[1, 1], [0, 1]]
    """
    chosen = (probabilities >= thresholds).int()
    empty = chosen.sum(dim=1) == 0  # (B,)
    chosen[empty, probabilities[empty].argmax(dim=1)] = 1
    return chosen


def fixed_thresholds(value: float, labels: int) -> Tensor:
    """One threshold for all labels, (L,)."""
    return torch.full((labels,), value)
