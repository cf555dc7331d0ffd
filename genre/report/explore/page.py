"""The report folder: page, plots and tables, whole or not at all."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from genre.errors import UserError
from genre.report.explore.section import Section
from genre.report.figures import save
from genre.report.folders import new_folder
from genre.report.pages import render

_CONTENT = {"report.html", "plots", "tables"}


@contextmanager
def new_report(folder: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well it takes the place of `folder` and of the report in it.

    Raises:
        UserError: when `folder` holds something that is no report and would be lost.
    """
    others = sorted({path.name for path in folder.iterdir()} - _CONTENT) if folder.exists() else []
    if others:
        raise UserError(f"output={folder}: holds {others[0]}, which is no part of a report; name a new folder")
    with new_folder(folder) as new:
        yield new


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
        table_file = folder / "tables" / f"{section.name}.csv"
        section.table.to_csv(table_file, index=False, float_format="%.4f", lineterminator="\n")
        if section.figure is not None:
            stem = folder / "plots" / section.name
            save(section.figure, stem)
            pictures[section.name] = base64.b64encode(stem.with_suffix(".svg").read_bytes()).decode()
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
    return (f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"), True
