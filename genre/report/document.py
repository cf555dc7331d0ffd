"""What every document consists of: sections, tables as CSV, Markdown and text, pictures, one folder."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from genre.errors import UserError
from genre.files import new_folder

if TYPE_CHECKING:  # seconds to import, and a document without plots does without
    from matplotlib.figure import Figure

MOST_SHOWN = 40  # labels in a plot, or in a square of labels: more could not be read


@dataclass(frozen=True)
class Section:
    """A part of a document.

    Attributes:
        name: of its files, such as NAME.csv.
        heading: what it is about.
        table: its numbers.
        text: how to read it.
        finding: what it shows, in one line.
        figure: its plot, None where there is nothing to draw.
        excerpt: what the document shows instead of the whole table.
        heads: what columns are called where people read them, if otherwise.
        links: by column, where each of its cells leads to; an empty text leads nowhere.
        digits: of numbers, after the decimal point.
    """

    name: str
    heading: str
    table: pd.DataFrame
    text: str = ""
    finding: str = ""
    figure: "Figure | None" = None
    excerpt: pd.DataFrame | None = None
    heads: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    digits: int = 3

    @property
    def shown(self) -> pd.DataFrame:
        """The table, or what the document shows of it, as people read it."""
        return as_text(self._source, digits=self.digits).rename(columns=dict(self.heads))

    @property
    def columns(self) -> list["Column"]:
        """The same, as a page sorts it."""
        source, texts = self._source, as_text(self._source, digits=self.digits)
        return [
            Column(
                self.heads.get(name, name),
                pd.api.types.is_numeric_dtype(source[name]),
                texts[name].tolist(),
                [_number(value) for value in source[name]],
                self.links.get(name, [""] * len(source)),
            )
            for name in map(str, texts)
        ]

    @property
    def _source(self) -> pd.DataFrame:
        return self.table if self.excerpt is None else self.excerpt


@dataclass(frozen=True)
class Column:
    """A column of a table on a page.

    Attributes:
        head: what it is called.
        numeric: whether it holds numbers.
        texts: what cells show.
        numbers: by which they are sorted; empty texts where there are none.
        links: where they lead to.
    """

    head: str
    numeric: bool
    texts: Sequence[str]
    numbers: Sequence[str]
    links: Sequence[str]


@dataclass(frozen=True)
class Picture:
    """A plot.

    Attributes:
        name: of its files.
        heading: what it is about.
        finding: what it shows.
        svg: in Base64.
        width: in inches.
    """

    name: str
    heading: str
    finding: str
    svg: str
    width: float


def as_text(table: pd.DataFrame, *, digits: int = 3, intervals: bool = True) -> pd.DataFrame:
    """Every cell as people read it: the columns X, X_low and X_high become one, `0.512 (0.498–0.527)`, and so do X and
    X_bound, which says where X is at most that: `≤ 0.002`.

    Args:
        table: numbers and texts.
        digits: after the decimal point.
        intervals: False leaves them out.
    """
    ends = {f"{name}_{end}" for name in table for end in ("low", "high", "bound")}
    texts = {name: [_text(value, digits) for value in table[name]] for name in table if name not in ends}
    for name in texts if intervals else ():
        if f"{name}_low" in table:
            between = zip(texts[name], table[f"{name}_low"], table[f"{name}_high"], strict=True)
            dash = " to " if (table[f"{name}_low"] < 0).any() else "–"  # which could be read as a minus
            texts[name] = [
                value if pd.isna(low) else f"{value} ({low:.{digits}f}{dash}{high:.{digits}f})"
                for value, low, high in between
            ]
    for name in texts:
        if f"{name}_bound" in table:
            rows = zip(table[name], texts[name], table[f"{name}_bound"], strict=True)
            texts[name] = [
                at_most(value, digits) if bound is True or bound == 1 else text for value, text, bound in rows
            ]
    return pd.DataFrame(texts)


def at_most(value: float, digits: int = 3) -> str:
    """An upper bound as people read it; nothing is at most zero.

    Example:
        >>> at_most(0.002), at_most(0.0001)
        ('≤ 0.002', '≤ 0.001')
    """
    return f"≤ {max(value, 10.0**-digits):.{digits}f}"


def markdown(texts: pd.DataFrame, left: Sequence[str] = ()) -> str:
    """A table of texts in Markdown: the first column and those named to the left, the others to the right."""
    rule = ["---" if name in (texts.columns[0], *left) else "---:" for name in texts]
    rows: list[Sequence[str]] = [list(texts.columns), rule, *texts.to_numpy().tolist()]
    return "".join(f"| {' | '.join(_escaped(cell) for cell in row)} |\n" for row in rows)


def write_table(table: pd.DataFrame, file: Path, *, digits: int = 6) -> None:
    """Write a table as CSV.

    Args:
        table: numbers and texts.
        file: to write.
        digits: after the decimal point.
    """
    table.to_csv(file, index=False, float_format=f"%.{digits}f", lineterminator="\n")


def counted(number: int, noun: str) -> str:
    """`1 genre`, `2 genres`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def listed(names: Sequence[str], noun: str, most: int = 3) -> str:
    """Names as a sentence has them, or of many how many they are.

    Example:
        >>> listed(["Drama"], "genre"), listed(["Drama", "War"], "genre"), listed(["a", "b", "c", "d"], "genre")
        ('Drama', 'Drama and War', '4 genres')
    """
    if len(names) > most:
        return counted(len(names), noun)
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters: of a longer one the beginning and the end, where counts stand.

    Example:
        >>> shortened("Drama (155)", 20), shortened("Strongly correlated electrons (155)", 20)
        ('Drama (155)', 'Strongly cor…s (155)')
    """
    if len(text) <= most:
        return text
    end = (most - 1) * 2 // 5
    return f"{text[: most - 1 - end]}…{text[len(text) - end :]}"


@contextmanager
def new_document(folder: Path, content: Collection[str], what: str) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well it takes the place of `folder` and of the document in it.

    Args:
        folder: of the document.
        content: names of all that such a document can consist of.
        what: such a document is.

    Raises:
        UserError: when `folder` holds something else, which would be lost.
    """
    others = sorted({path.name for path in folder.iterdir()} - set(content)) if folder.exists() else []
    if others:
        raise UserError(f"output={folder}: holds {others[0]}, which is no part of {what}; name a new folder")
    with new_folder(folder) as new:
        yield new


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


def _text(value: Any, digits: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    return "–" if pd.isna(value) else f"{value:,.{digits}f}"


def _number(value: object) -> str:
    return "" if isinstance(value, str) or pd.isna(value) else repr(float(value))  # type: ignore[arg-type, call-overload]
