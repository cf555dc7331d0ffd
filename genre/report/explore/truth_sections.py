"""Parts of the report about what is known of genres: what raw cells say and leave open, and what is unknown."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.data.truth import Truth
from genre.imdb.genres import GENRES
from genre.imdb.source import RawFilms
from genre.report.document import MOST_SHOWN, Section, counted
from genre.report.explore import cells, counts, plots


def raw_truth(raw: RawFilms, size: int | None) -> list[Section]:
    """What the cells of raw files say, and what they leave open; nothing where none is full.

    Args:
        raw: rows and films.
        size: how many names a cell has room for; None: any number, so that none is full.
    """
    if size is None:
        return []
    distinct = cells.distinct_cells(raw.rows, size)
    if not distinct["full"].any():
        return []
    zeros = raw.truth.labels == 0
    unsaid = {
        name: cells.unsaid_of_films(raw.rows, raw.films["movie_id"], rule, size) & zeros
        for name, rule in cells.RULES.items()
    }
    return [
        _what_cells_say(distinct, size),
        *_out_of_order(distinct),
        *_by_file(distinct, raw),
        *_rules(distinct, size, {name: int(some.sum()) for name, some in unsaid.items()}, int(zeros.sum())),
        *not_known(raw.truth, GENRES, unsaid[cells.RULE]),
    ]


def not_known(truth: Truth, genres: Sequence[str], unsaid: npt.NDArray[np.bool_] | None = None) -> list[Section]:
    """Of how many films each genre is unknown; nothing where all is known.

    Args:
        truth: of B films.
        genres: names of its L labels.
        unsaid: bool (B, L): zeros of which no cell says anything, where cells are at hand; those that are known all the
            same are told by whole files.
    """
    if truth.known.all() and (unsaid is None or not unsaid.any()):
        return []
    table = counts.unknown_by_genre(truth, genres, unsaid)
    most = table.iloc[0]
    finding = (
        f"{counts.unknown_share(truth):.0f} % of the zeros are unknown; "
        f"{most['genre']} in {most['unknown']:.0f} % of the films"
    )
    if truth.known.all():
        finding = "All is known: whole files tell what full cells leave open"
    text = (
        "% of all films. Unknown: nobody says that the film has the genre, and it may have it all the same. The films "
        "that are left do not have it."
    )
    if counts.FROM_FILE in table:
        text += f" {counts.FROM_FILE.capitalize()}: so many films have it, and none of their cells says so."
    if counts.DENIED in table:
        text += (
            f" {counts.DENIED.capitalize()}: the cells leave it open, but the genre's file is whole and lacks the film."
        )
    if len(table) > MOST_SHOWN:
        text += f" The picture shows the {MOST_SHOWN} that are unknown most often."
    figure = plots.known(table.head(MOST_SHOWN), title=finding)
    return [Section("unknown", "What is not known", table, text, finding, figure)]


def _what_cells_say(distinct: pd.DataFrame, size: int) -> Section:
    full = distinct["full"]
    ordered = _percent(distinct, full & distinct["ordered"], full)
    finding = f"{_percent(distinct, full):.0f} % of the cells are full, {ordered:.0f} % of these in alphabetical order"
    text = (
        f"Rows by how many genres their cells name; a cell has room for {size}. A row stands in the file of a genre, "
        "so its cell should name that one; where full cells alone do not, it is for want of room. All columns but the "
        "first two are % of the rows."
    )
    return Section("cells", "What the cells say", cells.cell_sizes(distinct), text, finding)


def _out_of_order(distinct: pd.DataFrame) -> list[Section]:
    table = cells.first_names(distinct)
    if table.empty:
        return []
    first = table.iloc[0]
    finding = f"{first['first name']} stands first in {first['percent']:.0f} % of the cells that are not in order"
    text = "Rows whose cells are not in alphabetical order, by the name that stands first."
    return [Section("cells_out_of_order", "Cells out of order", table, text, finding)]


def _by_file(distinct: pd.DataFrame, raw: RawFilms) -> list[Section]:
    whole = [genre for genre, there in zip(GENRES, raw.truth.by_files, strict=True) if there]
    table = cells.cells_by_file(distinct, raw.shares, whole)
    if table.empty:
        return []
    lacking = table["lack its genre"].sum()
    finding = "No full cell lacks the genre of its file"
    if lacking:
        share = 100 * lacking / table["full cells"].sum()
        finding = f"{counted(int(lacking), 'full cell')} ({share:.1f} %) without the genre of the file"
    text = (
        "After last name: where the genre that is lacking comes after all that the cell names. Measured: of the "
        "films that rows of other files say to have the genre, % that stand in its own file. A film that is not in a "
        "whole file does not have its genre."
    )
    return [Section("cells_by_file", "Cells and files", table, text, finding)]


def _rules(distinct: pd.DataFrame, size: int, unsaid: dict[str, int], zeros: int) -> list[Section]:
    """How good the rule is.

    Args:
        distinct: cells.
        size: how many names a cell has room for.
        unsaid: by each rule, of how many of the zeros no cell says anything.
        zeros: of all films.
    """
    rows = distinct["rows"]
    lacking = distinct["lacking"]
    if not lacking.any():
        return []
    number = unsaid[cells.RULE]
    called = _percent(distinct, lacking & distinct["unsaid"], lacking)
    finding = (
        f"The rule finds {called:.1f} % of what cells lack and calls {100 * number / zeros:.0f} % of the zeros unknown"
    )
    table = cells.rule_errors(distinct, size)
    table["zeros called unknown"] = [unsaid[name] for name in table["after the name"]]
    table["% of zeros"] = 100 * table["zeros called unknown"] / zeros
    ordered = rows[lacking & distinct["ordered"]].sum()
    text = (
        "The rule: a full cell says nothing of what comes after its last name in the alphabet. It is tried where the "
        f"truth is known: on genres that rows have by their files and that their cells lack, {ordered:,} by cells in "
        f"order and {rows[lacking].sum() - ordered:,} by others. The table says what part of these (%) it calls "
        "unknown, and how many zeros of the films, before whole files tell some of them; below, what two other rules "
        "would."
    )
    return [Section("cells_rule", "How good the rule is", table, text, finding)]


def _percent(distinct: pd.DataFrame, some: pd.Series, of: pd.Series | None = None) -> float:
    """Percentage of rows in which `some` holds, of all or those in which `of` does."""
    rows = distinct["rows"]
    return float(100 * rows[some].sum() / (rows if of is None else rows[of]).sum())
