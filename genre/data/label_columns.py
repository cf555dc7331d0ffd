"""The labels of a table's rows, from the columns that hold them, and which of them are told apart."""

import functools
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.config import TableConfig
from genre.config.explain import suggestion
from genre.data.cells import flag, label_parser
from genre.data.tables import require_file
from genre.errors import UserError, steers_terminals

log = logging.getLogger(__name__)

MOST_LABELS = 2_000  # with more, a column rather holds texts
LabelSets = list[list[str]]
T = TypeVar("T")


class RowLabels(NamedTuple):
    """What B rows say of labels.

    Attributes:
        sets: labels of each.
        unknown: those of which a row says that they are not known.
        order: all labels in their order: that of the columns or of the file of names, or sorted.
    """

    sets: LabelSets
    unknown: LabelSets
    order: list[str]


def row_labels(rows: pd.DataFrame, cfg: TableConfig) -> RowLabels:
    """The labels of a table.

    Raises:
        UserError: for a cell in which no labels can be found, or a number without a name.
    """
    columns: list[str] = cfg.labels_from
    mark = cfg.unknown_mark
    if len(columns) > 1:
        marked = [rows[column].str.strip() == mark for column in columns]  # nowhere without a mark
        flags = [_each(rows[column].mask(where, "0"), flag) for column, where in zip(columns, marked, strict=True)]
        return RowLabels(_names_of(flags, columns), _names_of(marked, columns), columns)
    cells = rows[columns[0]]
    sets = _each(cells, label_parser(cells.tolist(), cfg.separator))
    unknown: LabelSets = [[] for _ in sets]
    if mark is not None:
        unknown = [[label.removeprefix(mark).strip() for label in row if label.startswith(mark)] for row in sets]
        sets = [[label for label in row if not label.startswith(mark)] for row in sets]
    if cfg.label_names is None:
        order = sorted({label for row in sets for label in row})
    else:
        order = _read_names(Path(cfg.label_names))
        sets = [[_named(label, order, cfg) for label in row] for row in sets]
        unknown = [[label and _named(label, order, cfg) for label in row] for row in unknown]
    # a mark by itself: all that the row does not name
    return RowLabels(sets, [order if "" in row else row for row in unknown], order)


def chosen_labels(sets: LabelSets, order: Sequence[str], cfg: TableConfig) -> tuple[str, ...]:
    """The labels that are told apart, in their order: those asked for that are not too rare.

    Raises:
        UserError: when a label that is asked for is on no row, or none are left, or too many.
    """
    where = f"data.labels_from={','.join(cfg.labels_from)}"
    films = Counter(label for row in sets for label in row)
    for label in films:
        if steers_terminals(label):
            raise UserError(f"{where}: the label {label!r} of {cfg.file} holds control characters; remove them")
    if not films:
        raise UserError(f"{where}: no row of {cfg.file} has a label")
    for label in cfg.labels or []:
        if label not in films:
            raise UserError(f"data.labels: no row has the label {label!r}; {suggestion(label, films)}")
    asked = cfg.labels or [label for label in order if films[label]]
    kept = tuple(label for label in asked if films[label] >= cfg.min_films)
    if len(kept) < len(asked):
        tell_once(f"Labels on fewer than {cfg.min_films} rows, left out: {len(asked) - len(kept)} of {len(asked)}")
    if not kept:
        most = max(films[label] for label in asked)
        raise UserError(f"data.min_films={cfg.min_films}: leaves no label; the most frequent one is on {most:,} rows")
    if len(kept) > MOST_LABELS:
        raise UserError(
            f"{where}: {len(kept):,} different labels, and {MOST_LABELS:,} at most can be told apart; is it the right "
            "column and separator (data.separator)? data.min_films=10 leaves rare ones out"
        )
    return kept


@functools.cache
def tell_once(message: str) -> None:
    """Log what each step that prepares the same table would say again."""
    log.info(message)


def _names_of(columns: Sequence[npt.ArrayLike], names: Sequence[str]) -> LabelSets:
    """The names of the columns that are set in each row."""
    return [[names[place] for place in np.flatnonzero(row).tolist()] for row in np.column_stack(columns)]


def _each(cells: pd.Series, parse: Callable[[str], T]) -> list[T]:
    """What `parse` makes of each cell; equal cells are looked at once."""
    found = {}
    for cell in cells.unique():
        try:
            found[cell] = parse(cell)
        except ValueError as error:
            raise UserError(f"data.labels_from={cells.name}: the cell {cell[:60]!r} {error}") from None
    return [found[cell] for cell in cells]


def _read_names(file: Path) -> list[str]:
    try:
        require_file(file)
        names = file.read_text(encoding="utf-8-sig").rstrip().splitlines()
    except UserError as error:
        raise UserError(f"data.label_names: {error}") from None
    except UnicodeDecodeError:
        raise UserError(f"data.label_names={file}: is not UTF-8; save the file as UTF-8") from None
    names = [name.strip() for name in names]
    for number, name in enumerate(names, 1):
        if not name or name in names[: number - 1]:
            fault = f"{name!r} stands there twice" if name else "is blank"
            raise UserError(f"data.label_names={file}, line {number}: {fault}; each line must be another name")
    return names


def _named(label: str, names: Sequence[str], cfg: TableConfig) -> str:
    if not label.isascii() or not label.isdigit():
        raise UserError(
            f"data.label_names={cfg.label_names}: the label {label[:60]!r} in {cfg.labels_from[0]!r} is no number; "
            "leave data.label_names out where labels are names"
        )
    if int(label) >= len(names):
        raise UserError(
            f"data.label_names={cfg.label_names}: has {len(names)} names, for 0 to {len(names) - 1}, "
            f"and {cfg.labels_from[0]!r} holds the number {label}"
        )
    return names[int(label)]
