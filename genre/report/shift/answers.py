"""What a run says of texts from elsewhere, as it is and adapted to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from genre.calibration import Calibration, Platt
from genre.calibration.priors import adapted_to_shares
from genre.config import RunConfig, instantiate
from genre.config.schema import NoCalibrationConfig
from genre.data.labels import label_like
from genre.data.truth import Truth
from genre.decision import decide
from genre.errors import UserError
from genre.runs import RunFolder
from genre.runs.predictions import read_predictions


@dataclass(frozen=True)
class Answers:
    """Of B texts, about S labels.

    Attributes:
        probabilities: (B, S).
        predicted: 0/1 (B, S).
        targets: 0/1 (B, S).
        known: bool (B, S).
    """

    probabilities: Tensor
    predicted: Tensor
    targets: Tensor
    known: Tensor

    @property
    def asked(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """All of them, as metrics take them."""
        return self.probabilities, self.predicted, self.targets, self.known

    @property
    def shares(self) -> Tensor:
        """Of the texts of which it is known, how many have each label (S,); NaN where it is known of none."""
        return (self.targets * self.known).sum(dim=0) / self.known.sum(dim=0)


@dataclass(frozen=True)
class Shift:
    """The same model on its own test films and on texts from elsewhere, asked about the labels that both know.

    Attributes:
        labels: names of these S labels.
        missing: labels of the run that the texts do not know.
        unheard: labels of the texts that the run does not know.
        before: share of the run's validation films that have each label (S,).
        found: share of the texts, found without their labels (S,).
        own: on the run's test films.
        here: on the texts, with the run's thresholds.
        adapted: the same with probabilities adapted to the shares that were found.
        fitted: the same as `here`, with thresholds fitted to these very texts: more than can be had.
    """

    labels: tuple[str, ...]
    missing: tuple[str, ...]
    unheard: tuple[str, ...]
    before: Tensor
    found: Tensor
    own: Answers
    here: Answers
    adapted: Answers
    fitted: Answers


def shift_of(run: RunFolder, settings: RunConfig, said: pd.DataFrame, truth: Truth, names: Sequence[str]) -> Shift:
    """Compare what a run says of some texts with what it said of its test films.

    Where the run is not calibrated, its probabilities are put through Platt's sigmoids of its validation films: shares
    can be found by calibrated probabilities alone. Label sets are the run's own, but for those that are adapted.

    Args:
        run: finished.
        settings: of the run.
        said: probabilities of the B texts, a column for each label of the run; no text is without.
        truth: labels of the texts.
        names: of the labels in `truth`.

    Raises:
        UserError: when the run and the texts have fewer than two labels in common.
    """
    predictions = read_predictions(run)
    pairs = {name: label_like(name, names) for name in predictions.genres}
    labels = [name for name, other in pairs.items() if other is not None]
    if len(labels) < 2:
        first, second = (", ".join(those[:5]) for those in (names, predictions.genres))
        raise UserError(f"data: its labels ({first}, ...) and the run's ({second}, ...) share fewer than two names")
    ours = [predictions.genres.index(name) for name in labels]
    theirs = [names.index(str(pairs[name])) for name in labels]
    calibration = Calibration.none(len(predictions.genres))
    val, test = predictions.val, predictions.test
    if isinstance(settings.calibration, NoCalibrationConfig):
        calibration = Platt().fit(val.probabilities, *_cells(val.truth, slice(None)))
    raw = torch.from_numpy(said.to_numpy(dtype=np.float32, copy=True))
    given, thresholds = raw[:, ours], predictions.thresholds[ours]
    calibrated, fallback = calibration(raw)[:, ours], settings.decision.fallback
    targets, known = _cells(val.truth, ours)
    before = (targets * known).sum(dim=0) / known.sum(dim=0)
    adapted, found = adapted_to_shares(calibrated, before)
    there = _cells(truth, theirs)
    fitted = instantiate(settings.decision).fit(given, *there)
    return Shift(
        labels=tuple(labels),
        missing=tuple(name for name in predictions.genres if name not in labels),
        unheard=tuple(name for name in names if name not in pairs.values()),
        before=before,
        found=found,
        own=Answers(
            calibration(test.probabilities)[:, ours],
            decide(test.probabilities[:, ours], thresholds, fallback),
            *_cells(test.truth, ours),
        ),
        here=Answers(calibrated, decide(given, thresholds, fallback), *there),
        adapted=Answers(adapted, decide(adapted, calibration(predictions.thresholds[None])[0, ours], fallback), *there),
        fitted=Answers(calibrated, decide(given, fitted, fallback), *there),
    )


def _cells(truth: Truth, columns: list[int] | slice) -> tuple[Tensor, Tensor]:
    """0/1 and bool (B, S): what texts have, and whether it is known."""
    return torch.from_numpy(truth.labels[:, columns]).int(), torch.from_numpy(truth.known[:, columns])
