"""What every way of oversampling has in common."""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Labels = npt.NDArray[np.uint8]
Known = npt.NDArray[np.bool_]
Features = Any  # a matrix (B, D) with a row for each film: a numpy array or a sparse CSR matrix of scipy


class Resampled(NamedTuple):
    """A larger training set.

    Attributes:
        features: (B', D).
        labels: (B', L).
        known: (B', L): of which of these is known that they are so; None: of all.
    """

    features: Features
    labels: Labels
    known: Known | None


class Oversampler(ABC):
    """Makes a training set larger by films with rare labels. Equal arguments and seeds give equal results."""

    @abstractmethod
    def resample_features(self, features: Features, labels: Labels, seed: int, known: Known | None = None) -> Resampled:
        """The larger training set; its first B rows are the films themselves.

        Args:
            features: of the training films, (B, D).
            labels: their 0/1 matrix (B, L).
            seed: of what is drawn.
            known: which labels are known (B, L), every 1 among them; None: all.
        """

    def resample_label(
        self, features: Features, target: npt.NDArray[np.uint8], seed: int
    ) -> tuple[Features, npt.NDArray[np.uint8]]:
        """Features (B', D) and target (B',) of one label's binary problem; most ways leave them as they are.

        Args:
            features: of the training films, (B, D).
            target: 0/1 of one label, (B,); films of which it is not known are left out before.
            seed: of what is drawn.
        """
        return features, target


class RowOversampler(Oversampler):
    """Takes some films several times: what a model that learns from texts can use."""

    def rows(self, labels: Labels, seed: int) -> Rows:
        """Positions of the larger training set (B',): first 0 to B - 1, the films themselves, then the clones.

        Args:
            labels: 0/1 matrix of the training films (B, L).
            seed: of what is drawn.
        """
        films = np.arange(len(labels))
        return np.concatenate([films, self.clones(labels, np.random.default_rng(seed))])

    @abstractmethod
    def clones(self, labels: Labels, random: np.random.Generator) -> Rows:
        """Positions of the films that are added, with repetition."""

    def resample_features(self, features: Features, labels: Labels, seed: int, known: Known | None = None) -> Resampled:
        """The rows of `rows`."""
        rows = self.rows(labels, seed)
        return Resampled(features[rows], labels[rows], None if known is None else known[rows])


class NoOversampling(RowOversampler):
    """The training films as they are."""

    def clones(self, labels: Labels, random: np.random.Generator) -> Rows:
        """None."""
        return np.zeros(0, dtype=np.int64)
