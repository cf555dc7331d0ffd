"""The films as labelled texts."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from genre.config import ImdbConfig
from genre.data.label_columns import tell_once
from genre.data.tables import read_table
from genre.data.truth import Truth
from genre.errors import UserError
from genre.files import file_sha256
from genre.imdb.clean import CLEAN_COLUMNS, KNOWN_COLUMNS, PART_COLUMN
from genre.imdb.genres import GENRES, chosen_genres, genre_matrix
from genre.imdb.merge import MERGED_COLUMNS
from genre.imdb.prepare import FILES, clean_table, merged_file
from genre.imdb.raw import raw_files, read_raw


class RawFilms(NamedTuple):
    """What there is before cleaning.

    Attributes:
        rows: of the raw files, see `read_raw`.
        films: merged from them.
        truth: their genres (B, L) in `GENRES`' order; `by_files` are those of which a whole file tells.
        shares: of each genre whose file could be measured, how much of it the file holds, see `whole_files`.
    """

    rows: pd.DataFrame
    films: pd.DataFrame
    truth: Truth
    shares: dict[str, float]


class ImdbSource:
    """The clean table, made from raw files where they are; see `genre.data.sources.Source`.

    Args:
        cfg: the `data` section.

    Raises:
        UserError: when `data.genres` or `data.drop_genres` name something else than genres.
    """

    def __init__(self, cfg: ImdbConfig) -> None:
        self.cfg = cfg
        self.label_names = chosen_genres(cfg)

    def prepare(self) -> None:
        """Run those stages up to the clean table for which something changed.

        Raises:
            UserError: when there are no raw files and no clean table, or one is broken.
        """
        self._file, self.fingerprint = clean_table(self.cfg)

    def read(self) -> pd.DataFrame:
        """The films, see `read_clean`.

        Raises:
            UserError: when another process has made another table of them since `prepare`.
        """
        films = read_clean(self._file)
        if file_sha256(self._file) != self.fingerprint:
            raise UserError(f"{self._file}: was made anew with other settings while this command ran; start it again")
        return films

    def truth(self, table: pd.DataFrame) -> Truth:
        """Their genres (B, L); all that a table from elsewhere does not name is taken for false.

        Raises:
            UserError: for a genre that is none of the chosen ones.
        """
        if "unknown" not in table:
            tell_once(f"{self._file}: has no column 'unknown': what a film does not have there is taken for false")
            return Truth.complete(genre_matrix(table["genres"], self.label_names))
        files = Path(self.cfg.dir) / FILES
        whole = json.loads(files.read_text(encoding="utf-8"))["whole"] if files.is_file() else []
        return _truth(table, self.label_names, whole)

    def parts(self, table: pd.DataFrame) -> list[str] | None:
        """Train for films whose texts were cut, where these are for training alone; the others are split here."""
        return table[PART_COLUMN].tolist() if PART_COLUMN in table else None


def read_clean(file: Path) -> pd.DataFrame:
    """The clean table, every column as text, ordered by movie_id.

    Raises:
        UserError: when a column is missing, a film stands in two rows or no film is left.
    """
    table = read_table(file, CLEAN_COLUMNS, keep_others=True)
    kept = [column for column in KNOWN_COLUMNS if column in table]
    parts = [column for column in [PART_COLUMN] if column in table]
    if kept and len(kept) < len(KNOWN_COLUMNS):
        raise UserError(
            f"{file}: has the column {kept[0]!r} alone of {', '.join(KNOWN_COLUMNS)}; prepare the data again"
        )
    table = table[[*CLEAN_COLUMNS, *kept, *parts]]
    if table.empty:
        raise UserError(f"{file}: holds no film; every one was dropped by cleaning")
    twice = table["movie_id"][table["movie_id"].duplicated()]
    if len(twice):
        raise UserError(f"{file}: the film {twice.iloc[0]} stands in two rows; remove one")
    return table.sort_values("movie_id", ignore_index=True)


def raw_films(cfg: ImdbConfig) -> RawFilms:
    """What there is before cleaning.

    Raises:
        UserError: when there are no raw files, or one is broken.
    """
    rows = read_raw(raw_files(Path(cfg.raw)))
    merged = merged_file(cfg)
    films = read_table(merged, MERGED_COLUMNS)
    files = json.loads(merged.with_name(FILES).read_text(encoding="utf-8"))
    return RawFilms(rows, films, _truth(films, GENRES, files["whole"]), files["shares"])


def _truth(table: pd.DataFrame, names: Sequence[str], whole: Collection[str]) -> Truth:
    """Of a merged or clean table (B, L), where the files of the genres `whole` tell all of their films."""
    labels, unknown, cells = (genre_matrix(table[column], names) for column in ("genres", "unknown", "cells"))
    return Truth(labels, unknown == 0, cells, np.array([name in whole for name in names]))
