"""An ensemble that reads texts: each member does, and the mean of their log odds is what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from genre.calibration import Calibration
from genre.config import EnsembleConfig
from genre.data.encoding import reading_once
from genre.ensemble import log_odds, mean_probabilities
from genre.errors import UserError
from genre.models.encoder import FrozenEncoder
from genre.runs.ensemble import kept_members
from genre.runs.folder import RunFolder
from genre.runs.records import read_labels
from genre.use.scorer import Scorer, Scores, probabilities

_SEPARATOR = "\x1f"  # ASCII's own between units, which no text has: members have different ones


@dataclass(frozen=True)
class EnsembleScorer:
    """See `Scorer`.

    Attributes:
        members: that are averaged.
        calibrations: of what each gives.
        weights: of each, which sum to one.
    """

    members: Sequence[Scorer]
    calibrations: Sequence[Calibration]
    weights: Sequence[float]

    @property
    def separator(self) -> str:
        """See `Scorer`; each member gets its own in the place of this."""
        return _SEPARATOR

    @property
    def size(self) -> int:
        """See `Scorer`: of all members; an encoder that several read with counts once."""
        encoders: list[FrozenEncoder] = [reader.encoder for reader in map(_reader, self.members) if reader]
        again = sum(one.size for one in encoders) - sum(one.size for one in set(encoders))
        return sum(member.size for member in self.members) - again

    def batches(self, texts: Sequence[str], *, progress: bool = False) -> Iterator[tuple[range, Scores]]:
        """See `Scorer`: all at once, member by member; an encoder that several read with reads a text once."""
        if not texts:
            return
        scores = []
        with reading_once():
            for member, calibration in zip(self.members, self.calibrations, strict=True):
                own = [text.replace(_SEPARATOR, member.separator) for text in texts]
                values = probabilities(member, own, len(calibration.maps), progress=progress)[1]
                scores.append(log_odds(calibration(torch.from_numpy(values))))
        yield range(len(texts)), mean_probabilities(np.stack(scores), np.array(self.weights)).numpy()


def ensemble_of(run: RunFolder) -> EnsembleScorer:
    """The ensemble in a folder.

    Raises:
        UserError: when a member is missing, damaged or an ensemble itself.
    """
    from genre.use.loading import scorer_of  # which asks for this module

    labels = read_labels(run)
    members = kept_members(run, labels)
    scorers: list[Scorer] = []
    encoders: dict[str, FrozenEncoder] = {}
    for _, folder in members:
        cfg = folder.config()
        if isinstance(cfg, EnsembleConfig) or read_labels(folder) != labels:
            raise UserError(f"{folder.path}: is no member of this ensemble; make it again")
        scorers.append(scorer_of(folder, cfg))
        if reader := _reader(scorers[-1]):  # equal encoders take memory, and read, once
            reader.encoder = encoders.setdefault(reader.encoder.fingerprint, reader.encoder)
    return EnsembleScorer(scorers, [one.calibration for one, _ in members], [one.weight for one, _ in members])


def _reader(scorer: Scorer) -> Any:
    """The part of a member that reads with a frozen encoder; None where it has none."""
    parts = (getattr(scorer, name, None) for name in ("model", "features"))  # of a network, of a classical model
    return next((part for part in parts if getattr(part, "encoder", None) is not None), None)
