"""The words of a text that speak for its labels, looked for when somebody asks."""

from collections.abc import Sequence
from typing import NamedTuple

from genre.use.explain import Explanation, explain
from genre.use.predict import one_row
from genre.use.serve.served import Served

_MOST = 6  # labels whose words are looked for where each takes a second


class Words(NamedTuple):
    """A text in parts, and what its W words say.

    Attributes:
        parts: of the text in their order; with each its number among the words, None for what stands between them.
        weights: of the W words, by label; above 0 a word speaks for it.
    """

    parts: list[tuple[str, int | None]]
    weights: dict[str, list[float]]


def words_of(served: Served, text: str, title: str | None, labels: Sequence[str]) -> Words:
    """The words for some labels, each looked for in a turn of its own.

    Args:
        served: the model.
        text: that it reads.
        title: see `predict_text`.
        labels: all of them where this is quick, else the first six.

    Raises:
        UserError: when there is nothing to read.
    """
    served.require_short(text, title)
    row = one_row(served.model, text, title)
    weights: dict[str, list[float]] = {}
    for label in labels:
        found = served.turns.take(explain, served.model, row, [label])
        weights[label] = [round(float(weight), 5) for weight in found.weights[:, 0]]
        if len(weights) >= _MOST and found.method != "linear":
            break
    return Words(_parts(found, served.model.scorer.separator), weights)


def _parts(found: Explanation, separator: str) -> list[tuple[str, int | None]]:
    """The text cut at its words; a separator is shown as the end of a line."""
    parts: list[tuple[str, int | None]] = []
    last = 0
    for number, (start, end) in enumerate(found.words):
        between = found.text[last:start]
        parts += [
            ("\n" if between.strip() == separator.strip() != "" else between, None),
            (found.text[start:end], number),
        ]
        last = end
    return [part for part in [*parts, (found.text[last:], None)] if part[0]]
