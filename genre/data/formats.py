"""Columns of a table that a person hands in, whatever its format: every cell as text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from genre.config.explain import suggestion
from genre.data.tables import bounded_lines, not_utf8, read_table, require_file, table_rows
from genre.errors import UserError

_SEPARATED = (".csv", ".tsv", ".tab", ".txt")
JSON_LINES = (".jsonl", ".ndjson", ".json")
PARQUET = (".parquet", ".pq")


def read_columns(file: Path, wanted: Mapping[str, str | None]) -> pd.DataFrame:
    """Columns of a CSV, TSV, JSON lines or Parquet file, as its name says, every cell as text.

    What is no text becomes it: nothing an empty one, true and false 1 and 0, lists and objects JSON.

    Args:
        file: to read.
        wanted: columns, each with the setting that names it; None: given where the file has it.

    Raises:
        UserError: naming the file, and the setting where its column is missing.
    """
    require_file(file)
    suffix = file.suffix.lower()
    if suffix in _SEPARATED:
        table = read_table(file, _present(file, next(table_rows(file)), wanted))
    elif suffix in JSON_LINES:
        table = _read_json(file, wanted)
    elif suffix in PARQUET:
        table = _read_parquet(file, wanted)
    else:
        known = ", ".join((*_SEPARATED, *JSON_LINES, *PARQUET))
        raise UserError(f"{file}: of which format is it? Its name must end in one of {known}")
    return table if suffix in _SEPARATED else table.map(cell_text).astype("str")


def _present(file: Path, names: Sequence[str], wanted: Mapping[str, str | None]) -> list[str]:
    """The wanted columns that a file has."""
    for column, setting in wanted.items():
        if setting and names.count(column) != 1:
            fault = f"has two columns {column!r}" if column in names else f"has no column {column!r}"
            raise UserError(f"{setting}: {file} {fault}; {suggestion(column, names)}")
    return [column for column in wanted if names.count(column) == 1]


def json_lines(file: Path) -> Iterator[dict[str, Any]]:
    """Objects of a file that has one a line; blank lines are none.

    Raises:
        UserError: naming the file and the line that is no object.
    """
    try:
        with file.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(bounded_lines(file, lines), 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError):
                    row = None
                if not isinstance(row, dict):
                    raise UserError(f"{file}, line {number}: is no JSON object; each line must be one, such as {{...}}")
                yield row
    except UnicodeDecodeError:
        raise not_utf8(file) from None


def _read_json(file: Path, wanted: Mapping[str, str | None]) -> pd.DataFrame:
    names: dict[str, None] = {}
    rows = []
    for row in json_lines(file):
        names |= dict.fromkeys(row)
        rows.append([row.get(column) for column in wanted])  # no other cell stays in memory
    table = pd.DataFrame(rows, columns=list(wanted), dtype=object)
    return table[_present(file, list(names), wanted)]


def _read_parquet(file: Path, wanted: Mapping[str, str | None]) -> pd.DataFrame:
    try:
        names = pq.read_schema(file).names
        columns = pq.read_table(file, columns=_present(file, names, wanted))
    except pa.ArrowException as error:
        raise UserError(f"{file}: is no Parquet file, or is damaged") from error
    return pd.DataFrame({name: pd.Series(columns[name].to_pylist(), dtype=object) for name in columns.column_names})


def cell_text(value: Any) -> str:
    """A cell of any type as text, see `read_columns`."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, bool):
        return str(int(value))
    # a column of whole numbers with gaps is read as one of fractions
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
