"""Thresholds applied, and a genre for every film."""

from torch import Tensor


def decide(probabilities: Tensor, thresholds: Tensor, fallback: str = "probability") -> Tensor:
    """Predicted label sets: every label at or above its threshold, and one for a film that would get none.

    Args:
        probabilities: (B, L), between 0 and 1.
        thresholds: (L,), or those of each film (B, L).
        fallback: which one that is: `probability`, the likeliest, or `ratio`, that with the highest probability over
            threshold, which comes nearest to being chosen.

    Returns:
        0/1 integers (B, L) with at least one 1 in every row.

    Example:
        >>> import torch
        >>> probabilities, thresholds = torch.tensor([[0.9, 0.6], [0.1, 0.2]]), torch.tensor([0.3, 0.7])
        >>> decide(probabilities, thresholds).tolist()
        [[1, 0], [0, 1]]
        >>> decide(probabilities, thresholds, "ratio").tolist()
        [[1, 0], [1, 0]]
    """
    chosen = (probabilities >= thresholds).int()
    empty = chosen.sum(dim=1) == 0  # (B,)
    own = thresholds.expand_as(probabilities)[empty]
    chosen[empty, fallback_scores(probabilities[empty], own, fallback).argmax(dim=1)] = 1
    return chosen


def fallback_share(probabilities: Tensor, thresholds: Tensor) -> float:
    """Share of films (B, L) that reach no threshold (L,) or (B, L), on which the at-least-one rule fires."""
    return float((probabilities < thresholds).all(dim=1).double().mean())


def fallback_scores(probabilities: Tensor, thresholds: Tensor, fallback: str) -> Tensor:
    """What the label of a film without one is the highest of (B, L).

    Raises:
        ValueError: for an unknown `fallback`.
    """
    if fallback == "probability":
        return probabilities
    if fallback == "ratio":
        return probabilities / thresholds
    raise ValueError(f"decision.fallback={fallback}: must be one of probability, ratio")
