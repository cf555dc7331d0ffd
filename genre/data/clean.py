"""From merged films to the clean table: every film has a whole description and at least one genre."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from genre.data.descriptions import is_cut, is_placeholder, tidy
from genre.data.tables import read_table
from genre.errors import UserError

CLEAN_COLUMNS = ["movie_id", "title", "year", "description", "genres", "source"]


def enrich(films: pd.DataFrame, crawled: pd.DataFrame) -> pd.DataFrame:
    """Give films whose description is missing or cut the crawled one; `source` says where a text came from.

    Args:
        films: as `merge_films` gives them.
        crawled: columns movie_id, description, source.
    """
    lacking = is_placeholder(films["description"]) | is_cut(films["description"])
    found = crawled.drop_duplicates("movie_id").set_index("movie_id")
    replaced = lacking & films["movie_id"].isin(found.index)
    ids = films["movie_id"][replaced]
    enriched = films.assign(source="kaggle")
    enriched.loc[replaced, "description"] = found.loc[ids, "description"].to_numpy()
    enriched.loc[replaced, "source"] = found.loc[ids, "source"].to_numpy()
    return enriched


def read_crawled(file: Path | None) -> pd.DataFrame:
    """Crawled descriptions, or none if there is no such file to read.

    Raises:
        UserError: when the named file is missing or is no such table.
    """
    columns = ["movie_id", "description", "source"]
    if file is None:
        return pd.DataFrame({column: pd.Series(dtype=str) for column in columns})
    if not file.is_file():
        raise UserError(f"data.crawl={file}: no such file; data.crawl=null does without")
    return read_table(file, columns)[columns]


def clean(films: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Drop films that cannot be learnt from and tidy the rest.

    Returns:
        The clean table and how many films each rule took, in the order of the rules.
    """
    films = films.assign(description=tidy(films["description"]))
    counts = {"films": len(films)}
    rules: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
        "placeholder": lambda table: is_placeholder(table["description"]),
        "cut_text": lambda table: is_cut(table["description"]),
        "no_genre": lambda table: table["genres"] == "",
    }
    for name, rule in rules.items():
        taken = rule(films)
        counts[name] = int(taken.sum())
        films = films[~taken]
    counts["clean"] = len(films)
    return films[CLEAN_COLUMNS].reset_index(drop=True), counts
