"""What gives probabilities of texts: a network, a classical model, an exported file."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from genre.errors import UserError

Scores = npt.NDArray[np.float32]


class Scorer(Protocol):
    """A fitted model with all that stands before it."""

    @property
    def separator(self) -> str:
        """What stands between the columns of a text, such as a title and a description."""
        ...

    @property
    def size(self) -> int:
        """How many numbers it consists of."""
        ...

    def batches(self, texts: Sequence[str], *, progress: bool = False) -> Iterator[tuple[Sequence[int], Scores]]:
        """Places of b of the texts and the probabilities (b, L) of their labels, until all B texts have theirs.

        Args:
            texts: B of them.
            progress: show a bar where it takes a while.
        """
        ...


def probabilities(
    scorer: Scorer, texts: Sequence[str], labels: int, *, limit: int | None = None, progress: bool = False
) -> tuple[npt.NDArray[np.int64], Scores]:
    """Places of texts (B,), ascending, and the probabilities of their labels (B, L).

    Args:
        scorer: that gives them.
        texts: to look at.
        labels: L.
        limit: most batches; None for all.
        progress: see `Scorer.batches`.

    Raises:
        UserError: when the model gives another number of them.
    """
    scored = list(islice(scorer.batches(texts, progress=progress), limit))
    if scored and scored[0][1].shape[1] != labels:
        raise UserError(
            f"the model knows {scored[0][1].shape[1]} labels and its thresholds.json {labels}; get both anew"
        )
    places = np.concatenate([np.zeros(0, dtype=np.int64), *(places for places, _ in scored)])
    values = np.concatenate([np.zeros((0, labels), dtype=np.float32), *(values for _, values in scored)])
    order = np.argsort(places)
    return places[order], values[order]
