"""What pages of several runs have in common."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from genre.report.document import Picture, Section
from genre.report.pages import render


def group_page(
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    origin: Sequence[tuple[str, str]],
    told: Sequence[str],
    sections: Sequence[Section],
    curves: Sequence[tuple[str, pd.Series]],
    metric: str,
    marked: Mapping[int, str],
) -> str:
    """The page in HTML.

    Args:
        title: of the page.
        facts: headline numbers.
        origin: how the runs were made.
        told: what they are, in paragraphs.
        sections: tables, in their order.
        curves: label and validation metric by epoch of the runs, best first; none: no picture.
        metric: which that is.
        marked: classes of rows of the first table, by number.
    """
    return render(
        "group/group.html.jinja",
        title=title,
        facts=facts,
        origin=origin,
        told=told,
        sections=sections,
        marked=marked,
        pictures=_picture(curves, metric) if curves else [],
    )


def _picture(curves: Sequence[tuple[str, pd.Series]], metric: str) -> list[Picture]:
    # seconds to import, and a page without plots does without
    from genre.report.compare.plots.history import validation_curves
    from genre.report.figures import picture, style

    with style(), tempfile.TemporaryDirectory() as folder:
        figure = validation_curves(curves, metric)
        return [picture(figure, Path(folder), "validation", "Validation by epoch")] if figure else []
