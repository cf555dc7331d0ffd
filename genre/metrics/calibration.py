"""Whether probabilities are what they say: of the cells given 0.3, about 30 % should be positive.

The expected calibration error of Guo et al. (2017, "On Calibration of Modern Neural Networks", eq. 3), each cell a
binary case: cells fall into equal-width bins of their probability, and `|mean probability - share of positives|` is
averaged over the bins by their number of cells. With n_b of N cells in bin b this is
`sum_b n_b / N * |sum_b (p - y)| / n_b = sum_b |sum_b (p - y)| / N`: all that is needed of a bin is its residual, the
sum of p - y over its cells.

Bins hold their lower edge, the last one both. torchmetrics' `binary_calibration_error` is the same but for
probabilities of exactly 1, which it puts in a sixteenth bin of their own.

Log loss looks at each cell by itself: `-ln p` of what was true of it, the mean over cells. Probabilities of 0 and 1 are
taken for the next float32 numbers that scikit-learn takes there, so that one cell cannot make it infinite.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from torch import Tensor

from genre.metrics.proportions import proportion_interval

BINS = 15
_NEXT = float(np.finfo(np.float32).eps)  # to 0 and to 1

Floats = NDArray[np.float64]


def bin_numbers(probabilities: Floats, bins: int = BINS) -> NDArray[np.int64]:
    """The bin of each probability, from 0; the shape stays."""
    return np.digitize(probabilities, np.linspace(0, 1, bins + 1)[1:-1])


def label_bins(probabilities: Floats) -> NDArray[np.int64]:
    """Number of the label and bin of each probability, (B, L), from 0 to L * BINS - 1: label by label, bin by bin."""
    return np.arange(probabilities.shape[1]) * BINS + bin_numbers(probabilities)


def residual_errors(residuals: Floats, cells: Floats) -> tuple[Floats, Floats]:
    """Calibration error from the residuals of bins.

    Args:
        residuals: (L * BINS, ...), in the order of `label_bins`.
        cells: how many each label has (L, ...); a label without any has error 0.

    Returns:
        The error pooled over all cells, (...), and the error of each label, (L, ...).
    """
    residuals = residuals.reshape(-1, BINS, *residuals.shape[1:])  # (L, BINS, ...)
    by_label = np.abs(residuals).sum(axis=1) / cells.clip(min=1)
    pooled = np.abs(residuals.sum(axis=0)).sum(axis=0) / cells.sum(axis=0).clip(min=1)
    return pooled, by_label


def _errors(probabilities: Tensor, targets: Tensor, known: Tensor | None) -> tuple[Floats, Floats]:
    chances = probabilities.double().numpy()
    films, labels = chances.shape
    cells, gaps = np.full(labels, float(films)), chances - targets.numpy()
    if known is not None:
        cells, gaps = known.double().sum(dim=0).numpy(), gaps * known.numpy()
    residuals = np.zeros(labels * BINS)
    np.add.at(residuals, label_bins(chances), gaps)
    return residual_errors(residuals, cells)


def cell_losses(probabilities: Floats, targets: NDArray[np.bool_]) -> Floats:
    """Log loss of each cell, the shape of both."""
    losses: Floats = -np.log(np.clip(np.where(targets, probabilities, 1 - probabilities), _NEXT, 1 - _NEXT))
    return losses


def label_log_loss(probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Floats:
    """Log loss of the known cells of each label, (L,), 0 without any; arguments as of `calibration_metrics`."""
    losses, sure = _losses(probabilities, targets, known)
    return np.asarray(losses.sum(axis=0) / sure.sum(axis=0).clip(min=1))


def _losses(probabilities: Tensor, targets: Tensor, known: Tensor | None) -> tuple[Floats, NDArray[np.bool_]]:
    """Log loss of each cell (B, L), 0 where nothing is known, and whether it is known."""
    sure = np.ones(targets.shape, dtype=bool) if known is None else known.numpy().astype(bool)
    return cell_losses(probabilities.double().numpy(), targets.numpy().astype(bool)) * sure, sure


def label_calibration_error(probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Floats:
    """Expected calibration error of the known cells of each label, (L,); arguments as of `calibration_metrics`."""
    return _errors(probabilities, targets, known)[1]


def calibration_metrics(probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> dict[str, float]:
    """Expected calibration error in 15 bins, and log loss.

    - `calibration_error`: pooled over all cells
    - `calibration_error_macro`: of each label, the mean over labels
    - `log_loss`: the mean over cells

    Args:
        probabilities: (B, L), between 0 and 1.
        targets: 0/1 (B, L).
        known: bool (B, L); all three are of known cells alone, 0 for a label without any. None: all are known.
    """
    pooled, by_label = _errors(probabilities, targets, known)
    losses, sure = _losses(probabilities, targets, known)
    return {
        "calibration_error": float(pooled),
        "calibration_error_macro": float(by_label.mean()),
        "log_loss": float(losses.sum() / max(1, sure.sum())),
    }


def reliability(probabilities: Tensor, targets: Tensor, bins: int = BINS, known: Tensor | None = None) -> pd.DataFrame:
    """The bins behind the pooled calibration error, for a reliability diagram.

    Args:
        probabilities: any shape, between 0 and 1.
        targets: 0/1, the same shape.
        bins: how many equal-width bins.
        known: bool, the same shape; what is unknown is in no bin. None: all are known.

    Returns:
        One row per bin: `bin` from 0, `mean_probability`, `share_positive`, the ends of its 95 % interval, and `count`.
        The interval is Wilson's, as if cells were independent. What is said of an empty bin are missing values.
    """
    if known is not None:
        probabilities, targets = probabilities[known], targets[known]
    cells = pd.DataFrame({"mean_probability": probabilities.double().flatten(), "share_positive": targets.flatten()})
    by_bin = cells.groupby(bin_numbers(cells["mean_probability"].to_numpy(), bins))
    table = by_bin.mean().assign(count=by_bin.size()).reindex(range(bins)).rename_axis("bin").reset_index()
    count = table.pop("count").fillna(0).astype(int)
    positives = (table["share_positive"] * count).fillna(0).round().astype(int)
    low, high = proportion_interval(positives, count)
    return table.assign(share_positive_low=low, share_positive_high=high, count=count)
