"""Where calibrations come from: validation films.

Every map is fitted to what Platt (1999, "Probabilistic outputs for support vector machines") aims at instead of 1 and
0: `(n + 1) / (n + 2)` for n true cells and `1 / (m + 2)` for m false ones, so that few films say little and no
probability becomes 0 or 1. A label that all known films have, or none, keeps its probabilities.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from torch import Tensor

from genre.calibration.maps import Calibration, Floats, LabelMap, LogOdds, Steps, log_parts

_LEAST = 1e-3  # slope: where scores tell nothing, films still keep their order


class Calibrator(Protocol):
    """Gives a calibration."""

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Calibration:
        """The calibration by probabilities and 0/1 targets (B, L) of validation films.

        What is not `known`, bool (B, L), counts neither way; None: all is.
        """
        ...


class NoCalibration:
    """Probabilities stay as the model gives them."""

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Calibration:
        """See `Calibrator`."""
        return Calibration.none(probabilities.shape[1])


class Temperature:
    """Log odds of all labels divided by one number, that with the least log loss over all known cells.

    Guo et al. (2017, "On Calibration of Modern Neural Networks", section 4.2).
    """

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Calibration:
        """See `Calibrator`."""
        chances, true, sure = _arrays(probabilities, targets, known)
        labels = chances.shape[1]
        if true[sure].all() or not true[sure].any():
            return Calibration.none(labels)
        positive, negative = log_parts(chances[sure])
        (slope,) = _logistic((positive - negative)[:, None], _aimed(true[sure]), [(_LEAST, None)])
        return Calibration((LogOdds(slope, slope, 0.0),) * labels)


class Platt:
    r"""A sigmoid of each label's log odds z: :math:`\sigma(a z + c)` with a above 0; see the module."""

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Calibration:
        """See `Calibrator`."""
        return _by_label(_sigmoid, probabilities, targets, known)


class Isotonic:
    """The rising steps of each label with the least squared error, straight lines between them.

    Zadrozny and Elkan (2002). Films on one step are tied, which costs what is measured of their order.
    """

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Calibration:
        """See `Calibrator`."""
        return _by_label(_steps, probabilities, targets, known)


class Beta:
    r"""A beta calibration of each label: :math:`\sigma(a \ln p - b \ln(1 - p) + c)` with a and b not below 0.

    Kull, Silva Filho and Flach (2017, "Beta calibration"): a logistic regression on ln p and -ln(1 - p). Where that
    gives a negative a or b, they take it for 0 and fit the rest again; here the best ones in that range are found at
    once, which is the same: the log loss is convex.
    """

    def fit(self, probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Calibration:
        """See `Calibrator`."""
        return _by_label(_beta, probabilities, targets, known)


def _by_label(
    fit: Callable[[Floats, Floats], LabelMap], probabilities: Tensor, targets: Tensor, known: Tensor | None
) -> Calibration:
    """Fit each label's known films, their probabilities to what is aimed at."""
    maps: list[LabelMap] = []
    for chances, true, sure in zip(*(cells.T for cells in _arrays(probabilities, targets, known)), strict=True):
        told = true[sure].any() and not true[sure].all()
        maps.append(fit(chances[sure], _aimed(true[sure])) if told else None)
    return Calibration(tuple(maps))


def _aimed(true: npt.NDArray[np.bool_]) -> Floats:
    """What each cell (N,) is fitted to."""
    positives, negatives = true.sum(), (~true).sum()
    values: Floats = np.where(true, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    return values


def _arrays(
    probabilities: Tensor, targets: Tensor, known: Tensor | None
) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    true = targets.numpy().astype(bool)
    sure = np.ones_like(true) if known is None else known.numpy().astype(bool)
    return probabilities.double().numpy(), true, sure


def _sigmoid(chances: Floats, aimed: Floats) -> LabelMap:
    positive, negative = log_parts(chances)
    features = np.stack([positive - negative, np.ones_like(chances)], axis=1)
    slope, offset = _logistic(features, aimed, [(_LEAST, None), (None, None)])
    return LogOdds(slope, slope, offset)


def _beta(chances: Floats, aimed: Floats) -> LabelMap:
    positive, negative = log_parts(chances)
    features = np.stack([positive, -negative, np.ones_like(chances)], axis=1)
    return LogOdds(*_logistic(features, aimed, [(_LEAST, None), (_LEAST, None), (None, None)]))


def _steps(chances: Floats, aimed: Floats) -> LabelMap:
    from sklearn.isotonic import IsotonicRegression  # the others do without

    fitted = IsotonicRegression(out_of_bounds="clip").fit(chances, aimed)
    return Steps(fitted.X_thresholds_.tolist(), fitted.y_thresholds_.tolist())


def _logistic(features: Floats, aimed: Floats, bounds: list[tuple[float | None, float | None]]) -> list[float]:
    """Weights (K,) of features (N, K) with the least log loss against what is aimed at (N,), within their bounds."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        value = np.logaddexp(0, scores) - aimed * scores
        return float(value.mean()), features.T @ (expit(scores) - aimed) / len(aimed)

    start = np.array([0.0 if least is None else 1.0 for least, _ in bounds])
    tolerances: Any = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000}
    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=tolerances)
    return [float(weight) for weight in found.x]
