"""Reading CSV and TSV files that a person hands in: what is wrong is named with its line."""

import csv
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

import pandas as pd

from genre.errors import UserError

# a longer cell is no text of a table but all that follows a quote that nobody closed
LONGEST_CELL = 1_000_000
LONGEST_LINE = (
    50_000_000  # characters; what has more is no table, and would be in memory before its cells are told apart
)
MOST_COLUMNS = 20_000  # ten times as many as there can be labels: what has more is another file, or turned on its side
_NAMED = 30  # columns that a message lists
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_TABS = (".tsv", ".tab", ".txt")
_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class _Commas(csv.excel):
    strict = True


class _QuotedTabs(csv.excel_tab):
    strict = True


class _Tabs(csv.excel_tab):
    quoting = csv.QUOTE_NONE


def read_table(file: Path, columns: Sequence[str], *, keep_others: bool = False) -> pd.DataFrame:
    """Columns of a CSV file, or of one with tabs (.tsv, .tab, .txt), in UTF-8, every cell as text.

    Args:
        file: see `table_rows`.
        columns: that must be there, in the order in which they are given back.
        keep_others: give the file's other columns too, and all in the order of the file.

    Raises:
        UserError: naming the file and the line, when it is missing, is no such file or lacks a column.
    """
    rows = table_rows(file)
    header = next(rows)
    require_columns(file, header, columns)
    wanted = header if keep_others else list(columns)
    places = [header.index(column) for column in columns] if not keep_others else list(range(len(header)))
    kept = [[row[place] for place in places] for row in rows]  # no other cell stays in memory
    cells = ([row[place] for row in kept] for place in range(len(places)))
    # made from positions, not from names: in a file that is only passed on, two columns may share a name
    table = pd.DataFrame(dict(enumerate(cells)), dtype="str")
    return table.set_axis(wanted, axis="columns")


def table_rows(file: Path, *, keep_blank_lines: bool = False) -> Iterator[list[str]]:
    """The header of a table, then its rows one by one, each with as many cells.

    Args:
        file: to read; commas between cells, double quotes around those that hold commas, quotes or line breaks. Between
            tabs (.tsv, .tab, .txt) quotes mean nothing, unless all of them are such quotes.
        keep_blank_lines: as rows without content, for a file whose rows are answered one by one.

    Raises:
        UserError: naming the file and the line, when it is missing or no such file.
    """
    rows = _rows(file)
    _, header = next(rows)
    yield header
    width = len(header)
    for line, row in rows:
        if not row:  # a blank line
            if keep_blank_lines:
                yield [""] * width
            continue
        if len(row) != width:
            raise UserError(
                f"{file}, line {line}: {len(row)} cells where the header has {width}; "
                "the row is cut off, or a cell that holds commas lacks its quotes"
            )
        if row == header:
            raise UserError(f"{file}, line {line}: the header stands there again; remove that line")
        yield row


def require_columns(file: Path, header: Sequence[str], columns: Sequence[str]) -> None:
    """Refuse a table that lacks one of the columns, or has it twice.

    Raises:
        UserError: naming it.
    """
    for column in columns:
        if header.count(column) != 1:
            fault = "has two columns" if column in header else "lacks the column"
            more = f" and {len(header) - _NAMED:,} more" if len(header) > _NAMED else ""
            there = f"{', '.join(header[:_NAMED])}{more}"
            raise UserError(f"{file}: {fault} {column!r}; it has: {there}{_wrong_delimiter(header)}")


