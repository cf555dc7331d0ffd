"""One explanation, by the method that suits the model."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from genre.config.explain import suggestion
from genre.errors import UserError
from genre.use.baseline import BaselineModel
from genre.use.explain.explanation import Attribution, Explanation, Span, chunks_of, word_in
from genre.use.explain.gradients import embedding_layer, integrated_gradients
from genre.use.explain.linear import is_linear, linear_parts
from genre.use.explain.occlusion import occlusion
from genre.use.model import Model, unread
from genre.use.network import NetworkScorer
from genre.use.scorer import Scorer

METHODS = ("auto", "gradients", "occlusion")


def explain(
    model: Model, text: str | pd.DataFrame, labels: Sequence[str] | None = None, method: str = "auto"
) -> Explanation:
    """Which words of a text speak for each of some labels, and which against them.

    Args:
        model: that reads the text.
        text: the whole of what it reads, or a table of one row with the columns that it reads.
        labels: to explain; None: those that it predicts.
        method: `gradients`: integrated gradients of a network (see `integrated_gradients`), and of a linear model on
            n-grams what these add to its log odds, which is exact (`linear_parts`). `occlusion`: the probability less
            that without the word, of any model. `auto`: the first where the model allows it, else the second.

    Raises:
        UserError: when there is nothing to read, a label is unknown, or the model has no gradients and these are asked
            for.
    """
    (read,) = model.read(text if isinstance(text, pd.DataFrame) else [text])
    if reason := unread(read):
        raise UserError(f"text={read[:60]!r}: there is nothing to explain ({reason})")
    if labels is None:
        (labels,) = model.predict([read])
    for label in labels:
        if label not in model.labels:
            raise UserError(f"labels: the model knows no {label!r}; {suggestion(label, model.labels)}")
    chunks = chunks_of(read, model.scorer.separator)
    columns = [model.labels.index(label) for label in labels]
    used, found = _attributed(model, read, chunks, columns, method)
    return Explanation(read, [word_in(read, chunk) for chunk in chunks], tuple(labels), *found, used)


def _attributed(
    model: Model, text: str, chunks: Sequence[Span], columns: list[int], method: str
) -> tuple[str, Attribution]:
    """The method that was used, and what it has found of some labels."""
    scorer = _exact(model.scorer)
    if method != "occlusion":
        if isinstance(scorer, BaselineModel) and is_linear(scorer):
            return "linear", _some(linear_parts(scorer, text, chunks), columns)
        if isinstance(scorer, NetworkScorer) and (layer := embedding_layer(scorer)) is not None:
            return "gradients", integrated_gradients(scorer, layer, text, chunks, columns)
        if method == "gradients":
            raise UserError(
                f"method=gradients: {model.folder} is no network in torch and no linear model of n-grams; "
                "take method=occlusion"
            )
    return "occlusion", _some(occlusion(scorer, text, chunks, len(model.labels)), columns)


def _exact(scorer: Scorer) -> Scorer:
    """A network in float32: what a single word adds would drown in the rounding of bfloat16."""
    if isinstance(scorer, NetworkScorer):
        return NetworkScorer(scorer.model, scorer.max_tokens, replace(scorer.machine, precision="32-true"))
    return scorer


def _some(found: Attribution, columns: list[int]) -> Attribution:
    return Attribution(*(part[..., columns] for part in found))
