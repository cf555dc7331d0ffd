"""All metrics of a split, and those of each label."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor

from genre.metrics.calibration import calibration_metrics, label_calibration_error, label_log_loss
from genre.metrics.ranking import label_average_precision, ranking_metrics
from genre.metrics.sets import label_scores, multilabel_metrics, only_known


def film_metrics(
    probabilities: Tensor, predicted: Tensor, targets: Tensor, known: Tensor | None = None
) -> dict[str, float]:
    """The metrics of `multilabel_metrics`, `ranking_metrics` and `calibration_metrics`.

    Args:
        probabilities: (B, L), between 0 and 1.
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        known: bool (B, L); what is unknown counts neither way. None: all are known.
    """
    return (
        multilabel_metrics(predicted, targets, known)
        | ranking_metrics(probabilities, targets, known)
        | calibration_metrics(probabilities, targets, known)
    )


def film_metric_names() -> list[str]:
    """Names of all `film_metrics`."""
    targets = torch.eye(2, dtype=torch.int)
    return list(film_metrics(targets.float(), targets, targets))


def per_label_metrics(
    predicted: Tensor,
    targets: Tensor,
    names: Sequence[str],
    probabilities: Tensor,
    known: Tensor | None = None,
) -> pd.DataFrame:
    """How good the predictions of each label are, one row per label.

    `genre`, `precision`, `recall`, `f1`, `support` (films with the label), `predicted` (films that were given it),
    `average_precision` (0 without support), `calibration_error` and `log_loss`; where `known` is given, `known` (films
    of which the label is known) as well.

    Args:
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        names: of the L labels.
        probabilities: (B, L), between 0 and 1.
        known: bool (B, L); all columns are of the films of which the label is known. None: it is of all.
    """
    scores = label_scores(predicted, targets, known)
    table = pd.DataFrame(
        {
            "genre": list(names),
            "precision": scores["precision"],
            "recall": scores["recall"],
            "f1": scores["f1"],
            "support": only_known(targets, known).int().sum(dim=0),
            "predicted": only_known(predicted, known).int().sum(dim=0),
            "average_precision": label_average_precision(probabilities, targets, known),
            "calibration_error": label_calibration_error(probabilities, targets, known),
            "log_loss": label_log_loss(probabilities, targets, known),
        }
    )
    return table if known is None else table.assign(known=known.sum(dim=0).numpy())
