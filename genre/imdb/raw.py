"""Reading the Kaggle set: one CSV file per genre, a film repeated in the file of each of its genres."""

from pathlib import Path

import pandas as pd
from rich import get_console
from rich.progress import track

from genre.config.overrides import command
from genre.data.tables import line_of_row, read_table, require_file
from genre.errors import UserError
from genre.imdb.genres import canonical_genre, parse_genres
from genre.imdb.matching import FORMULA, matching

KAGGLE_PAGE = "https://www.kaggle.com/datasets/rajugc/imdb-movies-dataset-based-on-genre"
NEEDED_COLUMNS = ("movie_id", "movie_name", "year", "genre", "description")


def csv_files(folder: Path) -> list[Path]:
    """What is named as a CSV file in `folder`, hidden ones left out, by name."""
    found = folder.iterdir() if folder.is_dir() else []
    return sorted(path for path in found if path.suffix.lower() == ".csv" and not path.name.startswith("."))


def raw_files(folder: Path) -> list[Path]:
    """The CSV files of `folder`, by name.

    Raises:
        UserError: when there are none, with where to get them, or when one is no file.
    """
    files = csv_files(folder)
    if not files:
        raise UserError(
            f"data.raw={folder}: no CSV files there; run `{command('download')}`, or put the unpacked files of "
            f"{KAGGLE_PAGE} into it, or name another folder with data.raw=FOLDER, or take data=sample"
        )
    for file in files:
        require_file(file)
    return files


def read_raw(files: list[Path]) -> pd.DataFrame:
    """All rows of all files: the needed columns as text, and `file`, the file's own genre (empty if it is none).

    Raises:
        UserError: naming the file and the line that is no such table.
    """
    frames = [
        _read_file(file) for file in track(files, "Reading", transient=True, disable=not get_console().is_terminal)
    ]
    return pd.concat(frames, ignore_index=True)


def _read_file(file: Path) -> pd.DataFrame:
    table = read_table(file, NEEDED_COLUMNS)
    if table.empty:
        raise UserError(f"{file}: holds a header and no films; get the file again, or remove it")
    _refuse(file, ~matching(table["movie_id"], r"^[A-Za-z0-9_-]+$"), table["movie_id"], "is no movie_id")
    for column in NEEDED_COLUMNS:
        _refuse(file, matching(table[column], FORMULA), table[column], f"in {column} is a spreadsheet's formula")
    # every distinct cell is parsed once
    for cell in table["genre"].unique():
        try:
            parse_genres(cell, ",")
        except UserError as error:
            line = line_of_row(file, int((table["genre"] == cell).argmax()))
            raise UserError(f"{file}, line {line}: genre cell {cell[:60]!r}: {str(error)[:300]}") from None
    return table.assign(file=canonical_genre(file.stem) or "")


def _refuse(file: Path, wrong: pd.Series, cells: pd.Series, fault: str) -> None:
    """Name the first wrong cell with its line."""
    if wrong.any():
        row = int(wrong.argmax())
        raise UserError(
            f"{file}, line {line_of_row(file, row)}: {cells[row][:60]!r} {fault}; correct or remove the row"
        )
