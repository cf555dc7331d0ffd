"""A table of one's own as a source of labelled texts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from genre.config import TableConfig
from genre.data.formats import read_columns
from genre.data.label_columns import chosen_labels, row_labels, tell_once
from genre.data.labels import label_matrix
from genre.data.truth import Truth
from genre.errors import UserError
from genre.files import file_sha256, short_hash

_SPELLINGS = {
    "train": ("train", "training"),
    "val": ("val", "valid", "validation", "dev"),
    "test": ("test", "testing"),
}
_PARTS = {spelling: part for part, spellings in _SPELLINGS.items() for spelling in spellings}


class TableSource:
    """Rows of files, in columns that the settings name; see `genre.data.sources.Source`.

    Rows without a text, or without any of the labels, are left out and counted.

    Args:
        cfg: the `data` section.
    """

    def __init__(self, cfg: TableConfig) -> None:
        self.cfg = cfg
        self.label_names: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Read rows and labels.

        Raises:
            UserError: when a file, a column or a label is missing or broken, or a file changes meanwhile.
        """
        self.fingerprint = self._fingerprint()
        rows, parts = self._read()
        ids = self._ids(rows)
        said = row_labels(rows, self.cfg)
        self.label_names = chosen_labels(said.sets, said.order, self.cfg)
        chosen = set(self.label_names)
        sets = [[label for label in row if label in chosen] for row in said.sets]
        has_text = np.any([rows[column].str.strip() != "" for column in self.cfg.text], axis=0)  # (B,)
        has_label = np.array([bool(row) for row in sets])
        kept = np.flatnonzero(has_text & has_label)
        if not len(kept):
            raise UserError(f"data.text={self.cfg.text}: no row of {self.cfg.file} has a label and a text")
        no_text, no_label = int((~has_text).sum()), int((has_text & ~has_label).sum())
        left_out = f"without {no_text:,} that have no text and {no_label:,} that have no label"
        tell_once(f"{self.cfg.file}: {len(kept):,} rows ({left_out}), {len(self.label_names):,} labels")
        self._rows = rows.iloc[kept].reset_index(drop=True)
        self._movie_ids = [ids[row] for row in kept]
        self._parts = parts and [parts[row] for row in kept]
        labels = label_matrix((sets[row] for row in kept), self.label_names)
        unsaid = ([label for label in said.unknown[row] if label in chosen] for row in kept)
        known = (label_matrix(unsaid, self.label_names) == 0) | (labels == 1)
        self._truth = replace(Truth.complete(labels), known=known)
        if self._fingerprint() != self.fingerprint:
            raise UserError(f"data.file={self.cfg.file}: changed while it was read; start again")

    def _fingerprint(self) -> str:
        """Hash of the files, and of the settings that choose from them."""
        cfg = self.cfg
        files = [Path(file) if file else None for file in (cfg.file, cfg.val_file, cfg.test_file, cfg.label_names)]
        chosen = [cfg.text, cfg.id, cfg.split_column, cfg.labels_from, cfg.separator, cfg.labels, cfg.min_films]
        chosen += [cfg.unknown_mark] if cfg.unknown_mark is not None else []
        return short_hash([[file and file.is_file() and file_sha256(file) for file in files], chosen])

    def read(self) -> pd.DataFrame:
        """The rows in the order of the files; the description is all that is read beside a title."""
        texts = self._rows[self.cfg.text]
        beside_title = texts.drop(columns="title", errors="ignore") if len(self.cfg.text) > 1 else texts
        shown = {
            "movie_id": self._movie_ids,
            "title": "",
            "year": "",
            "description": [" ".join(filter(None, row)) for row in beside_title.itertuples(index=False)],
        }
        own = self._rows[[column for column in ("title", "year") if column in self._rows]]
        return pd.DataFrame(shown, dtype="str").assign(**own).assign(**texts)

    def truth(self, table: pd.DataFrame) -> Truth:
        """Labels (B, L) of rows that `read` gave; what `data.unknown_mark` marks is not known."""
        return self._truth.of(table.index.to_numpy())

    def parts(self, table: pd.DataFrame) -> Sequence[str] | None:
        """What a column or the files say of these rows; None where neither does."""
        return self._parts and [self._parts[row] for row in table.index]

    def _read(self) -> tuple[pd.DataFrame, list[str] | None]:
        """The rows of all files, and the part that each is for."""
        cfg = self.cfg
        wanted: dict[str, str | None] = {"title": None, "year": None}
        named = {"data.labels_from": cfg.labels_from, "data.id": [cfg.id], "data.split_column": [cfg.split_column]}
        for setting, columns in {**named, "data.text": cfg.text}.items():
            wanted |= {column: setting for column in columns if column}
        files = {"train": cfg.file, "val": cfg.val_file, "test": cfg.test_file}
        tables = {part: read_columns(Path(file), wanted) for part, file in files.items() if file}
        rows = pd.concat(tables.values(), ignore_index=True).fillna("")  # a title that only one file has
        if cfg.split_column:
            return rows, [self._part(cell) for cell in rows[cfg.split_column]]
        return rows, [part for part, table in tables.items() for _ in range(len(table))] if len(tables) > 1 else None

    def _part(self, cell: str) -> str:
        part = _PARTS.get(cell.strip().lower())
        if part is None:
            raise UserError(f"data.split_column={self.cfg.split_column}: {cell[:60]!r} is none of train, val and test")
        return part

    def _ids(self, rows: pd.DataFrame) -> list[str]:
        if self.cfg.id is None:
            return [str(row) for row in rows.index]
        ids = rows[self.cfg.id]
        twice = ids[ids.duplicated()]
        if len(twice):
            raise UserError(
                f"data.id={self.cfg.id}: {twice.iloc[0][:60]!r} stands in two rows; "
                "name a column that differs in every row, or leave data.id out"
            )
        return ids.tolist()
