"""What the genre cells of IMDb's rows say and leave open: small tables; shares are in percent."""

from collections.abc import Callable, Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.data.labels import label_matrix
from genre.imdb.genres import GENRES, cell_names, unsaid_genres

Rule = Callable[[str, int], list[str]]


def _after(position: int) -> Rule:
    """The rule that a full cell says nothing of what comes after its name at `position`."""

    def unsaid(cell: str, size: int) -> list[str]:
        names = cell_names(cell, ",")
        if len(names) < size:
            return []
        return [genre for genre in GENRES if genre > names[position] and genre not in names]

    return unsaid


RULE = "last in the alphabet"
# what a full cell says nothing of is what comes after this; the first one is the rule by which films are merged
RULES: dict[str, Rule] = {
    RULE: lambda cell, size: unsaid_genres(cell, ",", size),
    "last written": _after(-1),
    "first written": _after(0),
}


def distinct_cells(rows: pd.DataFrame, size: int) -> pd.DataFrame:
    """Each pair of a file and a cell once.

    Args:
        rows: of raw files, see `read_raw`.
        size: how many names a cell has room for.

    Returns:
        file (empty if it is no genre's), genre (the cell), rows, names (how many), first (as written), ordered (by the
        alphabet), full, lacking (it does not name its file's genre), unsaid (and says nothing of it, see `RULE`).
    """
    cells = rows.value_counts(["file", "genre"], sort=False).rename("rows").reset_index()
    names = [cell_names(cell, ",") for cell in cells["genre"]]
    unsaid = [RULES[RULE](cell, size) for cell in cells["genre"]]
    own = cells["file"]
    return cells.assign(
        names=[len(some) for some in names],
        first=[some[0] if some else "" for some in names],
        ordered=[some == sorted(some) for some in names],
        full=[len(some) >= size for some in names],
        lacking=[bool(file) and file not in some for file, some in zip(own, names, strict=True)],
        unsaid=[file in some for file, some in zip(own, unsaid, strict=True)],
    )


def cell_sizes(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells by how many names they hold: names, rows, percent, in order, lack file's genre.

    Args:
        cells: see `distinct_cells`.
    """
    size = cells["names"]
    rows = _rows(cells, size)
    of_genres = _rows(cells[cells["file"] != ""], size)  # rows whose file is a genre's
    table = {
        "rows": rows,
        "percent": 100 * rows / rows.sum(),
        "in order": 100 * _rows(cells[cells["ordered"]], size) / rows,
        "lack file's genre": 100 * _rows(cells[cells["lacking"]], size) / of_genres,
    }
    return pd.DataFrame(table).rename_axis("names").reset_index()


def first_names(cells: pd.DataFrame) -> pd.DataFrame:
    """Which names stand first in cells that are not in order, frequent ones on top: first name, rows, percent.

    Args:
        cells: see `distinct_cells`.
    """
    others = cells[~cells["ordered"]]
    rows = others.groupby("first")["rows"].sum().sort_values(ascending=False, kind="stable")
    table = rows.rename_axis("first name").reset_index()
    return table.assign(percent=100 * table["rows"] / table["rows"].sum())


def cells_by_file(cells: pd.DataFrame, shares: Mapping[str, float], whole: Collection[str]) -> pd.DataFrame:
    """How far the cells of each file name its genre, and how much of it the file holds.

    Args:
        cells: see `distinct_cells`.
        shares: of films that other files say to have the genre, how many stand in the file; see `whole_files`.
        whole: genres whose files are taken for whole.

    Returns:
        file, rows, full cells, lack its genre, % of full cells, after last name (of those that lack it), measured
        (% that the file holds), whole; frequent lacks on top.
    """
    cells = cells[cells["file"] != ""]
    file = cells["file"]
    full, lacking = _rows(cells[cells["full"]], file), _rows(cells[cells["full"] & cells["lacking"]], file)
    table = pd.DataFrame(
        {
            "rows": _rows(cells, file),
            "full cells": full,
            "lack its genre": lacking,
            "% of full cells": 100 * lacking / full,
            "after last name": _rows(cells[cells["lacking"] & cells["unsaid"]], file),
            "measured": 100 * pd.Series(shares, dtype=float),
        }
    ).rename_axis("file")
    table["whole"] = ["yes" if name in whole else "no" for name in table.index]
    return table.sort_values("% of full cells", ascending=False, kind="stable").reset_index()


def rule_errors(cells: pd.DataFrame, size: int) -> pd.DataFrame:
    """What each rule calls unknown of genres that rows have by their files, though their cells do not name them.

    Args:
        cells: see `distinct_cells`.
        size: how many names a cell has room for.

    Returns:
        after the name (by which the rule goes), in order, not in order: % of such genres where the cell is and where it
        is not in alphabetical order.
    """
    lacking = cells[cells["lacking"]]
    table = {}
    for name, rule in RULES.items():
        called = [file in rule(cell, size) for file, cell in zip(lacking["file"], lacking["genre"], strict=True)]
        hit = lacking["rows"] * called
        table[name] = [
            100 * hit[part].sum() / lacking["rows"][part].sum() if part.any() else np.nan
            for part in (lacking["ordered"], ~lacking["ordered"])
        ]
    return pd.DataFrame(table, index=["in order", "not in order"]).T.rename_axis("after the name").reset_index()


def unsaid_of_films(rows: pd.DataFrame, movie_ids: pd.Series, rule: Rule, size: int) -> npt.NDArray[np.bool_]:
    """Genres of which none of a film's cells says anything (B, L), though a file may tell it.

    Args:
        rows: of raw files, see `read_raw`.
        movie_ids: of all films of these rows (B,), each once.
        rule: what a cell says nothing of.
        size: how many names a cell has room for.
    """
    code, distinct = pd.factorize(rows["genre"])
    unsaid = label_matrix((rule(cell, size) for cell in distinct), GENRES)  # (distinct cells, L)
    film = pd.Index(movie_ids).get_indexer(rows["movie_id"])
    order = np.argsort(film, kind="stable")
    starts = np.flatnonzero(np.diff(film[order], prepend=-1))
    every: npt.NDArray[np.bool_] = np.minimum.reduceat(unsaid[code[order]], starts) == 1
    return every


def _rows(cells: pd.DataFrame, groups: pd.Series) -> pd.Series:
    """Rows of some cells by the groups of all cells; 0 for a group that none of them is in."""
    counted = cells["rows"].groupby(groups.loc[cells.index]).sum()
    return counted.reindex(sorted(groups.unique()), fill_value=0)
