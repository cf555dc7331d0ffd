"""What the training films of a run on n-grams were like, kept with it."""

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from genre.files import atomic_path, require_unswollen
from genre.runs.folder import RunFolder
from genre.runs.intact import intact


@dataclass(frozen=True)
class NgramCounts:
    """Sums over the B training films, for L labels and F n-grams.

    Attributes:
        label_films: films with each label (L,).
        ngram_films: films that hold each n-gram (F,).
        both: films with the label that hold the n-gram (L, F).
        feature_sums: features of the films with each label, added up (L, F).
    """

    label_films: npt.NDArray[np.int64]
    ngram_films: npt.NDArray[np.int64]
    both: npt.NDArray[np.int64]
    feature_sums: npt.NDArray[np.float64]


def keep_ngrams(run: RunFolder, counts: NgramCounts) -> None:
    """Write them into the run's folder."""
    with atomic_path(run.ngrams_file) as file, file.open("wb") as opened:
        np.savez_compressed(opened, **asdict(counts))


def kept_ngrams(run: RunFolder) -> NgramCounts:
    """Those that a run keeps.

    Raises:
        UserError: when they are missing.
    """
    with intact(run.ngrams_file):
        require_unswollen(run.ngrams_file)
        with np.load(run.ngrams_file, allow_pickle=False) as saved:
            return NgramCounts(**saved)
