"""All metrics of a split, and those of each label."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor

from genre.metrics.calibration import calibration_metrics, label_calibration_error
from genre.metrics.ranking import label_average_precision, ranking_metrics
from genre.metrics.sets import label_scores, multilabel_metrics


def film_metrics(probabilities: Tensor, predicted: Tensor, targets: Tensor) -> dict[str, float]:
    """The metrics of `multilabel_metrics`, `ranking_metrics` and `calibration_metrics`.

    Args:
        probabilities: (B, L), between 0 and 1.
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
    """
    return (
        multilabel_metrics(predicted, targets)
        | ranking_metrics(probabilities, targets)
        | calibration_metrics(probabilities, targets)
    )


def film_metric_names() -> list[str]:
    """Names of all `film_metrics`."""
    targets = torch.eye(2, dtype=torch.int)
    return list(film_metrics(targets.float(), targets, targets))


def per_label_metrics(predicted: Tensor, targets: Tensor, names: Sequence[str], probabilities: Tensor) -> pd.DataFrame:
    """How good the predictions of each label are, one row per label.

    `genre`, `precision`, `recall`, `f1`, `support` (films with the label), `predicted` (films that were given it),
    `average_precision` (0 without support) and `calibration_error`.

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        names: of the L labels.
        probabilities: (B, L), between 0 and 1.
    """
    scores = label_scores(predicted, targets)
    return pd.DataFrame(
        {
            "genre": list(names),
            "precision": scores["precision"],
            "recall": scores["recall"],
            "f1": scores["f1"],
            "support": targets.int().sum(dim=0),
            "predicted": predicted.int().sum(dim=0),
            "average_precision": label_average_precision(probabilities, targets),
            "calibration_error": label_calibration_error(probabilities, targets),
        }
    )
