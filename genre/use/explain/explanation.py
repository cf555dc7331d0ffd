"""What an explanation is, and what it takes for a word."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Span = tuple[int, int]

_CHUNK = re.compile(r"\S+")
_INNER = re.compile(r"\w(?:.*\w)?")


class Attribution(NamedTuple):
    """What a method finds; see `Explanation`, whose columns these are."""

    weights: Floats
    probabilities: Floats
    baseline: Floats
    error: Floats


@dataclass(frozen=True)
class Explanation:
    """Words of a text, and what each of them adds to the score of each label.

    Scores are those of the model itself, before any calibration. Their unit is `unit`: the probability of the label
    by `gradients` and by `occlusion`, its log odds by `linear`.

    Attributes:
        text: as the model reads it.
        words: first and last place, as in `text[start:end]`, of each of W words. A word is what stands between white
            space, without the marks at its ends, whose weight it has too.
        labels: names of the K labels that are explained.
        weights: what each word adds to the label's score (W, K): above 0 it speaks for the label, below 0 against it. A
            word beyond what the model reads has 0.
        probabilities: of the labels with the text (K,).
        baseline: of the labels with nothing in its place (K,).
        error: completeness error (K,): how far the sum of a label's weights is from the difference that the text makes
            to its score, in `unit`. What has been left out of an integral, by `gradients`; rounding, by `linear`; what
            words say together and not one by one, by `occlusion`.
        method: `gradients`, `linear` or `occlusion`; see `explain`.
    """

    text: str
    words: list[Span]
    labels: tuple[str, ...]
    weights: Floats
    probabilities: Floats
    baseline: Floats
    error: Floats
    method: str

    @property
    def unit(self) -> str:
        """Of weights and error."""
        return "log odds" if self.method == "linear" else "probability"


def chunks_of(text: str, separator: str) -> list[Span]:
    """Where what stands between white space begins and ends, but for what separates the columns of a text.

    Example:
        >>> chunks_of("Alien [SEP] In space, no-one hears.", "[SEP]")
        [(0, 5), (12, 14), (15, 21), (22, 28), (29, 35)]
    """
    return [found.span() for found in _CHUNK.finditer(text) if found[0] != separator.strip()]


def word_in(text: str, chunk: Span) -> Span:
    """The same place without the marks at its ends; all of it where it is nothing else.

    Example:
        >>> word_in('"Run!" he said', (0, 6)), word_in("Run ...", (4, 7))
        ((1, 4), (4, 7))
    """
    found = _INNER.search(text, *chunk)
    return found.span() if found else chunk
