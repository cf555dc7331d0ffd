"""Synthetic films for one label at a time."""

from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from genre.sampling.oversampler import Features, Known, Labels, Oversampler, Resampled


class SMOTE(Oversampler):
    """SMOTE of Chawla, Bowyer, Hall and Kegelmeyer (2002) by imbalanced-learn, for each binary problem on its own.

    A label whose films with it already make `ratio` of those without it is left as it is, and so is one on a single
    film; one on fewer than k + 1 films takes the neighbours there are.

    Args:
        ratio: films with the label per film without it that are aimed at.
        neighbours: k.

    Raises:
        ValueError: without imbalanced-learn.
    """

    def __init__(self, ratio: float, neighbours: int) -> None:
        if find_spec("imblearn") is None:  # an extra; importing it takes seconds
            raise ValueError("the package imbalanced-learn is not installed; run: pip install 'genre[smote]'")
        self.ratio = ratio
        self.neighbours = neighbours

    def resample_features(self, features: Features, labels: Labels, seed: int, known: Known | None = None) -> Resampled:
        """As they are: a synthetic film of one label has no other labels."""
        return Resampled(features, labels, known)

    def resample_label(
        self, features: Features, target: npt.NDArray[np.uint8], seed: int
    ) -> tuple[Features, npt.NDArray[np.uint8]]:
        """The films, then synthetic ones with the label."""
        from imblearn import over_sampling  # seconds to import, and most runs do without

        films = int(target.sum())
        if films < 2 or int(self.ratio * (len(target) - films)) <= films:
            return features, target
        smote = over_sampling.SMOTE(
            sampling_strategy=self.ratio, k_neighbors=min(self.neighbours, films - 1), random_state=seed
        )
        larger, larger_target = smote.fit_resample(features, target)
        return larger, larger_target
