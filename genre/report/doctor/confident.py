"""Confident learning: which labels that were given are likely errors, by the probabilities of a model.

Northcutt, Jiang, Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels (2021). There each example is of
one class; here each label is a question of its own with two answers, and a cell that is not known is a third thing that
can have been said.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Confident:
    """What probabilities p (B, L) of B films say of their L labels.

    For each label k, over the films of which it is known:

        t_k = mean of p of films with the label        u_k = mean of 1 - p of films without it

    A film is confidently with the label where p >= t_k, and confidently without it where 1 - p >= u_k; where both hold,
    which takes a model that knows less than nothing of the label, the likelier of the two (with it, at one half).

    Attributes:
        positive: t (L,), not a number where no film is known to have the label.
        negative: u (L,), not a number where no film is known to have it not.
        missing: films without a label, or of unknown one, that are confidently with it (B, L).
        wrong: films with a label that are confidently without it (B, L).
        joint: films by what is said of a label (0: not there, 1: there, 2: unknown) and of what they are confidently
            (0: without it, 1: with it): the confident joint, not calibrated (3, 2, L).
        said: films by what is said of a label (3, L).
    """

    positive: Floats
    negative: Floats
    missing: Flags
    wrong: Flags
    joint: npt.NDArray[np.int64]
    said: npt.NDArray[np.int64]

    @property
    def estimate(self) -> Floats:
        """How many films there are of each sort of `joint` (3, 2, L): the confident joint, calibrated.

            Q[i, j] = C[i, j] / (C[i, 0] + C[i, 1]) * (films of which i is said)

        Q[0, 1] are labels that are missing, Q[1, 0] those that are wrong, Q[2, 1] those among what is unknown. Where no
        film of an i is confidently anything, what is said is taken as it is, and what is unknown for not there.
        """
        confident = self.joint.sum(axis=1, keepdims=True)  # (3, 1, L)
        as_said = np.array([[1, 0], [0, 1], [1, 0]])[:, :, None]  # (3, 2, 1)
        shares = np.where(confident > 0, self.joint / np.maximum(confident, 1), as_said)
        values: Floats = shares * self.said[:, None]
        return values


def confident_learning(probabilities: Floats, labels: npt.NDArray[np.uint8], known: Flags) -> Confident:
    """Look for errors of each label by itself.

    Args:
        probabilities: of films that the model has not seen (B, L).
        labels: 0/1 (B, L).
        known: where `labels` is sure (B, L).
    """
    others = 1 - probabilities
    there, absent = (labels == 1) & known, (labels == 0) & known
    positive, negative = _mean(probabilities, there), _mean(others, absent)
    is_with, is_without = probabilities >= positive, others >= negative  # nothing is above what is not a number
    likelier_with = probabilities >= others
    is_with, is_without = is_with & (likelier_with | ~is_without), is_without & ~(is_with & likelier_with)
    states = [absent, there, ~known]
    return Confident(
        positive=positive,
        negative=negative,
        missing=is_with & ~there,
        wrong=is_without & there,
        joint=np.array([[(state & sure).sum(axis=0) for sure in (is_without, is_with)] for state in states]),
        said=np.array([state.sum(axis=0) for state in states]),
    )


def _mean(values: Floats, chosen: Flags) -> Floats:
    """Mean of the chosen cells of each column (L,)."""
    counts = chosen.sum(axis=0)
    sums = np.where(chosen, values, 0).sum(axis=0)
    means: Floats = np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0)
    return means
