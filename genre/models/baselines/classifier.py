"""What all classical classifiers have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from genre.models.baselines.features import Matrix
from genre.sampling import Known, Labels, Oversampler

Probabilities = npt.NDArray[np.float32]


class Model(ABC):
    """A fitted classifier."""

    @abstractmethod
    def probabilities(self, features: Matrix) -> Probabilities:
        """Of each label (B, L), of features (B, F)."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many numbers it consists of."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write it."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path) -> "Model":
        """Read what `save` wrote.

        Raises:
            UserError: when its file is missing.
        """


class Classifier(ABC):
    """Fits models, one for each of a few settings between which validation films decide.

    Args:
        settings: in the order in which they are tried.
        oversampler: of the training films.
        seed: of what is drawn.

    Attributes:
        setting_name: what the settings are of, as the configuration calls it.
        model: the class of what is fitted.
    """

    setting_name: ClassVar[str]
    model: ClassVar[type[Model]]

    def __init__(self, settings: Sequence[float], oversampler: Oversampler, seed: int) -> None:
        self.settings = settings
        self.oversampler = oversampler
        self.seed = seed

    @abstractmethod
    def fit(self, features: Matrix, labels: Labels, setting: float, known: Known | None = None) -> Model:
        """A model of features (B, F) and 0/1 labels (B, L); a label on no film, or on all, gets a constant.

        What is not `known` (B, L) teaches nothing; None: all is.
        """

    def calibrated(
        self, model: Model, features: Matrix, labels: Labels, setting: float, known: Known | None = None
    ) -> Model:
        """The model such that it gives probabilities, where `fit` alone gives scores.

        Args:
            model: fitted with `setting`.
            features: of the training films, (B, F), without what an oversampler added.
            labels: theirs, 0/1 (B, L).
            setting: of the model.
            known: see `fit`.
        """
        return model
