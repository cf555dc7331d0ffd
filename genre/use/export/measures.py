"""An exported model beside the run that it is of: scores, size, speed."""

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from rich.console import Console
from torch import Tensor

from genre.calibration import Calibration
from genre.data.truth import Scoring
from genre.decision import decide
from genre.metrics import multilabel_metrics, paired_bootstrap
from genre.use.scorer import Scorer, Scores, probabilities

SHOWN = ("jaccard", "f1_samples", "f1_macro")


@dataclass(frozen=True)
class Measured:
    """What a model says of B films, and what that costs.

    Attributes:
        name: of the model.
        megabytes: of its weights.
        values: probabilities (B, L), calibrated.
        films_per_second: from descriptions to probabilities.
    """

    name: str
    megabytes: float
    values: Scores
    films_per_second: float


def measured(name: str, scorer: Scorer, megabytes: float, texts: list[str], calibration: Calibration) -> Measured:
    """Let a model read texts, and calibrate what it says."""
    labels = len(calibration.maps)
    probabilities(scorer, texts[:1], labels)  # what only a first call has to do
    begin = time.perf_counter()
    values = probabilities(scorer, texts, labels, progress=Console().is_terminal)[1]
    seconds = time.perf_counter() - begin
    return Measured(name, megabytes, calibration(torch.from_numpy(values)).numpy(), len(texts) / seconds)


def compared(
    models: list[Measured], reference: Scores, thresholds: Tensor, fallback: str, truth: Scoring
) -> pd.DataFrame:
    """A row for each model: its size, its speed, how far it is from the reference, its metrics.

    Args:
        models: that have read the same films.
        reference: probabilities (B, L) of the run, in float32.
        thresholds: (L,).
        fallback: see `decide`.
        truth: of the films.
    """
    sets = decide(torch.from_numpy(reference), thresholds, fallback)
    rows = []
    for model in models:
        predicted = decide(torch.from_numpy(model.values), thresholds, fallback)
        found = multilabel_metrics(predicted, truth.targets, truth.known)
        rows.append(
            {
                "model": model.name,
                "MB": model.megabytes,
                "films a second": model.films_per_second,
                "largest difference": float(np.abs(model.values - reference).max(initial=0)),
                "same label sets": float((predicted == sets).all(dim=1).double().mean()),
                **{name: found[name] for name in SHOWN},
            }
        )
    return pd.DataFrame(rows)


def loss_of_quality(
    reference: Scores, values: Scores, thresholds: Tensor, fallback: str, truth: Scoring, resamples: int
) -> pd.DataFrame:
    """What it costs B films that a model is not exact: metrics of both, their difference and its 95 % interval."""
    exact, other = map(torch.from_numpy, (reference, values))  # (B, L)
    table = paired_bootstrap(
        (exact, decide(exact, thresholds, fallback)),
        (other, decide(other, thresholds, fallback)),
        truth.targets,
        truth.known,
        resamples=resamples,
    )
    kept = table[table["metric"].isin(SHOWN)]
    return kept[["metric", "a", "b", "difference", "low", "high"]].reset_index(drop=True)
