"""The report folder: page, plots and tables, whole or not at all."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from genre.report.document import Section, render, write_table
from genre.report.figures import picture

CONTENT = {"report.html", "plots", "tables"}


def write_report(folder: Path, *, title: str, facts: Sequence[tuple[str, str]], sections: Sequence[Section]) -> None:
    """Write `folder`/report.html, plots/ and tables/.

    Args:
        folder: empty.
        title: of the page.
        facts: headline numbers, each with its name.
        sections: in the order of the page.
    """
    for name in ("plots", "tables"):
        (folder / name).mkdir()
    pictures = {}
    for section in sections:
        write_table(section.table, folder / "tables" / f"{section.name}.csv", digits=4)
        if section.figure is not None:
            pictures[section.name] = picture(section.figure, folder / "plots", section.name, section.heading).svg
    page = render(
        "explore/report.html.jinja",
        title=title,
        facts=facts,
        sections=sections,
        pictures=pictures,
        cells={section.name: _cells(section.table) for section in sections},
    )
    (folder / "report.html").write_text(page, encoding="utf-8")


def _cells(table: pd.DataFrame) -> list[list[tuple[str, bool]]]:
    """Rows of a table as people read them: each cell's text, and whether it is a number."""
    return [[_cell(value) for value in row] for row in table.itertuples(index=False, name=None)]


def _cell(value: str | float) -> tuple[str, bool]:
    if isinstance(value, str):
        return value, False
    if pd.isna(value):
        return "–", True
    return (f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"), True
