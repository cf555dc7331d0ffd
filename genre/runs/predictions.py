"""What a run said of each film, as its plots and its page of films want it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from genre.data.truth import Truth
from genre.decision import decide
from genre.errors import UserError
from genre.runs.folder import RunFolder
from genre.runs.records import read_labels, read_prediction_table, read_thresholds, stacked, truth_in


@dataclass(frozen=True)
class PartPredictions:
    """Films of one part of the data.

    Attributes:
        movie_ids: of the B films.
        probabilities: (B, L), calibrated where the run is.
        raw: those that the model gave (B, L); None where they are the same.
        truth: their labels (B, L).
        predicted: label sets, 0/1 (B, L), at least one label a film.
    """

    movie_ids: list[str]
    probabilities: Tensor
    truth: Truth
    predicted: Tensor
    raw: Tensor | None = None

    @property
    def given(self) -> Tensor:
        """What the model itself gave (B, L), before any calibration."""
        return self.probabilities if self.raw is None else self.raw

    @cached_property
    def targets(self) -> Tensor:
        """0/1 (B, L), as the cells say."""
        return self.truth.scoring("").targets

    @cached_property
    def jaccard(self) -> npt.NDArray[np.float64]:
        """`|predicted and true| / |predicted or true|` of each film (B,)."""
        both = (self.predicted & self.targets).sum(dim=1)
        either = (self.predicted | self.targets).sum(dim=1)
        values: npt.NDArray[np.float64] = (both / either).double().numpy()
        return values


@dataclass(frozen=True)
class Predictions:
    """Validation and test films of a run.

    Attributes:
        genres: the L genres.
        thresholds: (L,).
        metric: which they follow, such as `val_known/jaccard`.
        val: validation films.
        test: test films.
        cv: the films of its cross-validation, each as a model says that has not seen it; None where there was none.
    """

    genres: tuple[str, ...]
    thresholds: Tensor
    metric: str
    val: PartPredictions
    test: PartPredictions
    cv: PartPredictions | None = None


def read_predictions(run: RunFolder) -> Predictions:
    """What a finished run said of its films.

    Raises:
        UserError: when the file of predictions is missing.
    """
    cfg = run.config()
    genres, thresholds = read_labels(run), read_thresholds(run)
    table = read_prediction_table(run)

    def part(name: str) -> PartPredictions:
        films = table[table["split"] == name]
        probabilities = torch.from_numpy(stacked(films["probabilities"]))
        predicted = decide(probabilities, thresholds, cfg.decision.fallback)
        raw = None
        if "raw_probabilities" in films and films["raw_probabilities"].notna().all():
            raw = torch.from_numpy(stacked(films["raw_probabilities"]))
        return PartPredictions(films["movie_id"].tolist(), probabilities, truth_in(films), predicted, raw)

    cv = part("cv") if (table["split"] == "cv").any() else None
    return Predictions(genres, thresholds, cfg.metric, part("val"), part("test"), cv)


def require_same_test_films(run: RunFolder, other: RunFolder) -> None:
    """Refuse a comparison of runs that were tested on different things.

    Raises:
        UserError: when their genres, their test films or these films' genres differ.
    """
    ours, theirs = read_labels(run), read_labels(other)
    if ours != theirs:
        odd = sorted(set(ours) ^ set(theirs))
        raise UserError(f"beside={other.path}: its genres are others ({', '.join(odd)} only in one of the two runs)")
    if _truth(run) != _truth(other):
        raise UserError(f"beside={other.path}: its test films or their genres are others than those of {run.path}")


def _truth(run: RunFolder) -> list[tuple[str, list[int]]]:
    """The test films and their targets, in order: films are compared row by row."""
    films = read_prediction_table(run).query("split == 'test'")
    return [(movie, targets.tolist()) for movie, targets in zip(films["movie_id"], films["targets"], strict=True)]
