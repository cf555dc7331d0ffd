"""Weights and centroids of a linear baseline on n-grams."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.config import BaselineConfig
from genre.data.labels import label_like
from genre.errors import UserError
from genre.models.baselines import BagOfWords, LinearModel
from genre.report.document import MOST_SHOWN
from genre.runs import RunFolder
from genre.runs.ngrams import kept_ngrams
from genre.use.baseline import BaselineModel

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Interpretation:
    """What a linear baseline has learnt, genre by genre.

    Attributes:
        genres: the L most frequent genres of its training films, the reference among them.
        ngrams: of its F columns: kind, ngram, and films, how many training films hold it.
        weights: in log odds for one unit of the feature (L, F).
        centroids: mean features of the training films with each genre (L, F).
        with_genre: training films that hold the n-gram and have the genre (L, F).
        reference: the genre that all are compared with.
    """

    genres: tuple[str, ...]
    ngrams: pd.DataFrame
    weights: Floats
    centroids: Floats
    with_genre: npt.NDArray[np.int64]
    reference: str


def interpret(run: RunFolder, reference: str | None) -> Interpretation | None:
    """What a finished run has learnt; None for a run without weights of n-grams.

    Args:
        run: the folder of a finished run.
        reference: a genre; None: the most frequent one.

    Raises:
        UserError: when a file of the model is missing, or no training film has the genre.
    """
    cfg = run.config()
    if not isinstance(cfg, BaselineConfig):
        return None
    fitted = BaselineModel.load(run, cfg)
    if not (isinstance(fitted.model, LinearModel) and isinstance(fitted.features, BagOfWords)):
        return None
    ngrams = kept_ngrams(run)
    counts = ngrams.label_films
    order = [int(label) for label in np.argsort(-counts, kind="stable") if counts[label]]
    known = [fitted.labels[label] for label in order]
    chosen = label_like(reference, known) if reference else known[0]
    if chosen is None:
        raise UserError(f"report.reference_genre={reference}: no training film has it; there are: {', '.join(known)}")
    if known.index(chosen) >= MOST_SHOWN:
        order.insert(MOST_SHOWN - 1, order.pop(known.index(chosen)))
    order = order[:MOST_SHOWN]
    genres = tuple(fitted.labels[label] for label in order)
    columns = pd.DataFrame(fitted.features.ngram_columns()).set_axis(["kind", "ngram"], axis="columns")
    return Interpretation(
        genres,
        columns.assign(films=ngrams.ngram_films),
        fitted.model.weights[order].astype(np.float64),
        ngrams.feature_sums[order] / counts[order][:, None],
        ngrams.both[order],
        chosen,
    )


def cosines(rows: Floats) -> Floats:
    """Cosine of the angle between each two rows (L, L); 0 for a row of zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directions = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    similarities: Floats = directions @ directions.T
    return similarities
