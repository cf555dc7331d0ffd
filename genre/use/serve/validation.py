"""What other thresholds would have done to the validation films of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from genre.data.truth import Scoring
from genre.decision import decide
from genre.metrics.sets import label_scores, multilabel_metrics, only_known
from genre.runs.folder import RunFolder
from genre.runs.intact import intact
from genre.runs.records import read_labels, read_prediction_table, read_thresholds, stacked, truth_in
from genre.use.serve.limits import UNREADABLE, RefusedError

SHIFTS = [quarter / 4 for quarter in range(-12, 13)]  # that can be chosen
SCORES = ("precision", "recall", "f1")


def moved(thresholds: Mapping[str, float], shift: float) -> dict[str, float]:
    """Thresholds with their log-odds moved: all stay between 0 and 1, and none overtakes another.

    Example:
        >>> {label: round(value, 2) for label, value in moved({"War": 0.5, "Drama": 0.2}, 1).items()}
        {'War': 0.73, 'Drama': 0.4}
        >>> moved({"War": 0.1}, 0)
        {'War': 0.1}
    """
    if shift == 0:
        return dict(thresholds)
    values = torch.tensor(list(thresholds.values()), dtype=torch.double)
    return dict(zip(thresholds, (values.logit(1e-9) + shift).sigmoid().tolist(), strict=True))


def require_shift(shift: Any) -> None:
    """Refuse what thresholds cannot be moved by.

    Raises:
        RefusedError: for anything but a number between those of `SHIFTS`.
    """
    if not isinstance(shift, int | float) or not SHIFTS[0] <= shift <= SHIFTS[-1]:
        raise RefusedError(UNREADABLE, f"thresholds: are moved by a number from {SHIFTS[0]:g} to {SHIFTS[-1]:g}")


@dataclass(frozen=True)
class Validation:
    """What a run said of its N validation films, and what is true of them.

    Attributes:
        thresholds: of the L labels.
        fallback: see `genre.decision.decide`.
        probabilities: (N, L).
        scoring: their labels, as the run's metric counts them.
    """

    thresholds: dict[str, float]
    fallback: str
    probabilities: Tensor
    scoring: Scoring

    def predicted(self, shift: float) -> Tensor:
        """0/1 (N, L) under thresholds that are moved, of the labels that count."""
        thresholds = torch.tensor(list(moved(self.thresholds, shift).values()))
        return self.scoring.of_labels(decide(self.probabilities, thresholds, self.fallback))

    def scores(self, shift: float) -> dict[str, float]:
        """`SCORES`, micro, and labels a film under thresholds that are moved."""
        predicted = self.predicted(shift)
        scores = multilabel_metrics(predicted, self.scoring.targets, self.scoring.known)
        told = {name: scores[f"{name}_micro"] for name in SCORES}
        return told | {"labels a film": predicted.sum(dim=1).double().mean().item()}

    @cached_property
    def curve(self) -> pd.DataFrame:
        """`scores` of each shift of `SHIFTS`, which are the index."""
        return pd.DataFrame([self.scores(shift) for shift in SHIFTS], index=SHIFTS)

    def of_labels(self, shift: float) -> pd.DataFrame:
        """A row for each label that counts: threshold, precision, recall, films with it and films that are given it."""
        predicted, targets, known = self.predicted(shift), self.scoring.targets, self.scoring.known
        scores = label_scores(predicted, targets, known)
        count = self.scoring.labels
        names = [name for place, name in enumerate(self.thresholds) if count is None or count[place]]
        thresholds = moved(self.thresholds, shift)
        return pd.DataFrame(
            {
                "threshold": [thresholds[name] for name in names],
                "precision": scores["precision"],
                "recall": scores["recall"],
                "films": only_known(targets, known).int().sum(dim=0),
                "given": only_known(predicted, known).int().sum(dim=0),
            },
            index=names,
        )


def read_validation(folder: Path) -> Validation | None:
    """The record in a run folder; None where there is none: an exported model, or a run without validation films.

    Raises:
        UserError: when it is damaged.
    """
    run = RunFolder(folder)
    if not run.predictions_file.is_file():
        return None
    table = read_prediction_table(run)
    films = table[table["split"] == "val"]
    if films.empty:
        return None
    cfg = run.config()
    thresholds = dict(zip(read_labels(run), read_thresholds(run).tolist(), strict=True))
    with intact(run.predictions_file):
        probabilities = torch.from_numpy(stacked(films["probabilities"]))
        scoring = truth_in(films).scoring_of(cfg.metric)
    return Validation(thresholds, cfg.decision.fallback, probabilities, scoring)
