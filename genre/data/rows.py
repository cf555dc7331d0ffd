"""Rows of a file in any format, one after the other, however many there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from genre.data.formats import JSON_LINES, PARQUET, json_lines
from genre.data.tables import bounded_lines, not_utf8, require_file, require_text_file, table_rows
from genre.errors import UserError

STANDARD = "-"  # input or output
SEPARATED = (".csv", ".tsv", ".tab")
TEXTS = (".txt",)
_BATCH = 2_000  # rows of a Parquet file that are read at a time

Row = list[Any]


@dataclass(frozen=True)
class RowFile:
    """A file of rows that has been looked through: what is wrong with it is known before the first row is answered.

    Attributes:
        columns: names of its C columns.
        total: its rows; None where they can be read but once.
        rows: reads them, each with C cells.
        schema: types of the columns where the file has any.
        lines: whether it has no columns but the one of its texts.
    """

    columns: tuple[str, ...]
    total: int | None
    rows: Callable[[], Iterator[Row]]
    schema: pa.Schema | None = None
    lines: bool = False


def open_rows(source: str, text_column: str) -> RowFile:
    """The rows of a table (.csv, .tsv, .jsonl, .parquet), or the lines of a text (.txt, or `-` for standard input).

    Args:
        source: its path.
        text_column: what the only column of lines is called.

    Raises:
        UserError: naming file and line, when it is missing, broken, or of no such format.
    """
    if source == STANDARD:
        return RowFile((text_column,), None, _standard_input, lines=True)
    file = Path(source).expanduser()
    suffix = file.suffix.lower()
    if suffix in SEPARATED:
        return _separated(file)
    if suffix in JSON_LINES:
        return _json(file)
    if suffix in PARQUET:
        return _parquet(file)
    if suffix in TEXTS:
        return _text(file, text_column)
    known = ", ".join((*SEPARATED, *JSON_LINES, *PARQUET, *TEXTS))
    raise UserError(f"{file}: of which format is it? Its name must end in one of {known}, or be - for standard input")


def _separated(file: Path) -> RowFile:
    rows = table_rows(file, keep_blank_lines=True)
    columns = tuple(next(rows))

    def read() -> Iterator[Row]:
        again = table_rows(file, keep_blank_lines=True)
        next(again)  # the header
        return again

    return RowFile(columns, sum(1 for _ in rows), read)


def _json(file: Path) -> RowFile:
    require_text_file(file)
    columns: dict[str, None] = {}
    total = 0
    for row in json_lines(file):
        columns |= dict.fromkeys(row)
        total += 1
    names = tuple(columns)
    return RowFile(names, total, lambda: ([row.get(name) for name in names] for row in json_lines(file)))


def _parquet(file: Path) -> RowFile:
    require_file(file)
    try:
        with pq.ParquetFile(file) as opened:
            schema, total = opened.schema_arrow, opened.metadata.num_rows
            for _ in opened.iter_batches(_BATCH):
                pass  # is every page whole?
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{file}: is no Parquet file, or is damaged") from error

    def read() -> Iterator[Row]:
        with pq.ParquetFile(file) as opened:
            for batch in opened.iter_batches(_BATCH):
                for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    yield list(cells)

    return RowFile(tuple(schema.names), total, read, schema)


def _text(file: Path, column: str) -> RowFile:
    require_text_file(file)

    def read() -> Iterator[Row]:
        try:
            with file.open(encoding="utf-8-sig") as lines:
                for line in bounded_lines(file, lines):
                    yield [line.rstrip("\n")]
        except UnicodeDecodeError:
            raise not_utf8(file) from None

    return RowFile((column,), sum(1 for _ in read()), read, lines=True)


def _standard_input() -> Iterator[Row]:
    try:
        with open(0, encoding="utf-8-sig", closefd=False) as lines:
            for line in bounded_lines(Path("input=-"), lines):
                yield [line.rstrip("\n")]
    except UnicodeDecodeError:
        raise UserError("input=-: is not UTF-8; send UTF-8") from None
