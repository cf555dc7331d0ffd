"""Synthetic films for multi-label data."""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.neighbors import NearestNeighbors

from genre.sampling.measures import irlbl, mean_ir
from genre.sampling.oversampler import Features, Known, Labels, Oversampler, Resampled, Rows


class MLSMOTE(Oversampler):
    """MLSMOTE of Charte, Rivera, del Jesus and Herrera, Knowledge-Based Systems 89 (2015), section 4.

    For every label whose IRLbl exceeds MeanIR, each film with that label is a seed: its k nearest neighbours among the
    films with the label are found, one of them is drawn, and a synthetic film is put at a random place on the line
    between the two. It gets the labels that at least half of the k + 1 films, seed and neighbours, have: the paper's
    way "ranking". A label on fewer than k + 1 films takes the neighbours there are; one on a single film has none.

    All seeds and neighbours are real films; the synthetic ones of earlier labels are not built upon. Films of which a
    label is not known do not vote on it, and of a synthetic film it is known where
    it has the label, or at least half of them know it.

    Args:
        neighbours: k.
    """

    def __init__(self, neighbours: int) -> None:
        self.neighbours = neighbours

    def resample_features(self, features: Features, labels: Labels, seed: int, known: Known | None = None) -> Resampled:
        """The films, then the synthetic ones, label by label."""
        votes_on = np.ones(labels.shape, dtype=bool) if known is None else known
        random = np.random.default_rng(seed)
        counts = labels.sum(axis=0, dtype=np.int64)  # (L,)
        all_features, all_labels, all_known = [features], [labels], [votes_on]
        for label in np.flatnonzero((irlbl(counts) > mean_ir(counts)) & (counts > 1)):
            films = np.flatnonzero(labels[:, label])  # (S,)
            near = films[_nearest(features[films], min(self.neighbours, len(films) - 1))]  # (S, k)
            reference = near[np.arange(len(films)), random.integers(near.shape[1], size=len(films))]  # (S,)
            place = random.random((len(films), 1), dtype=np.float32)  # (S, 1)
            all_features.append(_between(features[films], features[reference], place))
            votes = labels[films] + labels[near].sum(axis=1, dtype=np.int64)  # (S, L)
            voters = votes_on[films] + votes_on[near].sum(axis=1, dtype=np.int64)  # (S, L)
            all_labels.append(((2 * votes >= voters) & (voters > 0)).astype(labels.dtype))
            all_known.append((2 * voters >= near.shape[1] + 1) | (all_labels[-1] == 1))
        together = (
            sparse.vstack(all_features, format="csr") if sparse.issparse(features) else np.concatenate(all_features)
        )
        return Resampled(together, np.concatenate(all_labels), None if known is None else np.concatenate(all_known))


def _nearest(features: Features, neighbours: int) -> Rows:
    """Positions of each film's nearest other films (S, k)."""
    found: Rows = NearestNeighbors(n_neighbors=neighbours).fit(features).kneighbors(return_distance=False)
    return found


def _between(features: Features, reference: Features, place: npt.NDArray[np.float32]) -> Features:
    """The points at `place` (S, 1), from 0 to 1, on the lines between two matrices' rows."""
    step = reference - features
    return features + (step * place if isinstance(step, np.ndarray) else step.multiply(place).tocsr())
