"""The metrics of many resamples of the same films at once.

A resample holds each film some number of times. torchmetrics knows no such counts, so here every metric is written as a
product of the counts with sums that are made once; the test of this module repeats rows and asks `film_metrics`.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from torch import Tensor

from genre.metrics.calibration import BINS, cell_losses, label_bins, residual_errors
from genre.metrics.ranking import film_rankings
from genre.metrics.sets import film_scores, only_known

Floats = NDArray[np.float64]


class WeightedMetrics:
    """Metrics of films by how often each occurs.

    What the convention of a metric is for the films, it is for the resample: a score of 0/0 counts as 0, and a label is
    supported where the resample holds a film with it.

    Args:
        probabilities: (B, L), between 0 and 1.
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        known: bool (B, L); what is unknown counts neither way, however often its film occurs. None: all are known.
    """

    def __init__(self, probabilities: Tensor, predicted: Tensor, targets: Tensor, known: Tensor | None = None) -> None:
        by_film = film_scores(predicted, targets, known) | film_rankings(probabilities, targets, known)
        self._film_names = list(by_film)
        self._film_scores = np.stack([values.numpy() for values in by_film.values()])  # (F, B)
        chances, true = probabilities.double().numpy(), only_known(targets.bool(), known).numpy()  # (B, L) each
        gaps, ranked = chances - true, chances
        self._known = None
        losses = cell_losses(chances, true)  # (B, L)
        if known is not None:
            self._known = known.numpy().T.astype(float)  # (L, B)
            # unknown cells go behind the last positive, where nothing has a part in average precision
            losses = losses * known.numpy()
            gaps, ranked = gaps * known.numpy(), np.where(known.numpy(), chances, -1)
        self._losses = losses.sum(axis=1)  # (B,)
        self._chosen = only_known(predicted.bool(), known).numpy().T.astype(float)  # (L, B)
        self._true = true.T.astype(float)  # (L, B)
        self._by_label = [_Ranking(*columns) for columns in zip(ranked.T[..., None], true.T[..., None], strict=True)]
        self._by_cell = _Ranking(ranked, true)
        films = np.arange(len(true)).repeat(true.shape[1])  # (B * L,)
        self._residuals = csr_array(
            (gaps.ravel(), (label_bins(chances).ravel(), films)), shape=(true.shape[1] * BINS, len(true))
        )

    def __call__(self, counts: Floats) -> tuple[dict[str, Floats], Floats]:
        """Metrics and F1 of each label of C resamples.

        Args:
            counts: (B, C): how often each film occurs in each resample; each resample has B films in all.

        Returns:
            Those of `film_metrics` that are no counts of labels, (C,) each, and F1 (L, C).
        """
        films = len(counts)
        metrics = dict(zip(self._film_names, self._film_scores @ counts / films, strict=True))
        hits, chosen, true = (
            cells @ counts for cells in (self._chosen * self._true, self._chosen, self._true)
        )  # (L, C)
        supported = (true > 0).sum(axis=0).clip(min=1)  # (C,)
        parts = {"f1": (2 * hits, chosen + true), "precision": (hits, chosen), "recall": (hits, true)}
        by_label = {}
        for name, (above, below) in parts.items():
            scores = by_label[name] = above / below.clip(min=1)  # (L, C)
            metrics[f"{name}_micro"] = above.sum(axis=0) / below.sum(axis=0).clip(min=1)
            metrics[f"{name}_macro"] = scores.mean(axis=0)
            metrics[f"{name}_weighted"] = (scores * true).sum(axis=0) / true.sum(axis=0).clip(min=1)
        # a label without support has neither hits nor positives: F1 and average precision 0
        metrics["f1_macro_supported"] = by_label["f1"].sum(axis=0) / supported
        precisions = np.stack([ranking.average_precision(counts) for ranking in self._by_label])  # (L, C)
        metrics["mean_average_precision"] = precisions.sum(axis=0) / supported
        metrics["map_micro"] = self._by_cell.average_precision(counts)
        cells = np.full_like(true, films) if self._known is None else self._known @ counts  # (L, C)
        metrics["calibration_error"], errors = residual_errors(self._residuals @ counts, cells)
        metrics["calibration_error_macro"] = errors.mean(axis=0)
        metrics["log_loss"] = self._losses @ counts / cells.sum(axis=0).clip(min=1)
        return metrics, by_label["f1"]


class _Ranking:
    """Cells from the most to the least probable, in stretches that end where recall rises.

    A stretch ends with a group of ties that holds a positive; what follows the last of them never counts.

    Args:
        chances: (B, K).
        positive: bool (B, K).
    """

    def __init__(self, chances: Floats, positive: NDArray[np.bool_]) -> None:
        films, width = chances.shape
        order = np.argsort(-chances, axis=None)
        chances, positive, film = chances.ravel()[order], positive.ravel()[order], order // width  # (B * K,) each
        ends = np.flatnonzero(np.append(np.diff(chances) != 0, True))  # the last cell of each group of ties
        found = np.cumsum(positive)[ends]
        ends = ends[np.diff(found, prepend=0) > 0]
        stretch = np.searchsorted(ends, np.arange(len(order)))  # which of the S stretches a cell is in
        self._cells, self._positives = (
            csr_array((np.ones(kept.sum()), (stretch[kept], film[kept])), shape=(len(ends), films))
            for kept in (stretch < len(ends), positive)
        )

    def average_precision(self, counts: Floats) -> Floats:
        """Sum of rise in recall * precision over the stretches, (C,), for counts (B, C); 0 without positives."""
        hits = self._positives @ counts  # (S, C)
        precision = np.cumsum(hits, axis=0) / np.cumsum(self._cells @ counts, axis=0).clip(min=1)
        return np.asarray((hits * precision).sum(axis=0) / hits.sum(axis=0).clip(min=1))
