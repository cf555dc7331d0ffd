"""What the most similar training films are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn import neighbors

from genre.models.baselines.classifier import Classifier, Model, Probabilities
from genre.models.baselines.features import Matrix, load_arrays, save_arrays
from genre.sampling import Known, Labels, Oversampler


class NeighbourModel(Model):
    """Labels of the k nearest training films, weighted by their cosine similarity.

    Of a label those films have a say that know it.

    Args:
        features: of the training films (N, F).
        labels: theirs, 0/1 (N, L).
        neighbours: k.
        known: which of the labels are known (N, L); None: all.
    """

    def __init__(self, features: Matrix, labels: Labels, neighbours: int, known: Known | None = None) -> None:
        self.features, self.labels, self.known = features, labels, known
        self.neighbours = min(neighbours, len(labels))
        self.search = neighbors.NearestNeighbors(n_neighbors=self.neighbours, metric="cosine", algorithm="brute")
        self.search.fit(features)

    def probabilities(self, features: Matrix) -> Probabilities:
        """See `Model`; a film without a similar one gets the labels' shares in the training films."""
        distances, films = self.search.kneighbors(features)  # (B, K) each
        weights = np.clip(1 - distances, 0, None)
        votes = np.einsum("bk,bkl->bl", weights, self.labels[films])  # (B, L)
        if self.known is None:
            total, share = weights.sum(axis=1, keepdims=True), self.labels.mean(axis=0)  # (B, 1), (L,)
        else:
            total = np.einsum("bk,bkl->bl", weights, self.known[films])  # (B, L)
            share = self.labels.sum(axis=0) / self.known.sum(axis=0).clip(min=1)
        shares = np.broadcast_to(share, votes.shape).copy()
        values: Probabilities = np.divide(votes, total, out=shares, where=np.broadcast_to(total > 0, votes.shape))
        return values.astype(np.float32)

    @property
    def size(self) -> int:
        """See `Model`: of a sparse matrix, what is not zero."""
        return int(self.features.size) + self.labels.size

    def save(self, folder: Path) -> None:
        """See `Model`."""
        matrix = self.features
        parts = {"values": matrix}
        if sparse.issparse(matrix):
            names = {"values": "data", "columns": "indices", "starts": "indptr"}
            parts = {name: getattr(matrix, attribute) for name, attribute in names.items()}
        parts |= {} if self.known is None else {"known": self.known}
        size = np.array(matrix.shape)
        neighbours = np.array(self.neighbours)
        save_arrays(
            folder / "classifier.npz", {**parts, "shape": size, "labels": self.labels, "neighbours": neighbours}
        )

    @classmethod
    def load(cls, folder: Path) -> "NeighbourModel":
        """See `Model`."""
        saved = load_arrays(folder / "classifier.npz")
        matrix: Matrix = saved["values"]
        if "columns" in saved:
            matrix = sparse.csr_matrix((matrix, saved["columns"], saved["starts"]), shape=tuple(saved["shape"]))
        return cls(matrix, saved["labels"], int(saved["neighbours"]), saved.get("known"))


class NearestNeighbours(Classifier):
    """The k nearest neighbours.

    Args:
        neighbours: k, several to choose from.
        oversampler: of the training films.
        seed: of what is drawn.
    """

    setting_name = "neighbours"
    model = NeighbourModel

    def __init__(self, neighbours: Sequence[int], oversampler: Oversampler, seed: int) -> None:
        super().__init__(neighbours, oversampler, seed)

    def fit(self, features: Matrix, labels: Labels, setting: float, known: Known | None = None) -> NeighbourModel:
        """See `Classifier`."""
        return NeighbourModel(features, labels, int(setting), known)
