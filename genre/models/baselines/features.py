"""What all features of texts have in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from genre.errors import UserError
from genre.files import atomic_path, require_unswollen

Matrix = Any  # (B, F) with a row for each text: a numpy array or a sparse CSR matrix of scipy
Vectors = npt.NDArray[np.float32]

SEPARATOR = "\n"  # between the columns of a text, such as a title and a description


class TextFeatures(ABC):
    """Turns texts into rows of numbers, by what training texts alone have taught it.

    Args:
        tokens: what the texts hold: `words`, or `lemmas` with spaces between them.
    """

    def __init__(self, tokens: str) -> None:
        self.tokens = tokens

    def read_ahead(self, texts: Sequence[str], cache: Path) -> None:  # noqa: B027 - most features need not
        """Read texts that will be asked for, where that takes long and no training texts have a say.

        Args:
            texts: as `fit` and `transform` will get them.
            cache: folder to keep in what was read.
        """

    @abstractmethod
    def fit(self, texts: Sequence[str], seed: int) -> None:
        """Learn from training texts.

        Raises:
            UserError: when they are too few to learn from.
        """

    @abstractmethod
    def transform(self, texts: Sequence[str]) -> Matrix:
        """Features of texts (B, F)."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many numbers were learnt."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write what was learnt."""

    @abstractmethod
    def load(self, folder: Path) -> None:
        """Read what `save` wrote.

        Raises:
            UserError: when a file is missing.
        """


class Standardised(TextFeatures):
    """Features of mean 0 and one deviation in the training texts; what does not vary there is left at 0.

    A training text's features have a length of about 1, as n-grams' do, so that one range of C suits them all.

    Attributes:
        statistics: `mean` and `deviation` (F,) of the training texts.
    """

    def __init__(self, tokens: str) -> None:
        super().__init__(tokens)
        self.statistics: dict[str, Vectors] = {}

    def standardise_by(self, features: Vectors) -> None:
        """Measure features (B, F) of training texts."""
        deviation = features.std(axis=0)
        self.statistics = {"mean": features.mean(axis=0), "deviation": np.where(deviation > 0, deviation, 1)}

    def standardised(self, features: Vectors) -> Vectors:
        """Features (B, F), as measured then."""
        values: Vectors = (features - self.statistics["mean"]) / self.statistics["deviation"]
        return values / np.float32(np.sqrt(features.shape[1]))

    @property
    def size(self) -> int:
        """See `TextFeatures`."""
        return sum(map(len, self.statistics.values()))


def save_arrays(file: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays, compressed, whole or not at all."""
    with atomic_path(file) as temporary:
        np.savez_compressed(temporary, **arrays)


def load_arrays(file: Path) -> dict[str, npt.NDArray[Any]]:
    """Arrays that `save_arrays` wrote; objects are refused.

    Raises:
        UserError: when the file is missing.
        ValueError: when it would unpack to very much more than it is.
    """
    require_model_file(file)
    require_unswollen(file)
    with np.load(file, allow_pickle=False) as saved:
        return dict(saved)


def require_model_file(file: Path) -> None:
    """Refuse a model without one of its files.

    Raises:
        UserError: naming it.
    """
    if not file.is_file():
        raise UserError(f"{file}: is missing; train the run again with overwrite=true")
