"""Many rows per film to one."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.data.labels import distinct_rows, join_labels, label_matrix
from genre.imdb.descriptions import is_cut, is_placeholder
from genre.imdb.genres import GENRES, parse_genres, unsaid_genres
from genre.imdb.matching import matching

MERGED_COLUMNS = ["movie_id", "title", "year", "description", "genres", "cells", "unknown", "rows"]

# a file is whole if it has this share of the films that other files' cells give its genre: of the Kaggle set's files
# the whole ones have at least 0.99, one that was cut short has less
WHOLE = 0.95

Labels = npt.NDArray[np.uint8]


def merge_films(
    rows: pd.DataFrame, *, counted: Collection[str], whole: Collection[str], cell_size: int | None
) -> pd.DataFrame:
    """One row per film, ordered by movie_id; sets of genres are `|`-joined, `rows` says how many rows the film had.

    Where rows of one film disagree: the longest usable description (then the longest at all), the union of the
    genres, the earliest year. The result does not depend on the order of files or rows.

    A film has the genres of its cells, which `cells` keeps by themselves, and of the files in which it stands.
    `unknown` are those which it may have beside them, see `unsaid_genres`: none of its cells says anything of them, and
    no whole file tells who has them.

    Args:
        rows: as `read_raw` gives them.
        counted: genres of whose files a film has the genre.
        whole: those of them whose files are whole, see `whole_files`.
        cell_size: genres that a cell holds at most; None: any number.

    Raises:
        UserError: for a genre that IMDb does not have.
    """
    rows = rows.assign(**{column: _on_one_line(rows[column]) for column in ("description", "movie_name")})
    usable = ~(is_placeholder(rows["description"]) | is_cut(rows["description"]))
    order = rows.assign(usable=usable, length=rows["description"].str.len()).sort_values(
        ["movie_id", "usable", "length", "description", "movie_name"], ascending=[True, False, False, True, True]
    )
    first = ~order["movie_id"].duplicated().to_numpy()
    films, starts = order[first], np.flatnonzero(first)
    # a Roman numeral, which parts films of one title, is no year
    years = pd.to_numeric(order["year"].where(matching(order["year"], r"^\s*[0-9]{4}\s*$")))
    earliest = years.groupby(np.cumsum(first)).min().astype("Int64").astype("str")
    cells = np.maximum.reduceat(_cell_genres(order), starts)  # (films, L)
    genres = cells | np.maximum.reduceat(_file_genres(order, counted), starts)
    told = genres | label_matrix([whole], GENRES)
    unknown = np.minimum.reduceat(_unsaid(order, cell_size), starts) & (1 - told)
    columns = {
        "movie_id": films["movie_id"].to_numpy(),
        "title": films["movie_name"].to_numpy(),
        "year": earliest.fillna("").to_numpy(),
        "description": films["description"].to_numpy(),
        "genres": _joined(genres),
        "cells": _joined(cells),
        "unknown": _joined(unknown),
        "rows": np.diff(np.append(starts, len(order))).astype(str),
    }
    return pd.DataFrame(columns, columns=MERGED_COLUMNS)


def whole_files(rows: pd.DataFrame) -> dict[str, float]:
    """Of each genre that has a file: the share of films with it in a cell of another file that stand in its own, too.

    A genre that no other file names is left out: nothing tells whether its file is whole.

    Args:
        rows: as `read_raw` gives them.
    """
    order = rows.sort_values("movie_id", kind="stable")
    starts = np.flatnonzero(~order["movie_id"].duplicated().to_numpy())
    own = _file_genres(order, GENRES)
    stands = np.maximum.reduceat(own, starts)
    named = np.maximum.reduceat(_cell_genres(order) & (1 - own), starts)  # in a row of another file
    films = named.sum(axis=0, dtype=np.int64)
    both = (named & stands).sum(axis=0, dtype=np.int64)
    files = [genre for genre in GENRES if genre in set(order["file"])]
    return {genre: both[place] / films[place] for genre in files if films[place := GENRES.index(genre)]}


def _on_one_line(texts: pd.Series) -> pd.Series:
    broken = texts[matching(texts, r"^\s|\s$|[\r\n\t\v\f]")]
    texts = texts.copy()
    texts[broken.index] = broken.str.split().str.join(" ")
    return texts


def _cell_genres(rows: pd.DataFrame) -> Labels:
    """0/1 (rows, L): genres of the cells."""
    return _each(rows["genre"], lambda cell: parse_genres(cell, ","))


def _file_genres(rows: pd.DataFrame, counted: Collection[str]) -> Labels:
    """0/1 (rows, L): the genre of the file in which a row stands, if it is one of `counted`."""
    return _each(rows["file"], lambda name: [name] if name in counted else [])


def _unsaid(rows: pd.DataFrame, cell_size: int | None) -> Labels:
    """0/1 (rows, L): genres of which the cells say nothing."""
    return _each(rows["genre"], lambda cell: unsaid_genres(cell, ",", cell_size))


def _each(values: pd.Series, genres_of: Callable[[str], Iterable[str]]) -> Labels:
    """What `genres_of` makes of each value, 0/1 (rows, L); equal values are looked at once."""
    codes, distinct = pd.factorize(values)
    matrix: Labels = label_matrix(map(genres_of, distinct), GENRES)[codes]
    return matrix


def _joined(labels: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    """Each row of a matrix (films, L) as `Drama|War`."""
    distinct, place = distinct_rows(labels)
    joined = [join_labels(row, GENRES) for row in labels[distinct]]
    return np.array(joined, dtype=object)[place]
