"""The page of a comparison: tables that can be sorted and filtered, and the plots, in one file."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from genre.report.compare.comparison import Comparison
from genre.report.compare.text import verdict
from genre.report.pages import render
from genre.report.run.tables import as_text


@dataclass(frozen=True)
class Table:
    """A table of the comparison.

    Attributes:
        name: of its CSV file.
        heading: what it is about.
        text: how to read it.
        table: its numbers.
        heads: names of columns that people see instead.
    """

    name: str
    heading: str
    text: str
    table: pd.DataFrame
    heads: dict[str, str]

    def shown(self) -> pd.DataFrame:
        """The table as people read it."""
        return as_text(self.table).drop(columns="folder", errors="ignore").rename(columns=self.heads)


@dataclass(frozen=True)
class Picture:
    """A plot of the comparison: the name of its files, its heading, and its SVG in Base64."""

    name: str
    heading: str
    svg: str


@dataclass(frozen=True)
class _Cell:
    """What a cell shows, and the number by which its column is sorted; empty where there is none."""

    text: str
    number: str


def page(comparison: Comparison, tables: Sequence[Table], pictures: Sequence[Picture]) -> str:
    """The page in HTML.

    Args:
        comparison: of runs.
        tables: in the order of the page; those of runs and seeds stand before the plots.
        pictures: in the order of the page.
    """
    baseline = comparison.baseline
    return render(
        "compare/compare.html.jinja",
        title=f"{len(comparison.runs)} {'run' if len(comparison.runs) == 1 else 'runs'} by {comparison.metric_name}",
        facts=[
            (f"best {comparison.metric_name}", f"{comparison.value(comparison.runs[0]):.3f}"),
            *([(f"baseline's {comparison.metric_name}", f"{comparison.value(baseline):.3f}")] if baseline else []),
            ("runs compared", str(len(comparison.runs))),
            ("left out", str(len(comparison.left_out))),
            ("test films", _film_counts(comparison)),
        ],
        verdict=verdict(comparison),
        tables=[(table, list(table.shown()), _rows(table), _numeric(table)) for table in tables],
        baseline=comparison.runs.index(baseline) if baseline else -1,
        pictures=pictures,
    )


def _film_counts(comparison: Comparison) -> str:
    counts = {round(run.scores.metrics["test/films"]) for run in comparison.runs}
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _rows(table: Table) -> list[list[_Cell]]:
    texts = as_text(table.table).drop(columns="folder", errors="ignore")
    columns = [
        [_Cell(text, _number(value)) for text, value in zip(texts[name], table.table[name], strict=True)]
        for name in texts
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _numeric(table: Table) -> list[bool]:
    names = table.table.columns.drop("folder", errors="ignore")
    return [pd.api.types.is_numeric_dtype(table.table[name]) for name in as_text(table.table[names])]


def _number(value: object) -> str:
    return "" if isinstance(value, str) or pd.isna(value) else repr(float(value))  # type: ignore[arg-type, call-overload]
