"""The page of a comparison: tables that can be sorted and filtered, and the plots, in one file."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from genre.report.compare.comparison import Comparison
from genre.report.compare.text import verdict
from genre.report.document import Picture, Section, as_text, render


@dataclass(frozen=True)
class _Cell:
    """What a cell shows, and the number by which its column is sorted; empty where there is none."""

    text: str
    number: str


def page(comparison: Comparison, tables: Sequence[Section], pictures: Sequence[Picture]) -> str:
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
        tables=[(table, list(table.shown), _rows(table), _numeric(table)) for table in tables],
        baseline=comparison.runs.index(baseline) if baseline else -1,
        pictures=pictures,
    )


def _film_counts(comparison: Comparison) -> str:
    counts = {round(run.scores.metrics["test/films"]) for run in comparison.runs}
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _rows(table: Section) -> list[list[_Cell]]:
    texts = as_text(table.table).drop(columns="folder", errors="ignore")
    columns = [
        [_Cell(text, _number(value)) for text, value in zip(texts[name], table.table[name], strict=True)]
        for name in texts
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _numeric(table: Section) -> list[bool]:
    names = table.table.columns.drop("folder", errors="ignore")
    return [pd.api.types.is_numeric_dtype(table.table[name]) for name in as_text(table.table[names])]


def _number(value: object) -> str:
    return "" if isinstance(value, str) or pd.isna(value) else repr(float(value))  # type: ignore[arg-type, call-overload]
