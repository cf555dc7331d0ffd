"""How much each model counts, by the log loss of validation films."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

Floats = npt.NDArray[np.float64]

_BAGS = 20
_LEAST_IN_A_BAG = 5  # models; a half of fewer would leave nothing to choose from
_COUNTS = 1e-4  # a weight below counts for nothing, and need not be kept
_DRAWS = 50  # of models with replacement, at most


@dataclass(frozen=True)
class Cells:
    """The N known cells of films.

    Attributes:
        scores: log odds of M models (M, N).
        true: 0/1 (N,).
    """

    scores: Floats
    true: Floats

    @classmethod
    def of(cls, scores: Floats, targets: npt.NDArray[Any], known: npt.NDArray[Any]) -> "Cells":
        """Of log odds (M, B, L) and targets (B, L), as far as they are known."""
        sure = known.astype(bool)
        return cls(scores[:, sure], targets[sure].astype(np.float64))

    def losses(self, scores: Floats) -> Floats:
        """Log loss (K,) of K other systems' log odds (K, N)."""
        values: Floats = (np.logaddexp(0, scores) - self.true * scores).mean(axis=1)
        return values


def equal_weights(cells: Cells) -> Floats:
    """The same for each model."""
    return np.full(len(cells.scores), 1 / len(cells.scores))


def fitted_weights(cells: Cells) -> Floats:
    """Those with the least log loss, found exactly: it is convex in them."""
    models = len(cells.scores)
    if models == 1 or not len(cells.true):
        return equal_weights(cells)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = weights @ cells.scores
        gradient = cells.scores @ (expit(scores) - cells.true) / len(cells.true)
        return float(cells.losses(scores[None])[0]), gradient

    sum_to_one: Any = {"type": "eq", "fun": lambda weights: weights.sum() - 1, "jac": np.ones_like}
    tolerances: Any = {"ftol": 1e-10, "maxiter": 500}
    found: Any = minimize(
        loss,
        equal_weights(cells),
        jac=True,
        method="SLSQP",
        bounds=[(0, 1)] * models,
        constraints=sum_to_one,
        options=tolerances,
    )
    weights = np.clip(found.x, 0, None)
    weights[weights < _COUNTS] = 0
    values: Floats = weights / weights.sum()
    return values


def greedy_weights(cells: Cells, seed: int = 0) -> Floats:
    """Ensemble selection: how often models are drawn when each draw is that which lowers the log loss most.

    Caruana et al. (2004, "Ensemble selection from libraries of models"): with replacement; beginning with as many of
    the best models as are best together; and, against over-fitting, as the mean over bags, each a random half of the
    library (here of at least five models, and of all where there are fewer).

    Args:
        cells: of validation films.
        seed: of the bags.
    """
    models = len(cells.scores)
    size = min(models, max(_LEAST_IN_A_BAG, (models + 1) // 2))
    random = np.random.default_rng(seed)
    bags = [np.arange(models)] if size == models else [random.permutation(models)[:size] for _ in range(_BAGS)]
    weights = np.zeros(models)
    for bag in bags:
        counts = _selected(Cells(cells.scores[bag], cells.true))
        weights[bag] += counts / counts.sum() / len(bags)
    return weights


def _selected(cells: Cells) -> Floats:
    """How often each model is drawn (M,)."""
    models = len(cells.scores)
    best_first = np.argsort(cells.losses(cells.scores), kind="stable")
    sums = np.cumsum(cells.scores[best_first], axis=0)  # (M, N)
    losses = np.concatenate([cells.losses(row[None] / (place + 1)) for place, row in enumerate(sums)])
    begin = int(losses.argmin()) + 1
    counts = np.zeros(models)
    counts[best_first[:begin]] = 1
    total, least = sums[begin - 1], float(losses.min())
    for drawn in range(begin + 1, _DRAWS + 1):
        tried = np.concatenate([cells.losses((total + one)[None] / drawn) for one in cells.scores])
        if not float(tried.min()) < least:
            break
        best = int(tried.argmin())
        counts[best] += 1
        total, least = total + cells.scores[best], float(tried.min())
    return counts
