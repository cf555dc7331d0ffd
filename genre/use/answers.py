"""Rows with what was predicted of them, in the formats of tables."""

import csv
import io
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from genre.data.formats import JSON_LINES, PARQUET, cell_text
from genre.data.rows import SEPARATED, Row, RowFile
from genre.errors import UserError

PREDICTED, REASON = "predicted_genres", "not_predicted"
PROBABILITY = "probability_"  # of a label


class Answer(NamedTuple):
    """What is said of a row.

    Attributes:
        row: its own cells.
        labels: that were predicted.
        reason: why none were; empty where some were.
        probabilities: of the L labels, None where there is no text; empty where nobody asks for them.
    """

    row: Row
    labels: list[str]
    reason: str
    probabilities: list[float | None]


class Format(Protocol):
    """How answers are written."""

    def begin(self, file: BinaryIO) -> None:
        """Write what stands before the first one."""
        ...

    def part(self, answers: Sequence[Answer], file: BinaryIO) -> None:
        """Write some."""
        ...

    def whole(self, parts: Iterable[Path], file: BinaryIO) -> None:
        """Write a file of what stands in the files that `part` has written."""
        ...


def format_of(output: str, rows: RowFile, labels: Sequence[str]) -> Format:
    """The format that the output's name says: CSV where it says none, as that of a pipe.

    Args:
        output: its name.
        rows: that are answered.
        labels: whose probabilities are written.

    Raises:
        UserError: when the rows have a column that is to be added, or the name says another format.
    """
    added = [PREDICTED, REASON, *(PROBABILITY + label for label in labels)]
    for column in added:
        if column in rows.columns:
            raise UserError(f"input: has a column {column!r}, where the predictions are to stand; rename it")
    suffix = Path(output).suffix.lower()
    if suffix in PARQUET:
        return _Parquet(rows, added)
    if suffix in JSON_LINES:
        return _JsonLines([*rows.columns, *added])
    if suffix in ("", *SEPARATED):
        return _Separated([*rows.columns, *added], "," if suffix in ("", ".csv") else "\t")
    known = ", ".join((*SEPARATED, *JSON_LINES, *PARQUET))
    raise UserError(f"output={output}: in which format? Its name must end in one of {known}")


class _Lines:
    """Formats in which one file can be hung on another."""

    def begin(self, file: BinaryIO) -> None:
        """See `Format`."""

    def whole(self, parts: Iterable[Path], file: BinaryIO) -> None:
        """See `Format`."""
        self.begin(file)
        for part in parts:
            with part.open("rb") as opened:
                shutil.copyfileobj(opened, file)


class _Separated(_Lines):
    """Every cell as text; `|` between labels."""

    def __init__(self, columns: Sequence[str], delimiter: str) -> None:
        self.columns, self.delimiter = columns, delimiter

    def begin(self, file: BinaryIO) -> None:
        self._write([self.columns], file)

    def part(self, answers: Sequence[Answer], file: BinaryIO) -> None:
        rows = (
            [
                *map(cell_text, answer.row),
                "|".join(answer.labels),
                answer.reason,
                *("" if value is None else f"{value:.6g}" for value in answer.probabilities),
            ]
            for answer in answers
        )
        self._write(rows, file)

    def _write(self, rows: Iterable[Sequence[str]], file: BinaryIO) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.delimiter, lineterminator="\n").writerows(rows)
        file.write(text.getvalue().encode(errors="replace"))  # half a character has no UTF-8


class _JsonLines(_Lines):
    """An object a row, its labels a list."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def part(self, answers: Sequence[Answer], file: BinaryIO) -> None:
        for answer in answers:
            cells = [*answer.row, answer.labels, answer.reason, *answer.probabilities]
            content = dict(zip(self.columns, cells, strict=True))
            line = json.dumps(content, ensure_ascii=False, default=str)
            try:
                file.write(f"{line}\n".encode())
            except UnicodeEncodeError:  # half a character, which JSON can spell
                file.write(f"{json.dumps(content, default=str)}\n".encode())


class _Parquet:
    """Columns keep their types, those of files without types are text; labels are a list."""

    def __init__(self, rows: RowFile, added: Sequence[str]) -> None:
        self.typed = rows.schema is not None
        own = rows.schema or [pa.field(name, pa.string()) for name in rows.columns]
        types = [pa.list_(pa.string()), pa.string(), *[pa.float32()] * (len(added) - 2)]
        self.schema = pa.schema([*own, *map(pa.field, added, types)])

    def begin(self, file: BinaryIO) -> None:
        """There is nothing."""

    def part(self, answers: Sequence[Answer], file: BinaryIO) -> None:
        rows = [answer.row if self.typed else [_utf8(cell_text(cell)) for cell in answer.row] for answer in answers]
        cells = [
            [*row, answer.labels, answer.reason, *answer.probabilities]
            for row, answer in zip(rows, answers, strict=True)
        ]
        columns = zip(*cells, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self.schema, strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=self.schema), file)

    def whole(self, parts: Iterable[Path], file: BinaryIO) -> None:
        with pq.ParquetWriter(file, self.schema) as writer:
            for part in parts:
                writer.write_table(pq.read_table(part, schema=self.schema))


def _utf8(text: str) -> str:
    return text.encode(errors="replace").decode()
