"""What every document consists of: sections, tables as CSV, Markdown and text, pictures, one HTML file, one folder."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
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
        finding: what it shows, in one line: the title of its plot.
        figure: its plot, None where there is nothing to draw.
        excerpt: what the document shows of the table, None for all of it.
    """

    name: str
    heading: str
    table: pd.DataFrame
    text: str = ""
    finding: str = ""
    figure: "Figure | None" = None
    excerpt: pd.DataFrame | None = None

    @property
    def shown(self) -> pd.DataFrame:
        """The table, or what the document shows of it."""
        return self.table if self.excerpt is None else self.excerpt


@dataclass(frozen=True)
class Picture:
    """A plot: the name of its files, its heading, and its SVG in Base64."""

    name: str
    heading: str
    svg: str


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
            pairs = zip(texts[name], table[f"{name}_bound"], strict=True)
            texts[name] = [f"≤ {value}" if bound is True or bound == 1 else value for value, bound in pairs]
    return pd.DataFrame(texts)


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


def render(template: str, **values: Any) -> str:
    """Fill in a template of this package; what it shows of `values` is text, never markup.

    Args:
        template: its path below genre/report.
        values: by the names that the template uses; each of these must be there.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)


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
    return "–" if pd.isna(value) else f"{value:.{digits}f}"
