"""The report folder: page, plots and tables, whole or not at all."""

import base64
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import jinja2
import pandas as pd
from matplotlib.figure import Figure

from genre.errors import UserError
from genre.report.explore.section import Section

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
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        yield new
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        new.rename(folder)


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
            svg = _save(section.figure, folder / "plots" / section.name)
            pictures[section.name] = base64.b64encode(svg).decode()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html.jinja").render(
        title=title,
        facts=facts,
        sections=sections,
        pictures=pictures,
        cells={section.name: _cells(section.table) for section in sections},
    )
    (folder / "report.html").write_text(page, encoding="utf-8")


def _save(figure: Figure, stem: Path) -> bytes:
    """Write a figure as PNG and SVG; the same figure gives the same files. Returns the SVG."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # it is laid out now: once, not for each format
    figure.savefig(stem.with_suffix(".png"))
    figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
    return stem.with_suffix(".svg").read_bytes()


def _cells(table: pd.DataFrame) -> list[list[tuple[str, bool]]]:
    """Rows of a table as people read them: each cell's text, and whether it is a number."""
    return [[_cell(value) for value in row] for row in table.itertuples(index=False, name=None)]


def _cell(value: str | float) -> tuple[str, bool]:
    if isinstance(value, str):
        return value, False
    return (f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"), True
