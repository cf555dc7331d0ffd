"""How good predicted label sets are, computed on a whole split."""

from typing import Literal

import torch
from torch import Tensor
from torchmetrics.functional.classification import multilabel_f1_score, multilabel_precision, multilabel_recall

_SCORES = {"f1": multilabel_f1_score, "precision": multilabel_precision, "recall": multilabel_recall}
_Average = Literal["none", "micro", "macro", "weighted"]
_AVERAGES: tuple[_Average, ...] = ("micro", "macro", "weighted")


def film_scores(predicted: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """Scores of each film, (B,) in float64; `multilabel_metrics` gives their means under the same names.

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
    """
    predicted, targets = predicted.bool(), targets.bool()
    hits = (predicted & targets).sum(dim=1).double()  # (B,)
    chosen, true = predicted.sum(dim=1).double(), targets.sum(dim=1).double()  # (B,)
    wrong = predicted != targets  # (B, L)
    return {
        "jaccard": hits / (chosen + true - hits).clamp(min=1),
        "hamming_loss": wrong.double().mean(dim=1),
        "subset_accuracy": (~wrong.any(dim=1)).double(),
        "at_least_one": (hits >= 1).double(),
        "at_least_two": (hits >= 2).double(),
        # torchmetrics' samplewise average fails on a split of one film, so these are written out
        "f1_samples": 2 * hits / (chosen + true).clamp(min=1),
        "precision_samples": hits / chosen.clamp(min=1),
        "recall_samples": hits / true.clamp(min=1),
        "cardinality_true": true,
        "cardinality_predicted": chosen,
    }


def _averaged(predicted: Tensor, targets: Tensor, average: _Average) -> dict[str, Tensor]:
    predicted, targets = predicted.int(), targets.int()
    # torchmetrics' checks would refuse a single label, which is what settings may leave of the genres
    return {
        name: score(predicted, targets, targets.shape[1], average=average, validate_args=False)
        for name, score in _SCORES.items()
    }


def label_scores(predicted: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """`f1`, `precision` and `recall` of each label, (L,); arguments as of `film_scores`."""
    # torchmetrics makes a scalar of a single label
    return {name: values.reshape(-1) for name, values in _averaged(predicted, targets, "none").items()}


def multilabel_metrics(predicted: Tensor, targets: Tensor) -> dict[str, float]:
    """Metrics of label sets; where a score is 0/0 it counts as 0, as in scikit-learn with `zero_division=0`.

    - `jaccard`: |predicted and true| / |predicted or true|, the mean over films; `hamming_loss`: share of wrong cells;
      `subset_accuracy`: share of films with exactly the true set
    - `at_least_one`, `at_least_two`: share of films with at least one / two of their true labels predicted
    - `f1`, `precision`, `recall` as `_samples` (mean over films), `_micro` (over all cells), `_macro` (mean over
      labels), `_weighted` (mean over labels by support), and `f1_macro_supported`: the mean over the labels that occur
      among the targets
    - `cardinality_true`, `cardinality_predicted`: how many labels a film has, and how many it is given, on average
    - `labels`, `labels_supported`: how many labels the two macro means are over

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
    """
    metrics = {name: values.mean() for name, values in film_scores(predicted, targets).items()}
    for average in _AVERAGES:
        metrics |= {f"{name}_{average}": value for name, value in _averaged(predicted, targets, average).items()}
    supported = targets.sum(dim=0) > 0  # (L,)
    by_label = label_scores(predicted, targets)["f1"]  # (L,)
    metrics["f1_macro_supported"] = by_label[supported].mean() if supported.any() else torch.tensor(0.0)
    metrics["labels"] = torch.tensor(targets.shape[1])
    metrics["labels_supported"] = supported.sum()
    return {name: float(value) for name, value in metrics.items()}
