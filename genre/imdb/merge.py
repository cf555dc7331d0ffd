"""Many rows per film to one."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.data.labels import distinct_rows, join_labels, label_matrix
from genre.imdb.descriptions import is_cut, is_placeholder
from genre.imdb.genres import GENRES, parse_genres
from genre.imdb.matching import matching

MERGED_COLUMNS = ["movie_id", "title", "year", "description", "genres", "rows"]


def merge_films(rows: pd.DataFrame, *, file_genre: bool) -> pd.DataFrame:
    """One row per film, ordered by movie_id; genres are `|`-joined, `rows` says how many rows the film had.

    Where rows of one film disagree: the longest usable description (then the longest at all), the union of the
    genres, the earliest year. The result does not depend on the order of files or rows.

    Args:
        rows: as `read_raw` gives them.
        file_genre: count the genre of the file in which a row stands among the film's genres.

    Raises:
        UserError: for a genre that IMDb does not have.
    """
    rows = rows.assign(**{column: _on_one_line(rows[column]) for column in ("description", "movie_name")})
    usable = ~(is_placeholder(rows["description"]) | is_cut(rows["description"]))
    order = rows.assign(usable=usable, length=rows["description"].str.len()).sort_values(
        ["movie_id", "usable", "length", "description", "movie_name"], ascending=[True, False, False, True, True]
    )
    first = ~order["movie_id"].duplicated().to_numpy()
    films = order[first]
    # a Roman numeral, which parts films of one title, is no year
    years = pd.to_numeric(order["year"].where(matching(order["year"], r"^\s*[0-9]{4}\s*$")))
    earliest = years.groupby(np.cumsum(first)).min().astype("Int64").astype("str")
    columns = {
        "movie_id": films["movie_id"].to_numpy(),
        "title": films["movie_name"].to_numpy(),
        "year": earliest.fillna("").to_numpy(),
        "description": films["description"].to_numpy(),
        "genres": _united_genres(order, np.flatnonzero(first), file_genre),
        "rows": np.diff(np.append(np.flatnonzero(first), len(order))).astype(str),
    }
    return pd.DataFrame(columns, columns=MERGED_COLUMNS)


def _on_one_line(texts: pd.Series) -> pd.Series:
    broken = texts[matching(texts, r"^\s|\s$|[\r\n\t\v\f]")]
    texts = texts.copy()
    texts[broken.index] = broken.str.split().str.join(" ")
    return texts


def _united_genres(rows: pd.DataFrame, starts: npt.NDArray[np.int64], file_genre: bool) -> npt.NDArray[np.object_]:
    """The genres of each film, whose rows stand together and begin at `starts`."""
    codes, cells = pd.factorize(rows["genre"])
    labels = label_matrix((parse_genres(cell, ",") for cell in cells), GENRES)[codes]  # (rows, L)
    if file_genre:
        codes, names = pd.factorize(rows["file"])
        labels |= label_matrix(([name] if name in GENRES else [] for name in names), GENRES)[codes]
    united = np.maximum.reduceat(labels, starts)  # (films, L)
    distinct, place = distinct_rows(united)
    joined = [join_labels(row, GENRES) for row in united[distinct]]
    return np.array(joined, dtype=object)[place]
