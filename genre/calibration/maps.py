"""Calibrations as they are applied: a rising map of probabilities for each label, in plain numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import expit
from torch import Tensor

Floats = npt.NDArray[np.float64]

EDGE = 1e-6  # nearer to 0 and 1 probabilities are taken for this, so that no log odds are infinite


def log_parts(probabilities: Floats) -> tuple[Floats, Floats]:
    """Logarithms of p and of 1 - p, any shape; their difference are the log odds."""
    inside = np.clip(probabilities, EDGE, 1 - EDGE)
    return np.log(inside), np.log1p(-inside)


@dataclass(frozen=True)
class LogOdds:
    """The map with log odds `a ln p - b ln(1 - p) + c`: Kull et al. (2017); with a = b Platt's sigmoid of the log odds.

    Attributes:
        a: 0 or more.
        b: 0 or more, not both of them 0.
        c: any number.

    Raises:
        ValueError: for another map.
    """

    a: float
    b: float
    c: float

    def __post_init__(self) -> None:
        if not (np.isfinite([self.a, self.b, self.c]).all() and min(self.a, self.b) >= 0 and self.a + self.b > 0):
            raise ValueError(f"no rising map: a={self.a}, b={self.b}, c={self.c}")

    def __call__(self, probabilities: Floats) -> Floats:
        """Calibrated ones, the same shape."""
        positive, negative = log_parts(probabilities)
        values: Floats = expit(self.a * positive - self.b * negative + self.c)
        return values


@dataclass(frozen=True)
class Steps:
    """Straight lines between points, level beyond them.

    Attributes:
        at: probabilities that a model gives, ascending (K,).
        to: what they become, never descending (K,).

    Raises:
        ValueError: for another map.
    """

    at: Sequence[float]
    to: Sequence[float]

    def __post_init__(self) -> None:
        at, to = np.asarray(self.at, dtype=np.float64), np.asarray(self.to, dtype=np.float64)
        if not (at.ndim == 1 and at.size and at.shape == to.shape and (np.diff(at) > 0).all()):
            raise ValueError("no rising map: the points do not ascend")
        if not ((np.diff(to) >= 0).all() and to[0] >= 0 and to[-1] <= 1):
            raise ValueError("no rising map of probabilities")

    def __call__(self, probabilities: Floats) -> Floats:
        """Calibrated ones, the same shape."""
        values: Floats = np.interp(probabilities, self.at, self.to)
        return values


LabelMap = LogOdds | Steps | None


@dataclass(frozen=True)
class Calibration:
    """What a model's probabilities become.

    Attributes:
        maps: of the L labels; None: of this label they stay as they are.

    Example:
        >>> halved = Calibration((LogOdds(0.5, 0.5, 0.0), None))
        >>> halved(torch.tensor([[0.5, 0.5], [0.9, 0.9]])).tolist()
        [[0.5, 0.5], [0.75, 0.8999999761581421]]
    """

    maps: tuple[LabelMap, ...]

    @classmethod
    def none(cls, labels: int) -> "Calibration":
        """That which changes nothing."""
        return cls((None,) * labels)

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return any(self.maps)

    def __call__(self, probabilities: Tensor) -> Tensor:
        """Calibrated probabilities (B, L), of the same type; what is not a number stays so."""
        if not self.changes:
            return probabilities
        values = probabilities.double().numpy()
        columns = [values[:, k] if one is None else one(values[:, k]) for k, one in enumerate(self.maps)]
        return torch.from_numpy(np.stack(columns, axis=1)).to(probabilities.dtype)

    def raw_thresholds(self, thresholds: Tensor) -> Tensor:
        """Thresholds on what the model itself gives, which choose the same labels as `thresholds` (L,) do afterwards.

        Maps only rise, so the label's films are those from some probability on: the least float32 number that becomes
        its threshold or more. It is above 1 where none does. Only which label a film gets that reaches no threshold
        cannot be told from these.
        """
        labels = len(self.maps)
        low, high = np.zeros(labels, dtype=np.int32), np.full(labels, _bits(1.0) + 1, dtype=np.int32)
        while (low < high).any():  # positive floating-point numbers are in the order of their bits
            middle = low + (high - low) // 2
            tried = np.minimum(middle, _bits(1.0)).view(np.float32)
            reached = (self(torch.from_numpy(tried)[None]) >= thresholds)[0].numpy()
            low, high = np.where(reached | (low >= high), low, middle + 1), np.where(reached, middle, high)
        return torch.from_numpy(low.astype(np.int32).view(np.float32))


def _bits(number: float) -> int:
    return int(np.float32(number).view(np.int32))
