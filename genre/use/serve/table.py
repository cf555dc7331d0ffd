"""A table of texts in, the same with labels out; nothing of it is kept."""

import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

from genre.data.formats import JSON_LINES
from genre.data.rows import SEPARATED, TEXTS, open_rows
from genre.errors import UserError, one_line
from genre.use.predict import Done, predict_file
from genre.use.serve.limits import BUSY, TOO_LARGE, UNREADABLE, RefusedError
from genre.use.serve.served import Served

FORMATS = (*SEPARATED, *JSON_LINES, *TEXTS)


class Table(NamedTuple):
    """An answer.

    Attributes:
        name: for its file.
        content: of the file.
        done: what happened to the rows.
    """

    name: str
    content: bytes
    done: Done


class Tables:
    """Takes one table at a time, of limited size.

    Args:
        served: that reads the rows.
    """

    def __init__(self, served: Served) -> None:
        self._served = served
        self._busy = threading.Lock()

    def answer(self, name: str, content: bytes, *, probabilities: bool, stopped: threading.Event) -> Table:
        """The table with its labels; see `predict_file`.

        Args:
            name: of the file, whose ending says what it is.
            content: of the file.
            probabilities: give that of each label too.
            stopped: set when nobody wants it any more.

        Raises:
            RefusedError: when it is none that is taken here, or another one is being read.
        """
        name = one_line(name.replace("\\", "/").rpartition("/")[2])[-100:]
        suffix = Path(name).suffix.lower()
        if suffix not in FORMATS:
            raise RefusedError(UNREADABLE, f"{name or 'a table'}: its name must end in one of {', '.join(FORMATS)}")
        if not self._busy.acquire(blocking=False):
            raise RefusedError(BUSY, "another table is being read; try again when it is done")
        try:
            with tempfile.TemporaryDirectory(prefix="genre-table-") as folder:
                source = Path(folder) / f"table{suffix}"
                source.write_bytes(content)
                try:
                    return self._answer(name, source, probabilities=probabilities, stopped=stopped)
                except UserError as error:
                    status = error.status if isinstance(error, RefusedError) else UNREADABLE
                    raise RefusedError(status, str(error).replace(str(source), name)) from error
        finally:
            self._busy.release()

    def _answer(self, name: str, source: Path, *, probabilities: bool, stopped: threading.Event) -> Table:
        self._require_small(source)
        suffix = ".csv" if source.suffix in TEXTS else source.suffix
        output = source.with_name(f"predicted{suffix}")
        model = self._served.in_turns(stopped)
        done = predict_file(model, str(source), str(output), probabilities=probabilities)
        return Table(f"predicted_{Path(name).stem}{suffix}", output.read_bytes(), done)

    def _require_small(self, source: Path) -> None:
        """Refuse more rows, or longer texts, than are taken."""
        limits = self._served.limits
        rows = open_rows(str(source), "description")
        if rows.total is not None and rows.total > limits.rows:
            raise RefusedError(TOO_LARGE, f"{source}: has {rows.total:,} rows; {limits.rows:,} are read here at most")
        for number, row in enumerate(rows.rows(), 1):
            longest = max((len(cell) for cell in row if isinstance(cell, str)), default=0)
            if longest > limits.characters:
                raise RefusedError(
                    TOO_LARGE,
                    f"{source}, row {number:,}: a cell has {longest:,} characters; "
                    f"{limits.characters:,} are read here at most",
                )
