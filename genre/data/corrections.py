"""What a person says of single cells: a film has a label or has it not, whatever the data say."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from genre.config import DataConfig
from genre.config.explain import suggestion
from genre.data.sources import Source
from genre.data.tables import line_of_row, read_table, require_file
from genre.data.truth import Truth
from genre.errors import UserError
from genre.files import file_sha256, short_hash

COLUMNS = ["movie_id", "genre", "value"]
_VALUES = {"0": 0, "1": 1}


class Corrections(NamedTuple):
    """Cells of a label matrix (B, L), each once.

    Attributes:
        films: rows of the N cells (N,).
        labels: their columns (N,).
        values: 1 where the film has the label, 0 where it has not (N,).
    """

    films: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    values: npt.NDArray[np.uint8]

    def applied(self, truth: Truth) -> Truth:
        """The same labels (B, L) with these cells known and as they are said to be; `cells` stays what the data say."""
        labels, known = truth.labels.copy(), truth.known.copy()
        labels[self.films, self.labels] = self.values
        known[self.films, self.labels] = True
        return replace(truth, labels=labels, known=known)


def read_corrections(file: Path, movie_ids: Sequence[str], label_names: Sequence[str]) -> Corrections:
    """The cells that a CSV file with the columns movie_id, genre and value names; other columns do not count.

    Args:
        file: to read.
        movie_ids: of the B films.
        label_names: of the L labels.

    Raises:
        UserError: naming the file and the line, when a film or a label is not there, a value is neither 0 nor 1, or two
            lines disagree.
    """
    table = read_table(file, COLUMNS)
    rows = {movie_id: row for row, movie_id in enumerate(movie_ids)}
    columns = {name: column for column, name in enumerate(label_names)}
    said: dict[tuple[int, int], int] = {}
    for line, (movie_id, label, cell) in enumerate(table.itertuples(index=False)):
        value = _VALUES.get(cell.strip())
        fault = ""
        if movie_id not in rows:
            fault = f"the data have no film {movie_id[:60]!r}; cleaning may have left it out"
        elif label not in columns:
            fault = f"{label[:60]!r} is none of the genres; {suggestion(label, label_names)}"
        elif value is None:
            fault = f"the value {cell[:60]!r} is neither 0 (has it not) nor 1 (has it)"
        elif said.setdefault((rows[movie_id], columns[label]), value) != value:
            fault = f"says {value} of {movie_id} and {label}, another line {1 - value}; keep one of them"
        if fault:
            raise UserError(f"{file}, line {line_of_row(file, line)}: {fault}")
    cells = np.array(list(said), dtype=np.int64).reshape(-1, 2)  # (N, 2)
    return Corrections(cells[:, 0], cells[:, 1], np.array(list(said.values()), dtype=np.uint8))


def corrected(truth: Truth, movie_ids: Sequence[str], label_names: Sequence[str], cfg: DataConfig) -> Truth:
    """Labels (B, L) as the data say them, with what `data.corrections` says of single cells.

    Args:
        truth: of the source.
        movie_ids: of the B films.
        label_names: of the L labels.
        cfg: the `data` section.

    Raises:
        UserError: see `read_corrections`.
    """
    if cfg.corrections is None:
        return truth
    return read_corrections(Path(cfg.corrections), movie_ids, label_names).applied(truth)


def data_fingerprint(source: Source, cfg: DataConfig) -> str:
    """Equal where the labelled texts and the corrections of them are equal.

    Args:
        source: prepared.
        cfg: its section.

    Raises:
        UserError: when there is no file of corrections where one is named.
    """
    if cfg.corrections is None:
        return source.fingerprint
    file = Path(cfg.corrections)
    require_file(file)
    return short_hash([source.fingerprint, file_sha256(file)])
