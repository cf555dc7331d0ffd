"""What a model says of a text without each of its words."""

from collections.abc import Sequence

import numpy as np

from genre.use.explain.explanation import Attribution, Span
from genre.use.scorer import Scorer, probabilities


def occlusion(scorer: Scorer, text: str, chunks: Sequence[Span], labels: int) -> Attribution:
    """How much less probable each label is without each word, for any model.

    Zeiler and Fergus, Visualizing and understanding convolutional networks (2014), on words: one is cut out at a time.
    Of two words that say the same each alone adds nothing, so the sum is not the difference that the text makes.

    Args:
        scorer: of the model.
        text: as it reads it.
        chunks: the W words with their marks.
        labels: L.
    """
    texts = [text, "", *(text[:start] + text[end:] for start, end in chunks)]
    values = probabilities(scorer, texts, labels)[1].astype(np.float64)  # (2 + W, L)
    whole, nothing, without = values[0], values[1], values[2:]
    weights = whole - without
    return Attribution(weights, whole, nothing, np.abs(weights.sum(axis=0) - (whole - nothing)))
