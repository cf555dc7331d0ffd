"""Thresholds with a promise: what share of true labels may be missed."""

import numpy as np
import torch
from torch import Tensor

from genre.decision.thresholds import RANGE, arrays


class ConformalThresholds:
    r"""Split conformal prediction: of films like those of validation, label sets miss what is true at most as promised.

    With scores :math:`s_1 \le \dots \le s_n` of what must not be missed, the threshold is the k-th smallest,

    .. math:: \tau = s_{(k)}, \quad k = \lfloor \alpha (n + 1) \rfloor

    and a new score that is exchangeable with them is below it with probability k / (n + 1), at most :math:`\alpha`.

    - `promise="label"`: :math:`s` are the probabilities of the films that have the label, one threshold per label: each
      true label is in the set with probability 1 - alpha. Labels with :math:`\alpha (n + 1) < 1` share the threshold of
      all of them together, for which alone the promise holds.
    - `promise="film"`: :math:`s` is the lowest probability among the true labels of a film, one threshold for all: all
      true labels of a film are in its set with probability 1 - alpha.

    With too few films for the promise every label is predicted. Source: Vovk et al., Algorithmic Learning in a Random
    World, 2005; Cauchois, Gupta, Duchi, JMLR 22, 2021, for label sets.

    Args:
        alpha: the share that may be missed, between 0 and 1.
        promise: `label` or `film`.
        fallback: see `decide`.
    """

    def __init__(self, alpha: float, promise: str, fallback: str) -> None:
        self.alpha = alpha
        self.promise = promise
        self.fallback = fallback

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Thresholds (L,); true labels are those that are known to be."""
        values, sets, _ = arrays(probabilities, targets, known)
        if self.promise == "film":
            lowest = np.where(sets, values, np.inf).min(axis=1)  # (B,)
            return torch.full((values.shape[1],), self._threshold(lowest[sets.any(axis=1)]))
        rare = self.alpha * (sets.sum(axis=0) + 1) < 1  # (L,)
        common = self._threshold(values[:, rare][sets[:, rare]])
        found = [
            common if rare[label] else self._threshold(values[sets[:, label], label]) for label in range(len(rare))
        ]
        return torch.tensor(found)

    def _threshold(self, scores: np.ndarray) -> float:
        """The k-th smallest of scores (n,), or a float32 number just below it."""
        place = int(self.alpha * (len(scores) + 1))
        if not place:
            return RANGE[0]
        score = np.sort(scores)[place - 1]
        threshold = np.float32(score)
        return float(np.clip(threshold if threshold <= score else np.nextafter(threshold, np.float32(0)), *RANGE))
