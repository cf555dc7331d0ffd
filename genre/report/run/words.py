"""The words for and against the genres of a run's films."""

from collections.abc import Callable, Sequence

import pandas as pd

from genre.config import BaselineConfig
from genre.report.explain.words import Reading, readings
from genre.runs import RunFolder
from genre.use import model_of
from genre.use.explain import explain
from genre.use.explain.linear import is_linear
from genre.use.model import unread

Words = Callable[[int, Sequence[str]], list[Reading]]  # of a film, by its row, and of some genres


def words_of(run: RunFolder, films: pd.DataFrame) -> Words:
    """What gives them; none where hundreds of films would take more than a moment, as for all but linear baselines.

    Args:
        run: with a model.
        films: rows of its table, with the columns that it reads.

    Raises:
        UserError: when a file of the model is missing.
    """
    if not isinstance(run.config(), BaselineConfig):
        return lambda *_: []
    model = model_of(run)
    if not is_linear(model.scorer):
        return lambda *_: []
    texts = model.read(films)
    return lambda row, labels: [] if unread(texts[row]) else readings(explain(model, texts[row], labels))
