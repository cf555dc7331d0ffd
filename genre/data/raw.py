"""Reading the Kaggle set: one CSV file per genre, a film repeated in the file of each of its genres."""

from pathlib import Path

import pandas as pd
from rich import get_console
from rich.progress import track

from genre.data.labels import canonical_genre
from genre.data.tables import read_table
from genre.errors import UserError

KAGGLE_PAGE = "https://www.kaggle.com/datasets/rajugc/imdb-movies-dataset-based-on-genre"
NEEDED_COLUMNS = ("movie_id", "movie_name", "year", "genre", "description")


def raw_files(folder: Path) -> list[Path]:
    """The CSV files of `folder`, by name.

    Raises:
        UserError: when there are none; it says where to get them.
    """
    files = sorted(path for path in folder.glob("*.csv") if path.is_file())
    if not files:
        raise UserError(
            f"data.raw={folder}: no CSV files there; put the unpacked files of {KAGGLE_PAGE} into it, "
            "name another folder with data.raw=FOLDER, or take data=sample"
        )
    return files


def read_raw(files: list[Path]) -> pd.DataFrame:
    """All rows of all files: the needed columns as text, and `file`, the file's own genre (empty if it is none).

    Raises:
        UserError: naming the file that is no such table.
    """
    frames = [
        read_table(file, NEEDED_COLUMNS)[list(NEEDED_COLUMNS)].assign(file=canonical_genre(file.stem) or "")
        for file in track(files, "Reading", transient=True, disable=not get_console().is_terminal)
    ]
    return pd.concat(frames, ignore_index=True)
