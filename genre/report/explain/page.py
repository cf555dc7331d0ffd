"""Explanations as a page."""

from collections.abc import Iterable

from genre.report.explain.words import note, readings
from genre.report.pages import origin, render
from genre.use import Model
from genre.use.explain.files import Explained


def explained_page(model: Model, explained: Iterable[Explained], source: str) -> str:
    """The rows of a file with the words for and against each of their labels, in HTML.

    Args:
        model: that was asked.
        explained: the rows.
        source: what they were read from.
    """
    rows = list(explained)
    found = [one.explanation for one in rows if one.explanation]
    errors = [float(error) for one in found for error in one.error]
    facts = [("texts", f"{len(rows):,}"), ("not explained", f"{len(rows) - len(found):,}")]
    if errors:
        facts.append(("largest error", f"{max(errors):.2g} {found[0].unit}"))
    return render(
        "explain/explain.html.jinja",
        title=f"What {model.folder.name} goes by",
        facts=facts,
        origin=origin(f"{len(rows):,} texts of {source}"),
        note=note(found[0]) if found else "",
        articles=[
            (number, readings(one.explanation) if one.explanation else [], one.reason)
            for number, one in enumerate(rows, 1)
        ],
    )
