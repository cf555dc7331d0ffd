"""A text with the weights of its words for one label, as a page and a terminal show it."""

from typing import NamedTuple

import numpy as np

from genre.use.explain import Explanation

_STRONGEST = 6  # words on each side
_SHADES = 5
_LEAST = 0.005  # a weight that rounds to nothing is no reason


class Part(NamedTuple):
    """A piece of a text: a word with its weight, or what stands between two words.

    Attributes:
        text: of it.
        weight: None between words.
        shade: -5 to 5: how strong the weight is beside the strongest one of the text, in either direction.
    """

    text: str
    weight: float | None
    shade: int


class Side(NamedTuple):
    """The strongest words for a label, or against it: `for` or `against`, each word with its weight."""

    name: str
    words: list[tuple[str, float]]


class Reading(NamedTuple):
    """An explanation of one label.

    Attributes:
        label: its name.
        probability: with the text.
        baseline: with nothing.
        error: completeness error.
        parts: all of the text.
        sides: the strongest words for the label, and those against it; a word that stands there twice counts twice.
    """

    label: str
    probability: float
    baseline: float
    error: float
    parts: list[Part]
    sides: list[Side]


def readings(explanation: Explanation) -> list[Reading]:
    """One for each label."""
    return [_reading(explanation, column) for column in range(len(explanation.labels))]


def note(explanation: Explanation) -> str:
    """How to read the weights."""
    return {
        "gradients": "Weights are what a word adds to the probability (integrated gradients).",
        "linear": "Weights are what a word adds to the log odds (exact: the model is linear).",
        "occlusion": "Weights are how much less probable the genre is without the word (occlusion).",
    }[explanation.method]


def _reading(explanation: Explanation, column: int) -> Reading:
    weights = explanation.weights[:, column]
    largest = max(float(np.abs(weights).max(initial=0)), _LEAST)
    text, parts, end = explanation.text, [], 0
    for (start, stop), weight in zip(explanation.words, weights.tolist(), strict=True):
        parts.append(Part(text[end:start], None, 0))
        parts.append(Part(text[start:stop], weight, round(_SHADES * weight / largest)))
        end = stop
    parts.append(Part(text[end:], None, 0))
    order = np.argsort(-weights, kind="stable").tolist()
    words = [(text[slice(*explanation.words[place])], float(weights[place])) for place in order]
    return Reading(
        explanation.labels[column],
        float(explanation.probabilities[column]),
        float(explanation.baseline[column]),
        float(explanation.error[column]),
        [part for part in parts if part.text],
        [
            Side("for", [word for word in words if word[1] >= _LEAST][:_STRONGEST]),
            Side("against", [word for word in reversed(words) if word[1] <= -_LEAST][:_STRONGEST]),
        ],
    )
