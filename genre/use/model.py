"""A finished model as Python wants it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from genre.calibration import Calibration
from genre.data.tokens import join_columns
from genre.decision import decide
from genre.errors import UserError
from genre.use.scorer import Scorer, Scores, probabilities

_CHUNK = 10_000  # texts that are read at a time, so that memory does not grow with their number

Texts = Sequence[str] | pd.Series | pd.DataFrame


def unread(text: str) -> str:
    r"""Why a model can say nothing of a text; empty where it can.

    Example:
        >>> unread("A sheriff."), unread(" - "), unread("half of an emoji: \ud83e")
        ('', 'no text', 'broken characters')
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return "broken characters"
    return "" if any(map(str.isalpha, text)) else "no text"


class Model:
    """A finished model: texts in, probabilities and sets of labels out; `genre.load` makes it.

    Texts are a list (or a column) of B texts, each the whole of what the model reads, or a table with the columns that
    it reads. A text that `unread` has something against, or a missing one, says nothing: its set of labels is empty and
    its probabilities are NaN. What is longer than the model reads is cut off at its end, as it was in training.

    Attributes:
        folder: that it was loaded from.
        labels: names of the L labels, in their order.
        thresholds: probability from which on a label is given, by label.
        fallback: which label a text gets that reaches no threshold, see `genre.decision.decide`.
        calibration: of what the scorer gives, before the thresholds.
        columns: of a table, that it reads; the last one holds the text where only one is known.
        scorer: what is under it, uncalibrated: a `NetworkScorer` (its `model` is a torch module), a `BaselineModel`, or
            an ONNX file.

    Example:
        >>> model = genre.load("outputs/runs/NAME")  # doctest: +SKIP
        >>> model.predict(["A sheriff comes out of retirement."])  # doctest: +SKIP
        [['Western']]
        >>> model.probabilities(["A sheriff comes out of retirement."]).round(2)  # doctest: +SKIP
           Action  Adventure  ...  Western
        0    0.31       0.12  ...     0.87
    """

    def __init__(
        self,
        folder: Path,
        scorer: Scorer,
        thresholds: dict[str, float],
        fallback: str,
        columns: Sequence[str],
        calibration: Calibration,
    ) -> None:
        self.folder = folder
        self.scorer = scorer
        self.thresholds = thresholds
        self.labels = tuple(thresholds)
        self.fallback = fallback
        self.columns = tuple(columns)
        self.calibration = calibration

    def predict(self, texts: Texts) -> list[list[str]]:
        """The labels of each text, in the order of `labels`: at least one, or none where there is nothing to read.

        Raises:
            TypeError: for something else than texts.
            UserError: for a table without a column that the model reads.
        """
        return self.decide(self.probabilities(texts))

    def probabilities(self, texts: Texts) -> pd.DataFrame:
        """The probability of each label (B, L): a row for each text, with the index of a column or table that is given.

        Raises:
            TypeError: for something else than texts.
            UserError: for a table without a column that the model reads.
        """
        index = texts.index if isinstance(texts, pd.Series | pd.DataFrame) else None
        rows = self.read(texts)
        chunks = [self._scores(chunk) for chunk in _chunks(rows)]
        values = np.concatenate([np.zeros((0, len(self.labels)), dtype=np.float32), *chunks])
        return pd.DataFrame(values, index=index, columns=list(self.labels))

    def decide(self, probabilities: pd.DataFrame) -> list[list[str]]:
        """The labels that probabilities (B, L) give under the thresholds: what `predict` does with them."""
        values = torch.from_numpy(probabilities.to_numpy(dtype=np.float32, copy=True))
        thresholds = torch.tensor(list(self.thresholds.values()))
        said = values.isfinite().all(dim=1)  # (B,)
        chosen = decide(values, thresholds, self.fallback).bool() & said[:, None]
        return [[label for label, given in zip(self.labels, row, strict=True) if given] for row in chosen.tolist()]

    def read(self, texts: Texts) -> list[str]:
        """Each of B texts as the model reads it, empty where it is missing.

        Raises:
            TypeError: for something else than texts.
            UserError: for a table without a column that the model reads.
        """
        if isinstance(texts, pd.DataFrame):
            missing = [column for column in self.columns if column not in texts.columns]
            if missing:
                raise UserError(
                    f"{self.folder}: this model reads {', '.join(self.columns)}; the table lacks {', '.join(missing)}"
                )
            cells = {column: _texts(texts[column].tolist()) for column in self.columns}
            table = pd.DataFrame(cells, dtype=object)  # a text of pandas cannot hold half a character
            return join_columns(table, self.columns, self.scorer.separator)
        if isinstance(texts, str):
            raise TypeError("texts are given as a list: [text]")
        return _texts(list(texts))

    def _scores(self, texts: list[str]) -> Scores:
        """Probabilities (B, L), NaN where there is no text."""
        said = [place for place, text in enumerate(texts) if not unread(text)]
        values = np.full((len(texts), len(self.labels)), np.nan, dtype=np.float32)
        raw = probabilities(self.scorer, [texts[place] for place in said], len(self.labels))[1]
        values[said] = self.calibration(torch.from_numpy(raw)).numpy()
        return values


def _texts(cells: list[object]) -> list[str]:
    """Cells as texts, missing ones as empty."""
    texts = []
    for place, cell in enumerate(cells):
        if cell is None or cell is pd.NA or cell != cell:
            texts.append("")
        elif isinstance(cell, str):
            texts.append(cell)
        else:
            raise TypeError(f"text {place} is of type {type(cell).__name__}: {cell!r:.60}; texts are of type str")
    return texts


def _chunks(texts: list[str]) -> Iterator[list[str]]:
    return (texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK))
