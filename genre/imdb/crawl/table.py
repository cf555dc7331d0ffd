"""The table of crawled descriptions, our own or one that was downloaded."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from genre.data.tables import read_table
from genre.errors import UserError
from genre.files import atomic_path

CRAWLED_COLUMNS = ["movie_id", "title", "description", "source"]

# other tables' names for the same things, in the order in which they are taken
ID_COLUMNS = ("movie_id", "imdb_id", "id", "tconst")
TEXT_COLUMNS = ("crawled_description", "description", "plot", "storyline", "summary", "overview")


def read_crawled(file: Path) -> pd.DataFrame:
    """Crawled descriptions: columns movie_id, description and source, one row per film, ordered by movie_id.

    Rows without a text are left out; of a film's texts the longest is taken.

    Raises:
        UserError: when the file is missing or is no such table; it lists the columns that would be accepted.
    """
    return read_crawled_films(file)[["movie_id", "description", "source"]]


def read_crawled_films(file: Path) -> pd.DataFrame:
    """The same with the films' titles (empty in a table without), the columns of `CRAWLED_COLUMNS`."""
    header = list(read_table(file, [], keep_others=True).columns)
    movie_id, text = _first(ID_COLUMNS, header, file), _first(TEXT_COLUMNS, header, file)
    optional = [name for name in ("title", "source") if name in header]
    table = read_table(file, [movie_id, text, *optional])
    films = pd.DataFrame(
        {
            "movie_id": table[movie_id].str.strip(),
            "title": table["title"].str.split().str.join(" ") if "title" in table else "",
            "description": table[text].str.strip(),
            "source": table["source"].str.split().str.join(" ").replace("", "crawl") if "source" in table else "crawl",
        },
        dtype="str",
    )
    films = films[(films["movie_id"] != "") & (films["description"] != "")]
    length = films["description"].str.len()
    # after the length come the other columns, so that the order of rows decides nothing
    ordered = films.assign(length=-length).sort_values(["movie_id", "length", *CRAWLED_COLUMNS[1:]])
    return ordered.drop_duplicates("movie_id")[CRAWLED_COLUMNS].reset_index(drop=True)


def write_crawled(films: pd.DataFrame, file: Path) -> None:
    """Write the columns of `CRAWLED_COLUMNS`, ordered by movie_id, whole or not at all; every cell becomes one line."""
    # pandas puts no quotes around a lone carriage return, which then ends the row
    lines = films[CRAWLED_COLUMNS].apply(lambda column: column.str.split().str.join(" "))
    with atomic_path(file) as temporary:
        lines.sort_values("movie_id").to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n")


def _first(names: Sequence[str], header: list[str], file: Path) -> str:
    for name in names:
        if name in header:
            return name
    accepted = f"{', '.join(names[:-1])} or {names[-1]}"
    raise UserError(f"{file}: has the columns {', '.join(header)}; one of them must be {accepted}")
