"""The test films that tell most about a run: best, worst, most surprising, and the surest mistakes of each genre."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.report.explain.words import Reading
from genre.report.pages import render
from genre.report.run.words import Words
from genre.runs.predictions import PartPredictions, Predictions

SHOWN = 20  # films of each kind
_OF_A_GENRE = 5  # films that miss it, and as many that are wrongly given it
_LIKELIEST = 5  # genres of which a film's probability is shown

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Film:
    """What the page shows of a film: genres, each `hit`, `missed`, `wrong` or `unknown`, and the likeliest ones.

    Those have their probability and the threshold that it is held against. `words` are those for and against each genre
    that is true or predicted.
    """

    title: str
    year: str
    text: str
    jaccard: float
    true: list[tuple[str, str]]
    predicted: list[tuple[str, str]]
    likeliest: list[tuple[str, float, float]]
    words: list[Reading]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Each genre that is true or predicted, with what is said of it: by these the page filters."""
        return sorted({*self.true, *self.predicted})


def best(part: PartPredictions) -> Rows:
    """Films with a genre right, highest Jaccard first; of equal ones those first of whose set the run is surest."""
    right = np.flatnonzero(part.jaccard > 0)
    return right[np.lexsort((_surprisal(part.probabilities, part.predicted)[right], -part.jaccard[right]))]


def worst(part: PartPredictions) -> Rows:
    """Films without a genre right, those first of whose set the run is surest."""
    wrong = np.flatnonzero(part.jaccard == 0)
    return wrong[np.argsort(_surprisal(part.probabilities, part.predicted)[wrong], kind="stable")]


def surprising(part: PartPredictions) -> Rows:
    """All films, first those whose true label set is the least likely under their probabilities."""
    return np.argsort(-_surprisal(part.probabilities, part.targets), kind="stable")


def mistakes(part: PartPredictions, labels: Sequence[int]) -> Rows:
    """Films that miss one of these labels though they have it, the least likely ones of each, or are wrongly given it,
    the likeliest ones; of all of them first the most surprising.

    Args:
        part: B films.
        labels: columns.
    """
    chosen: set[int] = set()
    for label in labels:
        probabilities = part.probabilities[:, label].numpy()
        true, known = part.truth.labels[:, label] == 1, part.truth.known[:, label]
        given = part.predicted[:, label].numpy() == 1
        for those, order in ((true & ~given, probabilities), (~true & known & given, -probabilities)):
            rows = np.flatnonzero(those)
            chosen.update(rows[np.argsort(order[rows], kind="stable")][:_OF_A_GENRE].tolist())
    return np.array([row for row in surprising(part) if row in chosen], dtype=np.int64)


def film_table(predictions: Predictions, films: pd.DataFrame) -> pd.DataFrame:
    """The best, worst and most surprising test films: kind, place, title, year, jaccard, true, predicted, likeliest,
    description.

    Args:
        predictions: of the run.
        films: rows of the clean table of its test films.
    """
    part = predictions.test
    kinds = {"best": best(part), "worst": worst(part), "surprising": surprising(part)}
    return pd.DataFrame(
        {
            "kind": kind,
            "place": place,
            "title": film.title,
            "year": film.year,
            "jaccard": film.jaccard,
            "true": ", ".join(genre for genre, _ in film.true),
            "predicted": ", ".join(genre for genre, _ in film.predicted),
            "likeliest": ", ".join(f"{genre} {probability:.2f}" for genre, probability, _ in film.likeliest),
            "description": film.text,
        }
        for kind, rows in kinds.items()
        for place, film in enumerate(_shown(rows[:SHOWN], predictions, films, lambda *_: []), 1)
    )


def film_page(
    name: str,
    predictions: Predictions,
    films: pd.DataFrame,
    frequent: Sequence[str],
    origin: Sequence[tuple[str, str]],
    words: Words,
) -> str:
    """The page of films, in HTML.

    Args:
        name: of the run.
        predictions: of the run.
        films: rows of the clean table of its test films.
        frequent: genres whose mistakes are shown.
        origin: what the page says of how the run was made.
        words: for and against the genres of a film.
    """
    part = predictions.test
    show = partial(_shown, predictions=predictions, films=films, words=words)
    of_genres = mistakes(part, [predictions.genres.index(genre) for genre in frequent])
    sections = [
        ("best", "Best", "The highest Jaccard, then the surest of its label set.", show(best(part)[:SHOWN])),
        ("worst", "Worst", "No genre right, and yet the surest of its label set.", show(worst(part)[:SHOWN])),
        (
            "surprising",
            "Most surprising",
            "The true genres that the run held least likely, taken together (highest binary cross-entropy).",
            show(surprising(part)[:SHOWN]),
        ),
        (
            "mistakes",
            "Mistakes by genre",
            f"Of each genre {_OF_A_GENRE} films in which it was missed most surely, and {_OF_A_GENRE} that were most "
            "surely given it and do not have it. Choose a genre above.",
            show(of_genres),
        ),
    ]
    told = {genre for _, _, _, shown in sections for film in shown for genre, _ in film.cells}
    return render(
        "run/films.html.jinja",
        script="run/films.js",
        title=f"Films of {name}",
        facts=[
            ("test films", f"{len(films):,}"),
            ("mean Jaccard", f"{part.jaccard.mean():.3f}"),
            ("all genres right", f"{100 * (part.jaccard == 1).mean():.0f} %"),
            ("no genre right", f"{100 * (part.jaccard == 0).mean():.0f} %"),
        ],
        origin=origin,
        sections=sections,
        genres=[genre for genre in predictions.genres if genre in told],
        explained=any(film.words for _, _, _, shown in sections for film in shown),
    )


def _surprisal(probabilities: Tensor, labels: Tensor) -> npt.NDArray[np.float64]:
    """Binary cross-entropy of each film's label set (B,): its negative log-likelihood if labels were independent."""
    cells = torch.nn.functional.binary_cross_entropy(probabilities.double(), labels.double(), reduction="none")
    values: npt.NDArray[np.float64] = cells.sum(dim=1).numpy()
    return values


def _shown(rows: Rows, predictions: Predictions, films: pd.DataFrame, words: Words) -> list[_Film]:
    return [_film(films.iloc[row], predictions, row, words) for row in rows]


def _film(film: pd.Series, predictions: Predictions, row: int, words: Words) -> _Film:
    part, genres = predictions.test, predictions.genres
    true, known = part.truth.labels[row].tolist(), part.truth.known[row].tolist()
    predicted = part.predicted[row].tolist()
    chances = list(zip(genres, part.probabilities[row].tolist(), predictions.thresholds.tolist(), strict=True))
    cells = list(zip(genres, true, known, predicted, strict=True))
    return _Film(
        title=film["title"],
        year=film["year"],
        text=film["description"],
        jaccard=part.jaccard[row],
        true=[(genre, "hit" if chosen else "missed") for genre, there, _, chosen in cells if there],
        predicted=[
            (genre, "hit" if there else "wrong" if sure else "unknown")
            for genre, there, sure, chosen in cells
            if chosen
        ],
        likeliest=sorted(chances, key=lambda item: -item[1])[:_LIKELIEST],
        words=words(row, [genre for genre, there, _, chosen in cells if there or chosen]),
    )
