"""Reading the Kaggle set: one CSV file per genre, a film repeated in the file of each of its genres."""

from pathlib import Path

import pandas as pd

from genre.data.labels import canonical_genre
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
    frames = [_read_file(file).assign(file=canonical_genre(file.stem) or "") for file in files]
    return pd.concat(frames, ignore_index=True)


def _read_file(file: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: no readable CSV file in UTF-8: {str(error).splitlines()[0]}") from error
    missing = [column for column in NEEDED_COLUMNS if column not in frame.columns]
    if missing:
        raise UserError(f"{file}: lacks the column {missing[0]!r}; it has: {', '.join(map(str, frame.columns))}")
    return frame[list(NEEDED_COLUMNS)]
