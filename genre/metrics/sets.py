"""How good predicted label sets are, computed on a whole split.

A cell that is unknown is neither right nor wrong: every count is of known cells.
"""

from typing import Literal

import torch
from torch import Tensor
from torchmetrics.functional.classification import multilabel_f1_score, multilabel_precision, multilabel_recall

_SCORES = {"f1": multilabel_f1_score, "precision": multilabel_precision, "recall": multilabel_recall}
_Average = Literal["none", "micro", "macro", "weighted"]
_AVERAGES: tuple[_Average, ...] = ("micro", "macro", "weighted")


def only_known(cells: Tensor, known: Tensor | None) -> Tensor:
    """0/1 cells (B, L) with 0 where they are not known; as they are for None."""
    return cells if known is None else cells * known


def film_scores(predicted: Tensor, targets: Tensor, known: Tensor | None = None) -> dict[str, Tensor]:
    """Scores of each film, (B,) in float64; `multilabel_metrics` gives their means under the same names.

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        known: bool (B, L); a film's scores are of its known cells alone. None: all are.
    """
    predicted, targets = only_known(predicted.bool(), known), only_known(targets.bool(), known)
    cells = targets.shape[1] if known is None else known.sum(dim=1).clamp(min=1)  # of each film
    hits = (predicted & targets).sum(dim=1).double()  # (B,)
    chosen, true = predicted.sum(dim=1).double(), targets.sum(dim=1).double()  # (B,)
    wrong = predicted != targets  # (B, L)
    return {
        "jaccard": hits / (chosen + true - hits).clamp(min=1),
        "hamming_loss": wrong.sum(dim=1).double() / cells,
        "subset_accuracy": (~wrong.any(dim=1)).double(),
        "at_least_one": (hits >= 1).double(),
        "at_least_two": (hits >= 2).double(),
        "all_found": (hits == true).double(),
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


def label_scores(predicted: Tensor, targets: Tensor, known: Tensor | None = None) -> dict[str, Tensor]:
    """`f1`, `precision` and `recall` of each label, (L,), on its known cells; arguments as of `film_scores`."""
    averaged = _averaged(only_known(predicted, known), only_known(targets, known), "none")
    # torchmetrics makes a scalar of a single label
    return {name: values.reshape(-1) for name, values in averaged.items()}


def multilabel_metrics(predicted: Tensor, targets: Tensor, known: Tensor | None = None) -> dict[str, float]:
    """Metrics of label sets; where a score is 0/0 it counts as 0, as in scikit-learn with `zero_division=0`.

    - `jaccard`: `|predicted and true| / |predicted or true|`, the mean over films; `hamming_loss`: share of a film's
      cells that are wrong, the mean over films; `subset_accuracy`: share of films with exactly the true set
    - `at_least_one`, `at_least_two`, `all_found`: share of films with at least one / two / all of their true labels
      predicted
    - `f1`, `precision`, `recall` as `_samples` (mean over films), `_micro` (over all cells), `_macro` (mean over
      labels), `_weighted` (mean over labels by support), and `f1_macro_supported`: the mean over the labels that occur
      among the targets
    - `cardinality_true`, `cardinality_predicted`: how many labels a film has, and how many it is given, on average
    - `labels`, `labels_supported`: how many labels the two macro means are over

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        known: bool (B, L); what is unknown counts neither way, as if there were no such cell. None: all are known.
    """
    predicted, targets = only_known(predicted, known), only_known(targets, known)
    metrics = {name: values.mean() for name, values in film_scores(predicted, targets, known).items()}
    for average in _AVERAGES:
        metrics |= {f"{name}_{average}": value for name, value in _averaged(predicted, targets, average).items()}
    supported = targets.sum(dim=0) > 0  # (L,)
    by_label = label_scores(predicted, targets)["f1"]  # (L,)
    metrics["f1_macro_supported"] = by_label[supported].mean() if supported.any() else torch.tensor(0.0)
    metrics["labels"] = torch.tensor(targets.shape[1])
    metrics["labels_supported"] = supported.sum()
    return {name: float(value) for name, value in metrics.items()}
