"""What a threshold is tuned to, of decisions as they are made."""

import numpy as np
from torch import Tensor

from genre.metrics.sets import film_scores, label_scores

PARTS = {name: (name,) for name in ("jaccard", "f1_samples", "f1_macro")}
PARTS["balanced"] = ("jaccard", "f1_samples", "f1_macro")


def objective(name: str, predicted: Tensor, targets: Tensor, known: Tensor | None = None) -> float:
    """One of `PARTS` of the label sets `predicted` (B, L): that of `multilabel_metrics`, without all the others."""
    by_film = film_scores(predicted, targets, known)
    parts = [
        by_film[part] if part in by_film else label_scores(predicted, targets, known)["f1"] for part in PARTS[name]
    ]
    return float(np.mean([float(part.mean()) for part in parts]))
