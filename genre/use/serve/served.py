"""A model that many may ask at once."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from copy import copy
from pathlib import Path

import pandas as pd

from genre.config import ServeConfig
from genre.use.loading import load
from genre.use.model import Model
from genre.use.predict import predict_text
from genre.use.scorer import Scorer, Scores
from genre.use.serve.limits import BUSY, TOO_LARGE, RefusedError, Turns
from genre.use.serve.validation import Validation, read_validation

_TURN = 64  # texts of a table that are read in one turn


class Served:
    """A model with the limits within which it answers.

    Attributes:
        name: of its folder.
        model: the same.
        validation: what its run has recorded of validation films; None where there is no such record.
        limits: settings of the command.
        turns: in which all models are asked.

    Args:
        folder: of a finished run or an exported model.
        limits: see above.
        turns: see above.

    Raises:
        UserError: when there is no model in the folder.
    """

    def __init__(self, folder: str | Path, limits: ServeConfig, turns: Turns) -> None:
        self.model = load(folder)
        self.name = self.model.folder.resolve().name
        self.validation: Validation | None = read_validation(self.model.folder)
        self.limits = limits
        self.turns = turns

    @property
    def reads_titles(self) -> bool:
        """Whether a title has a column of its own."""
        return "title" in self.model.columns

    def ask(self, text: str, title: str | None = None) -> "Future[pd.Series]":
        """The probabilities (L,) of one text, to come; an error of theirs says that there is nothing to read.

        Raises:
            RefusedError: when the text is too long, or too many wait.
        """
        self.require_short(text, title)
        return self.turns.ask(predict_text, self.model, text, title)

    def require_short(self, text: str, title: str | None = None) -> None:
        """Refuse a text that is too long.

        Raises:
            RefusedError: saying how long it may be.
        """
        length, most = len(text) + len(title or ""), self.limits.characters
        if length > most:
            raise RefusedError(
                TOO_LARGE, f"text: has {length:,} characters; {most:,} are read here at most, shorten it"
            )

    def decided(self, probabilities: pd.Series, thresholds: Mapping[str, float]) -> list[str]:
        """The labels that probabilities (L,) give under other thresholds."""
        model = copy(self.model)
        model.thresholds = dict(thresholds)
        (labels,) = model.decide(probabilities.to_frame().T)
        return labels

    def in_turns(self, stopped: threading.Event) -> Model:
        """The same model for a long piece of work, which lets others in between."""
        model = copy(self.model)
        model.scorer = _InTurns(self.model.scorer, self.turns, stopped)
        return model


class _InTurns:
    """A scorer that computes a few texts at a time; see `Scorer`."""

    def __init__(self, scorer: Scorer, turns: Turns, stopped: threading.Event) -> None:
        self._scorer, self._turns, self._stopped = scorer, turns, stopped

    @property
    def separator(self) -> str:
        """See `Scorer`."""
        return self._scorer.separator

    @property
    def size(self) -> int:
        """See `Scorer`."""
        return self._scorer.size

    def batches(self, texts: Sequence[str], *, progress: bool = False) -> Iterator[tuple[list[int], Scores]]:
        """See `Scorer`; texts of nearly one length come together.

        Raises:
            RefusedError: when it has been stopped.
        """
        places = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(places), _TURN):
            if self._stopped.is_set():
                raise RefusedError(BUSY, "stopped")
            some = places[start : start + _TURN]
            for found, scores in self._turns.take(self._scored, [texts[place] for place in some]):
                yield [some[place] for place in found], scores

    def _scored(self, texts: list[str]) -> list[tuple[Sequence[int], Scores]]:
        return list(self._scorer.batches(texts))
