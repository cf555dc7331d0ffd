"""The numbers of the report: small tables from films; shares are in percent."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.data.truth import Truth

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
GROUP_SIZES = ("2", "3", "4", "5 to 9", "10 or more")
# columns that not every table of what is unknown has
FROM_FILE, DENIED = "from its file alone", "its file says no"


def genre_counts(labels: npt.NDArray[np.uint8], genres: list[str]) -> pd.DataFrame:
    """Films of each genre, frequent ones first: genre, films, percent of all films."""
    films = labels.sum(axis=0, dtype=np.int64)
    table = pd.DataFrame({"genre": genres, "films": films, "percent": 100 * films / len(labels)})
    return table.sort_values("films", ascending=False, kind="stable", ignore_index=True)


def genres_per_film(labels: npt.NDArray[np.uint8]) -> pd.DataFrame:
    """Films with 0, 1, 2, ... genres, without gaps between: genres, films, percent."""
    per_film = labels.sum(axis=1, dtype=np.int64)
    films = np.bincount(per_film)
    genres = np.arange(len(films))
    table = pd.DataFrame({"genres": genres, "films": films, "percent": 100 * films / len(labels)})
    return table[per_film.min() :].reset_index(drop=True)


def cooccurrence(labels: npt.NDArray[np.uint8], genres: list[str]) -> pd.DataFrame:
    """Films that have both genres, (L, L) and symmetric; the diagonal holds the films of each genre."""
    wide = labels.astype(np.int64)
    return pd.DataFrame(wide.T @ wide, index=pd.Index(genres, name="genre"), columns=genres)


def normalised_by_row(counts: pd.DataFrame) -> pd.DataFrame:
    """Of the films of the row's genre, the percentage that has the column's too.

    The diagonal is 100, and a row's sum is 100 times the mean number of genres of its films.
    """
    return 100 * counts.div(np.diag(counts), axis="index")


def normalised_by_column(counts: pd.DataFrame) -> pd.DataFrame:
    """Of the films of the column's genre, the percentage that has the row's too: the above, transposed."""
    return 100 * counts.div(np.diag(counts), axis="columns")


def length_quantiles(lengths: pd.DataFrame) -> pd.DataFrame:
    """Mean, extremes and quantiles of each column of lengths: measure, then a column for each column of `lengths`."""
    rows = {
        "shortest": lengths.min(),
        **{f"{quantile:.0%} up to": lengths.quantile(quantile) for quantile in QUANTILES},
        "longest": lengths.max(),
        "mean": lengths.mean(),
    }
    return pd.DataFrame(rows).T.rename_axis("measure").reset_index()


def gaps_by_genre(gaps: pd.DataFrame, labels: npt.NDArray[np.uint8], genres: list[str]) -> pd.DataFrame:
    """Percentage of each genre's films that lack something: genre, films, a column for each kind of gap."""
    films = labels.sum(axis=0, dtype=np.int64)
    lacking = labels.T.astype(np.int64) @ gaps.to_numpy(dtype=np.int64)  # (L, kinds)
    rates = pd.DataFrame(100 * lacking / films[:, None], columns=gaps.columns)
    return pd.concat([pd.DataFrame({"genre": genres, "films": films}), rates], axis="columns")


def gaps_by_year(gaps: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """Percentage of each year's films that lack something: year, films, a column for each kind of gap.

    Args:
        gaps: one row per film.
        years: of the films that have one; the index names their rows of `gaps`.
    """
    by_year = gaps.loc[years.index].groupby(years)
    rates = 100 * by_year.mean()
    rates.insert(0, "films", by_year.size())
    return rates.rename_axis("year").reset_index()


def films_per_year(years: pd.Series) -> pd.DataFrame:
    """Films of each year from the first to the last, 0 for years between that have none: year, films."""
    films = years.value_counts()
    if films.empty:
        return pd.DataFrame({"year": [], "films": []}, dtype=int)
    every = pd.RangeIndex(films.index.min(), films.index.max() + 1, name="year")
    return films.reindex(every, fill_value=0).rename("films").reset_index()


def duplicates(descriptions: pd.Series) -> pd.DataFrame:
    """Descriptions that several films share but for case and white space, most shared first: films, description."""
    folded = descriptions.str.casefold().str.replace(r"\s+", " ", regex=True).str.strip()
    films = folded.value_counts()
    shared = films[films > 1].rename_axis("description").reset_index(name="films")[["films", "description"]]
    return shared.sort_values(["films", "description"], ascending=[False, True], ignore_index=True)


def duplicate_groups(shared: pd.DataFrame) -> pd.DataFrame:
    """Shared descriptions by how many films share them: shared by, descriptions, films of all these."""
    sizes = pd.cut(shared["films"], [1, 2, 3, 4, 9, np.inf], labels=list(GROUP_SIZES))
    groups = shared["films"].groupby(sizes, observed=False).agg(["size", "sum"])
    groups = groups.set_axis(["descriptions", "films"], axis="columns").astype(int)
    return groups.rename_axis("shared by").reset_index()


def unknown_by_genre(truth: Truth, genres: Sequence[str], unsaid: npt.NDArray[np.bool_] | None = None) -> pd.DataFrame:
    """Of how many films each genre is unknown, the least known on top.

    Args:
        truth: of B films.
        genres: names of its L labels.
        unsaid: bool (B, L): zeros that only whole files can tell.

    Returns:
        genre, films, from its file alone (films, if there are any), and in percent of all films: with it, unknown, its
        file says no (if there are any: unsaid, and known not to have it).
    """
    films = len(truth.labels)
    table = pd.DataFrame({"genre": genres, "films": truth.labels.sum(axis=0, dtype=np.int64)})
    from_file = (truth.labels > truth.cells).sum(axis=0)
    if from_file.any():
        table[FROM_FILE] = from_file
    table["with it"] = 100 * table["films"] / films
    table["unknown"] = 100 * (~truth.known).sum(axis=0) / films
    order = ["unknown"]
    if unsaid is not None and (denied := (unsaid & truth.known).sum(axis=0)).any():
        table[DENIED] = 100 * denied / films
        order.append(DENIED)
    return table.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def unknown_share(truth: Truth) -> float:
    """Percentage of the zeros that are unknown; 0 where there is no zero."""
    return float(100 * (~truth.known).sum() / max((truth.labels == 0).sum(), 1))


def funnel(report: Mapping[str, Any]) -> pd.DataFrame:
    """What each rule of cleaning took, in the order of the rules: rule, dropped, left.

    Args:
        report: `films` and `dropped` (rule: films) of cleaning_report.json.
    """
    dropped = pd.Series(report["dropped"], dtype=np.int64)
    left = report["films"] - dropped.cumsum()
    return pd.DataFrame({"rule": dropped.index, "dropped": dropped.to_numpy(), "left": left.to_numpy()})


def years_as_names(table: pd.DataFrame) -> pd.DataFrame:
    """A year is a name, not an amount: it has no thousands."""
    return table.assign(year=table["year"].astype(str))
