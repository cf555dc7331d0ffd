"""Explanations of the rows of a file."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from genre.errors import UserError
from genre.files import atomic_path, output_file, write_text
from genre.use.explain.explain import explain
from genre.use.explain.explanation import Explanation
from genre.use.model import Model, unread
from genre.use.predict import cells_of, rows_for

_PAGES, _JSON_LINES = (".html", ".htm"), (".jsonl", ".ndjson")


class Explained(NamedTuple):
    """A row of a file.

    Attributes:
        row: its own cells, by column.
        explanation: None where there is nothing to read.
        reason: why there is none, else empty.
    """

    row: dict[str, Any]
    explanation: Explanation | None
    reason: str


def explain_file(
    model: Model,
    source: str,
    output: str,
    labels: Sequence[str] | None,
    method: str,
    page: Callable[[Model, Iterable[Explained], str], str],
) -> Path:
    """Explain the rows of a file, as a page or as JSON lines, which are written whole or not at all.

    Args:
        model: that reads the rows.
        source: see `genre.data.rows.open_rows`.
        output: whose name says in which format.
        labels: see `explain`, as the next.
        method: `auto`, `gradients` or `occlusion`.
        page: gives the page.

    Returns:
        The file that was written.

    Raises:
        UserError: when one of both files cannot be used, or a label is unknown.
    """
    suffix = Path(output).suffix.lower()
    if suffix not in (*_PAGES, *_JSON_LINES):
        raise UserError(f"output={output}: in which format? Its name must end in .html, a page, or .jsonl")
    file = output_file(Path(output))
    explained = _explained(model, source, labels, method)
    if suffix in _PAGES:
        write_text(file, page(model, explained, source))
        return file
    with atomic_path(file) as temporary, temporary.open("w", encoding="utf-8") as lines:
        for one in explained:
            content = {"row": one.row, "not_explained": one.reason, **as_json(one.explanation)}
            lines.write(f"{json.dumps(content, default=str)}\n")  # in ASCII: half a character has no UTF-8
    return file


def _explained(model: Model, source: str, labels: Sequence[str] | None, method: str) -> Iterator[Explained]:
    rows = rows_for(model, source)
    for row in rows.rows():
        (text,) = model.read(cells_of(model.columns, rows, [row]))
        reason = unread(text)
        found = None if reason else explain(model, text, labels, method)
        yield Explained(dict(zip(rows.columns, row, strict=True)), found, reason)


def as_json(explanation: Explanation | None) -> dict[str, Any]:
    """An explanation as JSON has it: words with their places in the text, and a weight a word for each label."""
    if explanation is None:
        return {}
    columns = zip(
        explanation.labels,
        explanation.probabilities.tolist(),
        explanation.baseline.tolist(),
        explanation.error.tolist(),
        explanation.weights.T.tolist(),
        strict=True,
    )
    names = ("label", "probability", "probability_of_nothing", "error", "weights")
    return {
        "text": explanation.text,
        "method": explanation.method,
        "unit": explanation.unit,
        "words": [explanation.text[start:end] for start, end in explanation.words],
        "places": explanation.words,
        "labels": [dict(zip(names, column, strict=True)) for column in columns],
    }
