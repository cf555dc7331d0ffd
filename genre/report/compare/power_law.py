"""How a score grows with the training films, and what more of them would bring."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from genre.metrics.significance import TAILS, Floats

ENOUGH = 4  # sizes, of which three are used up by the parameters
_EXPONENTS = (1e-3, 2.0)  # of which c is one
_RESAMPLES = 200
_NORMAL = 1.96  # standard errors to either side of a 95 % interval
_NARROWEST = 1e-6  # width of an interval, so that a score without one does not weigh infinitely


@dataclass(frozen=True)
class PowerLaw:
    """score(n) = a - b n^-c with a <= 1 and 0 < c <= 2.

    Attributes:
        a: what endless data would give.
        b: the gap to it at one film.
        c: how fast the gap closes.
    """

    a: float
    b: float
    c: float

    def __call__(self, films: Floats) -> Floats:
        """The score with that many training films."""
        scores: Floats = self.a - self.b * films**-self.c
        return scores


def fit_power_law(films: Floats, scores: Floats, widths: Floats) -> PowerLaw:
    """The law by least squares, each point weighted by the inverse of its interval's width.

    Args:
        films: training films of each point, of at least `ENOUGH` sizes.
        scores: of each point, at most 1.
        widths: of their intervals.
    """
    share = films / films.max()  # near 1, so that the parameters are of one order
    weights = 1 / np.maximum(widths, _NARROWEST)

    def best_line(c: float) -> tuple[float, float]:
        """The best a and b for a given c, for which the law is a straight line in share^-c."""
        x = share**-c
        (a, b), *_ = np.linalg.lstsq(np.stack([weights, -weights * x], axis=1), weights * scores)
        if a > 1:
            a, b = 1.0, (weights**2 * x) @ (1 - scores) / ((weights * x) @ (weights * x))
        return float(a), float(b)

    def misses(c: float) -> float:
        a, b = best_line(c)
        return float((((a - b * share**-c - scores) * weights) ** 2).sum())

    c = float(minimize_scalar(misses, bounds=_EXPONENTS, method="bounded", options={"xatol": 1e-9}).x)
    a, b = best_line(c)
    return PowerLaw(a, b * float(films.max()) ** c, c)


def predict(
    films: Floats, scores: Floats, widths: Floats, at: Floats, *, seed: int = 0
) -> tuple[Floats, Floats, Floats]:
    """Scores at other numbers of training films, and the ends of their 95 % intervals.

    The interval is that of laws fitted to points that are drawn anew within their own intervals.

    Args:
        films: training films of each point.
        scores: of each point.
        widths: of their 95 % intervals.
        at: numbers of training films (K,).
        seed: of the draws.

    Returns:
        Scores, lower and upper ends, each (K,).
    """
    random = np.random.default_rng(seed)
    errors = widths / (2 * _NORMAL)
    drawn = [fit_power_law(films, np.minimum(random.normal(scores, errors), 1), widths)(at) for _ in range(_RESAMPLES)]
    low, high = np.quantile(drawn, TAILS, axis=0)
    return fit_power_law(films, scores, widths)(at), low, high
