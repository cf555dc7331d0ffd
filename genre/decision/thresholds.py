"""Where thresholds come from: a person, or validation films."""

from typing import Protocol

import numpy as np
import torch
from scipy.special import expit, logit
from torch import Tensor

from genre.decision.objectives import Curve, Floats, Others, Sets, objective_by_label_threshold, objective_by_threshold
from genre.decision.rule import fallback_scores

_SWEEPS = 20  # over all labels; a few are enough for the thresholds to settle
RANGE = (1e-30, 1 - 2**-24)  # of a threshold that is found: up to the last float32 number under 1


class Decision(Protocol):
    """Gives thresholds, and says which label a film gets that reaches none."""

    fallback: str

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Thresholds (L,) from probabilities and 0/1 targets (B, L) of validation films.

        What is not `known`, bool (B, L), counts neither way; None: all is.
        """
        ...


class FixedThreshold:
    """The same threshold for every label, whatever the films say.

    Args:
        threshold: between 0 and 1.
        fallback: see `decide`.
    """

    def __init__(self, threshold: float, fallback: str) -> None:
        self.threshold = threshold
        self.fallback = fallback

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """The threshold, once for each label (L,), whatever is known."""
        return torch.full((probabilities.shape[1],), self.threshold)


class GlobalThreshold:
    """The one threshold that is best on the validation films; the search is exact.

    Args:
        objective: `jaccard`, `f1_samples`, `f1_macro`, or `balanced`, the mean of the three.
        fallback: see `decide`; with one threshold both kinds are the same.
    """

    def __init__(self, objective: str, fallback: str) -> None:
        self.objective = objective
        self.fallback = fallback

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Thresholds (L,), all equal; labels predicted where they are unknown count neither way."""
        values, sets, mask = arrays(probabilities, targets, known)
        best = _best_threshold(objective_by_threshold(values, sets, self.objective, mask))
        return torch.full((values.shape[1],), best)


class PerLabelThresholds:
    r"""A threshold for each label, found by coordinate ascent from the best global one.

    In turn each label takes the threshold t that is best while the others stay, drawn towards the global g by how few
    films it was tuned on:

    .. math:: \operatorname{logit} \tau_k = \frac{n_k \operatorname{logit} t_k + s \operatorname{logit} g}{n_k + s}

    with n_k the validation films that have label k and s the shrinkage. A label with under `min_positives` keeps g.

    Args:
        objective: `jaccard`, `f1_samples`, `f1_macro`, or `balanced`, the mean of the three.
        min_positives: validation films that a label needs for a threshold of its own.
        shrinkage: s, in films; 0 takes every threshold as found.
        fallback: see `decide`.
    """

    def __init__(self, objective: str, min_positives: int, shrinkage: float, fallback: str) -> None:
        self.objective = objective
        self.min_positives = min_positives
        self.shrinkage = shrinkage
        self.fallback = fallback

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Thresholds (L,); labels predicted where they are unknown count neither way."""
        values, sets, mask = arrays(probabilities, targets, known)
        positives = sets.sum(axis=0)  # (L,)
        common = _best_threshold(objective_by_threshold(values, sets, self.objective, mask))
        thresholds = np.full(values.shape[1], common)
        orders = np.argsort(-values, axis=0, kind="stable")  # (B, L)
        reached = np.asfortranarray(values >= thresholds)
        for _ in range(_SWEEPS):
            before = thresholds.copy()
            for label in np.flatnonzero(positives >= self.min_positives).tolist():
                others = self._without(label, reached, sets, mask, values, thresholds)
                curve = objective_by_label_threshold(
                    values[:, label], orders[:, label], sets, label, others, self.objective, mask
                )
                weight = positives[label] / (positives[label] + self.shrinkage)
                thresholds[label] = expit(weight * logit(_best_threshold(curve)) + (1 - weight) * logit(common))
                reached[:, label] = values[:, label] >= thresholds[label]
            if np.allclose(before, thresholds, rtol=0, atol=1e-9):
                break
        return torch.from_numpy(thresholds).float()

    def _without(
        self, label: int, reached: Sets, targets: Sets, known: Sets, values: Floats, thresholds: Floats
    ) -> Others:
        """What films have without `label`; `reached` are the cells (B, L) at or above their thresholds."""
        chosen = reached.copy(order="K")
        chosen[:, label] = False
        fallback = np.full(len(values), -1)
        empty = ~chosen.any(axis=1)
        scores = fallback_scores(torch.from_numpy(values[empty]), torch.from_numpy(thresholds), self.fallback)
        fallback[empty] = scores.argmax(dim=1).numpy()
        return Others((chosen & targets).sum(axis=1), (chosen & known).sum(axis=1), fallback)


def arrays(probabilities: Tensor, targets: Tensor, known: Tensor | None) -> tuple[Floats, Sets, Sets]:
    """Probabilities, positives and what is known (B, L), the sets column by column, which sums over labels like."""
    sets = targets.numpy().astype(bool, order="F")
    mask = np.ones_like(sets) if known is None else known.numpy().astype(bool, order="F")
    return probabilities.double().numpy(), sets & mask, mask


def _best_threshold(curve: Curve) -> float:
    """The middle of the gap between probabilities in which the objective is highest."""
    certain = int(len(curve.cuts) > 0 and curve.cuts[0] >= RANGE[1])  # no threshold is above these
    best = certain + int(curve.scores[certain:].argmax())
    upper = curve.cuts[best - 1] if best else 1.0
    lower = curve.cuts[best] if best < len(curve.cuts) else 0.0
    middle = np.float32((upper + lower) / 2)
    # between neighbouring float32 numbers the middle may round to the lower one, which must stay out
    return float(np.clip(middle if middle > lower else upper, *RANGE))
