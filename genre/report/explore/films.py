"""The films that a report looks at, as its computations want them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.errors import UserError
from genre.imdb.descriptions import is_cut, is_placeholder
from genre.report.document import MOST_SHOWN

# what a film may lack: at most one of the first three, and a year
TEXT_GAPS = ("no description", "placeholder", "cut")
NO_YEAR = "no year"


@dataclass(frozen=True)
class Films:
    """A table with one row per film and its genres as a matrix.

    Attributes:
        table: movie_id, title, year, description, genres and perhaps more, every column text; rows are numbered from 0.
        genres: those that occur, in their order.
        labels: (films, genres) 0/1.
    """

    table: pd.DataFrame
    genres: list[str]
    labels: npt.NDArray[np.uint8]

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """What each film lacks: a column of booleans for each of `TEXT_GAPS` and for `NO_YEAR`."""
        descriptions = self.table["description"]
        empty = descriptions.str.strip() == ""
        placeholder = is_placeholder(descriptions) & ~empty
        cut = is_cut(descriptions) & ~empty & ~placeholder
        no_year = ~self.table["year"].str.fullmatch(r"\d{4}")
        return pd.DataFrame(dict(zip((*TEXT_GAPS, NO_YEAR), (empty, placeholder, cut, no_year), strict=True)))

    @cached_property
    def whole(self) -> pd.Series:
        """Which films have a description that says something and is not cut."""
        return ~self.gaps[list(TEXT_GAPS)].any(axis="columns")

    @cached_property
    def years(self) -> pd.Series:
        """The years that are known, as integers; the index names the film's row."""
        return self.table["year"][~self.gaps[NO_YEAR]].astype(int)

    @property
    def frequent(self) -> "Films":
        """The same films with the genres that most of them have, as many as a plot can show."""
        most = np.sort(np.argsort(-self.labels.sum(axis=0, dtype=np.int64), kind="stable")[:MOST_SHOWN])
        return Films(self.table, [self.genres[genre] for genre in most], self.labels[:, most])


def films_of(table: pd.DataFrame, genres: Sequence[str], labels: npt.NDArray[np.uint8]) -> Films:
    """Films of a table.

    Args:
        table: see `Films`.
        genres: names of the L columns of `labels`.
        labels: 0/1 (films, L).

    Raises:
        UserError: when no film has any of the genres.
    """
    occur = labels.sum(axis=0) > 0  # (L,)
    if not occur.any():
        raise UserError("no film of the data has a genre: there is nothing to report")
    genres = [genre for genre, there in zip(genres, occur, strict=True) if there]
    return Films(table.reset_index(drop=True), genres, labels[:, occur])
