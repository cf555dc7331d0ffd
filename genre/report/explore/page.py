"""The report folder: page, plots and tables, whole or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from genre.report.document import Section, write_table
from genre.report.figures import picture
from genre.report.pages import origin, render

CONTENT = {"report.html", "plots", "tables"}


def write_report(
    folder: Path, *, title: str, facts: Sequence[tuple[str, str]], data: str, sections: Sequence[Section], digits: int
) -> None:
    """Write `folder`/report.html, plots/ and tables/.

    Args:
        folder: empty.
        title: of the page.
        facts: headline numbers, each with its name.
        data: what they are, in a few words.
        sections: in the order of the page.
        digits: of their numbers, after the decimal point.
    """
    for name in ("plots", "tables"):
        (folder / name).mkdir()
    pictures = {}
    sections = [replace(section, digits=digits) for section in sections]
    for section in sections:
        write_table(section.table, folder / "tables" / f"{section.name}.csv", digits=4)
        if section.figure is not None:
            pictures[section.name] = picture(section.figure, folder / "plots", section.name, section.heading)
    page = render(
        "explore/report.html.jinja",
        title=title,
        facts=facts,
        origin=origin(data),
        sections=sections,
        pictures=pictures,
    )
    (folder / "report.html").write_text(page, encoding="utf-8")
