"""The test films that tell most about a run: its best, its worst, and those that would surprise it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.report.document import render
from genre.runs.predictions import PartPredictions

SHOWN = 20  # films of each kind
_LIKELIEST = 5  # genres of which a film's probability is shown

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Film:
    """What the page shows of a film: genres, each `hit`, `missed`, `wrong` or `unknown`, and the likeliest ones."""

    title: str
    year: str
    text: str
    jaccard: float
    true: list[tuple[str, str]]
    predicted: list[tuple[str, str]]
    likeliest: list[tuple[str, float]]


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


def film_table(part: PartPredictions, films: pd.DataFrame, genres: Sequence[str]) -> pd.DataFrame:
    """The films of the page as a table: kind, place, title, year, jaccard, true, predicted, likeliest, description.

    Args:
        part: B films of the run.
        films: their rows of the clean table.
        genres: names of the L columns.
    """
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
            "likeliest": ", ".join(f"{genre} {probability:.2f}" for genre, probability in film.likeliest),
            "description": film.text,
        }
        for kind, rows in kinds.items()
        for place, film in enumerate(_shown(rows, part, films, genres), 1)
    )


def film_page(name: str, part: PartPredictions, films: pd.DataFrame, genres: Sequence[str]) -> str:
    """The page of films, in HTML.

    Args:
        name: of the run.
        part: B films of the run.
        films: their rows of the clean table.
        genres: names of the L columns.
    """
    show = partial(_shown, part=part, films=films, genres=genres)
    return render(
        "run/films.html.jinja",
        title=f"Films of {name}",
        facts=[
            ("test films", f"{len(films):,}"),
            ("mean Jaccard", f"{part.jaccard.mean():.3f}"),
            ("all genres right", f"{100 * (part.jaccard == 1).mean():.0f} %"),
            ("no genre right", f"{100 * (part.jaccard == 0).mean():.0f} %"),
        ],
        sections=[
            ("best", "Best", "The highest Jaccard, then the surest of its label set.", show(best(part))),
            ("worst", "Worst", "No genre right, and yet the surest of its label set.", show(worst(part))),
            (
                "surprising",
                "Most surprising",
                "The true genres that the run held least likely, taken together (highest binary cross-entropy).",
                show(surprising(part)),
            ),
        ],
    )


def _surprisal(probabilities: Tensor, labels: Tensor) -> npt.NDArray[np.float64]:
    """Binary cross-entropy of each film's label set (B,): its negative log-likelihood if labels were independent."""
    cells = torch.nn.functional.binary_cross_entropy(probabilities.double(), labels.double(), reduction="none")
    values: npt.NDArray[np.float64] = cells.sum(dim=1).numpy()
    return values


def _shown(rows: Rows, part: PartPredictions, films: pd.DataFrame, genres: Sequence[str]) -> list[_Film]:
    return [_film(films.iloc[row], part, row, genres) for row in rows[:SHOWN]]


def _film(film: pd.Series, part: PartPredictions, row: int, genres: Sequence[str]) -> _Film:
    true, known = part.truth.labels[row].tolist(), part.truth.known[row].tolist()
    predicted = part.predicted[row].tolist()
    probabilities = dict(zip(genres, part.probabilities[row].tolist(), strict=True))
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
        likeliest=sorted(probabilities.items(), key=lambda item: -item[1])[:_LIKELIEST],
    )
