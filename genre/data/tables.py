"""Reading CSV files that a person hands in."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from genre.errors import UserError


def read_table(file: Path, columns: Sequence[str], *, keep_blank_lines: bool = False) -> pd.DataFrame:
    """A CSV file in UTF-8, every cell as text, with at least the named columns.

    Args:
        file: to read.
        columns: that must be there.
        keep_blank_lines: as rows without content, for a file whose rows are answered one by one.

    Raises:
        UserError: naming the file, when it is missing, is no CSV file in UTF-8 or lacks a column.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # without an index column it tells of surplus cells
            table = pd.read_csv(
                file,
                dtype=str,
                keep_default_na=False,
                encoding="utf-8-sig",
                index_col=False,
                skip_blank_lines=not keep_blank_lines,
            )
    except FileNotFoundError:
        raise UserError(f"{file}: no such file") from None
    except pd.errors.ParserWarning:
        raise UserError(f"{file}: a row has more cells than the header; quote cells that hold commas") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: no readable CSV file in UTF-8: {str(error).splitlines()[0]}") from error
    for column in columns:
        if column not in table.columns:
            raise UserError(f"{file}: lacks the column {column!r}; it has: {', '.join(map(str, table.columns))}")
    return table
