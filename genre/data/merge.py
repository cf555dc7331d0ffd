"""Many rows per film to one."""

import numpy as np
import pandas as pd

from genre.data.descriptions import is_cut, is_placeholder
from genre.data.labels import GENRES, label_rows, parse_genres
from genre.errors import UserError


def merge_films(rows: pd.DataFrame, *, file_genre: bool) -> pd.DataFrame:
    """One row per `movie_id`: movie_id, title, year, description, genres (`|`-joined), ordered by movie_id.

    Where rows of one film disagree: the longest usable description (then the longest at all), the union of the
    genres, the earliest year. The result does not depend on the order of files or rows.

    Args:
        rows: as `read_raw` gives them.
        file_genre: count the genre of the file in which a row stands among the film's genres.

    Raises:
        UserError: for a genre that IMDb does not have.
    """
    usable = ~(is_placeholder(rows["description"]) | is_cut(rows["description"]))
    order = rows.assign(usable=usable, length=rows["description"].str.len()).sort_values(
        ["movie_id", "usable", "length", "description", "movie_name"], ascending=[True, False, False, True, True]
    )
    films = order.drop_duplicates("movie_id")[["movie_id", "movie_name", "description"]]

    # every distinct cell is parsed once, then the rows of a film are united
    cells = {cell: _parse_cell(cell) for cell in order["genre"].unique()}
    labels = label_rows(order["genre"].map(cells))  # (rows, L)
    if file_genre:
        labels |= label_rows([[genre] if genre in GENRES else [] for genre in order["file"]])
    starts = np.flatnonzero(~order["movie_id"].duplicated())
    united = np.maximum.reduceat(labels, starts) if len(starts) else labels  # (films, L)

    years = order["year"].where(order["year"].str.fullmatch(r"\d{4}"))  # a Roman numeral parts films of one title
    earliest = years.groupby(order["movie_id"].to_numpy()).min()
    return pd.DataFrame(
        {
            "movie_id": films["movie_id"].to_numpy(),
            "title": films["movie_name"].str.strip().to_numpy(),
            "year": earliest.fillna("").to_numpy(),
            "description": films["description"].to_numpy(),
            "genres": ["|".join(np.array(GENRES)[row.astype(bool)]) for row in united],
        }
    )


def _parse_cell(cell: str) -> list[str]:
    try:
        return parse_genres(cell, ",")
    except UserError as error:
        raise UserError(f"genre cell {cell!r}: {error}") from error