def line_of_row(file: Path, row: int) -> int:
    """Number of the line in which a table's row (the first is 0) ends; blank lines are no rows."""
    lines = (line for line, cells in _rows(file) if cells)
    return next(islice(lines, row + 1, None))


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with the number of the line in which each ends, the header first."""
    require_text_file(file)
    previous_limit = csv.field_size_limit(LONGEST_CELL)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(bounded_lines(file, lines), _dialect(file))
            header = next((row for row in reader if row), None)
            if header is None:
                raise UserError(f"{file}: is empty; a table with a header is needed")
            if len(header) > MOST_COLUMNS:
                raise UserError(f"{file}: has {len(header):,} columns, and {MOST_COLUMNS:,} at most are read")
            yield reader.line_num, [name.strip() for name in header]
            for row in reader:
                yield reader.line_num, row
    except UnicodeDecodeError:
        raise not_utf8(file) from None
    except csv.Error as error:
        raise UserError(f"{file}, line {reader.line_num}: {_explained(error)}") from None
    finally:
        csv.field_size_limit(previous_limit)


def _dialect(file: Path) -> type[csv.Dialect]:
    """How the cells of a file are told apart."""
    if file.suffix.lower() not in _TABS:
        return _Commas
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            widths = set()
            for row in csv.reader(bounded_lines(file, lines), _QuotedTabs):
                if row:
                    widths.add(len(row))
                # a quote that is none would run on through the end of a row to some later quote
                if len(widths) > 1 or any("\n" in cell and "\t" in cell for cell in row):
                    return _Tabs
    except csv.Error:
        return _Tabs
    return _QuotedTabs


def bounded_lines(file: Path, opened: TextIO) -> Iterator[str]:
    """Lines of a file that is open, one by one.

    Raises:
        UserError: naming the file and a line that is too long.
    """
    number = 0
    while line := opened.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise UserError(
                f"{file}, line {number}: has more than {LONGEST_LINE:,} characters; rows end with a line break"
            )
        yield line


def require_file(file: Path) -> None:
    """Refuse what cannot be read as a file: links to nothing or in a circle, folders, pipes, devices.

    Raises:
        UserError: naming it.
    """
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        broken = "is a link to nothing" if file.is_symlink() else "no such file"
        raise UserError(f"{file}: {broken}") from None
    except OSError as error:  # such as links in a circle
        raise UserError(f"{file}: {error.strerror}") from None
    if not stat.S_ISREG(mode):
        raise UserError(f"{file}: is {'a folder' if stat.S_ISDIR(mode) else 'no ordinary file'}, not a CSV file")


def require_text_file(file: Path) -> None:
    """Refuse what `require_file` refuses, and files that hold no text: archives, workbooks, web pages, damaged ones.

    Raises:
        UserError: naming it.
    """
    require_file(file)
    with file.open("rb") as opened:
        start = opened.read(4096)
        nul = any(b"\0" in chunk for chunk in iter(lambda: opened.read(2**20), b""))
    _refuse_what_is_no_text(file, start)
    if nul:
        line = next(number for number, line in _binary_lines(file) if b"\0" in line)
        raise UserError(f"{file}, line {line}: holds a NUL byte; the file is damaged, get it again")


def not_utf8(file: Path) -> UserError:
    """The error that names the first line that is not."""
    line = next(number for number, line in _binary_lines(file) if not _decodes(line))
    return UserError(f"{file}, line {line}: is not UTF-8; save the file as UTF-8")


def _refuse_what_is_no_text(file: Path, start: bytes) -> None:
    encoding = _ENCODINGS.get(start[:2])
    if encoding:
        raise UserError(f"{file}: is {encoding}; save the file as UTF-8")
    if b"\0" in start:
        raise UserError(
            f"{file}: is no text (it holds NUL bytes); an archive is unpacked first, a workbook saved as CSV"
        )
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise UserError(f"{file}: is a web page, not a CSV file; download the file itself")


def _explained(error: csv.Error) -> str:
    text = str(error)
    if "field limit" in text:
        return f"a cell of more than {LONGEST_CELL:,} characters; is a closing quote missing before it?"
    if "unexpected end" in text:
        return "the file ends inside a quoted cell; it is cut off, or a closing quote is missing"
    return f"broken quoting ({text}); double the quotes inside a quoted cell"


def _wrong_delimiter(header: Sequence[str]) -> str:
    """Say by what the cells seem to be separated, if not by commas."""
    for delimiter, name in _DELIMITERS.items():
        if len(header) == 1 and delimiter in header[0]:
            return f" - its cells are separated by {name}; save it with commas"
    return ""


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _binary_lines(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as lines:
        yield from enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), start=1)
