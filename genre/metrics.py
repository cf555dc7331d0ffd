"""How good predicted label sets are, computed on a whole split."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor
from torchmetrics.functional.classification import (
    multilabel_exact_match,
    multilabel_f1_score,
    multilabel_hamming_distance,
    multilabel_precision,
    multilabel_recall,
)

_SCORES = {"f1": multilabel_f1_score, "precision": multilabel_precision, "recall": multilabel_recall}


def multilabel_metrics(predicted: Tensor, targets: Tensor) -> dict[str, float]:
    """Metrics of label sets; where a score is 0/0 it counts as 0, as in scikit-learn with `zero_division=0`.

    - `jaccard`: |predicted and true| / |predicted or true|, the mean over films; `hamming_loss`: share of wrong cells;
      `subset_accuracy`: share of films with exactly the true set
    - `at_least_one`, `at_least_two`: share of films with at least one / two of their true labels predicted
    - `f1`, `precision`, `recall` as `_samples` (mean over films), `_micro` (over all cells), `_macro` (mean over
      labels), `_weighted` (mean over labels by support), and `f1_macro_supported`: the mean over the labels that occur
      among the targets
    - `labels`, `labels_supported`: how many labels the two macro means are over

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
    """
    predicted, targets = predicted.int(), targets.int()
    labels = targets.shape[1]
    hits = (predicted & targets).sum(dim=1).double()  # (B,)
    chosen, true = predicted.sum(dim=1), targets.sum(dim=1)  # (B,)
    supported = targets.sum(dim=0) > 0  # (L,)
    metrics = {
        "jaccard": (hits / (chosen + true - hits).clamp(min=1)).mean(),
        "hamming_loss": multilabel_hamming_distance(predicted, targets, labels),
        "subset_accuracy": multilabel_exact_match(predicted, targets, labels),
        "at_least_one": (hits >= 1).double().mean(),
        "at_least_two": (hits >= 2).double().mean(),
    }
    # torchmetrics' samplewise average fails on a split of one film, so these are written out
    metrics["f1_samples"] = (2 * hits / (chosen + true).clamp(min=1)).mean()
    metrics["precision_samples"] = (hits / chosen.clamp(min=1)).mean()
    metrics["recall_samples"] = (hits / true.clamp(min=1)).mean()
    for name, score in _SCORES.items():
        for average in ("micro", "macro", "weighted"):
            metrics[f"{name}_{average}"] = score(predicted, targets, labels, average=average)
    by_label = multilabel_f1_score(predicted, targets, labels, average="none")  # (L,)
    metrics["f1_macro_supported"] = by_label[supported].mean() if supported.any() else torch.tensor(0.0)
    metrics["labels"] = torch.tensor(labels)
    metrics["labels_supported"] = supported.sum()
    return {name: float(value) for name, value in metrics.items()}


def per_label_metrics(predicted: Tensor, targets: Tensor, names: Sequence[str]) -> pd.DataFrame:
    """Precision, recall, F1, support and number of predictions of each label, one row per label.

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        names: of the L labels.
    """
    predicted, targets = predicted.int(), targets.int()
    columns = {
        name: _SCORES[name](predicted, targets, len(names), average="none").numpy()
        for name in ("precision", "recall", "f1")
    }
    counts = {"support": targets.sum(dim=0).numpy(), "predicted": predicted.sum(dim=0).numpy()}
    return pd.DataFrame({"genre": list(names), **columns, **counts})
