"""Labels of one text, and of every row of a file, however many there are."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from genre.data.formats import PARQUET, cell_text
from genre.data.rows import STANDARD, Row, RowFile, open_rows
from genre.data.tables import require_columns
from genre.errors import UserError
from genre.files import atomic_path, file_sha256, held, output_file, short_hash, write_text
from genre.use.answers import REASON, Answer, Format, format_of
from genre.use.model import Model, unread

CHUNK = 2_000  # rows that are answered together: what an interruption costs at most
_LIKELIEST = 6  # labels that are shown with their probabilities
Elsewhere = Callable[[int], Iterator[pd.DataFrame]]  # from a row on, probabilities (b, L) of each `CHUNK` of rows

_WEIGHTS = (".ckpt", ".npz", ".onnx", ".safetensors")


class Done(NamedTuple):
    """How a prediction went.

    Attributes:
        rows: that were answered now.
        unread: of these, how many have no labels.
        before: rows that an earlier start had answered.
    """

    rows: int
    unread: int
    before: int

    def __str__(self) -> str:
        without = f", {self.unread:,} of them without genres ({REASON} says why)" if self.unread else ""
        return f"{self.rows:,} rows{without}{f', after {self.before:,} of an earlier start,' if self.before else ''}"


def predict_text(model: Model, text: str, title: str | None = None) -> pd.Series:
    """The probabilities (L,) of one text.

    Args:
        model: that reads it.
        text: for its column of texts.
        title: for its column `title`, where it has one.

    Raises:
        UserError: when there is nothing to read.
    """
    table = one_row(model, text, title)
    if reason := unread(model.read(table)[0]):
        raise UserError(f"text={text[:60]!r}: cannot be predicted from ({reason})")
    return model.probabilities(table).iloc[0]


def one_row(model: Model, text: str, title: str | None = None) -> pd.DataFrame:
    """One text as a table with the columns that the model reads; see `predict_text`."""
    given = {"title": title or "", text_column(model.columns): text}
    return pd.DataFrame({column: [given.get(column, "")] for column in model.columns}, dtype=object)


def told(model: Model, probabilities: pd.Series) -> str:
    """The labels that probabilities (L,) give, and the likeliest ones."""
    likeliest = probabilities.sort_values(ascending=False).head(_LIKELIEST)
    (labels,) = model.decide(probabilities.to_frame().T)
    return f"{', '.join(labels)}\n{', '.join(f'{label} {value:.2f}' for label, value in likeliest.items())}"


def predict_file(
    model: Model, source: str, output: str, *, probabilities: bool = False, elsewhere: Elsewhere | None = None
) -> Done:
    """Write the rows of a file with their labels, in order and with all their columns; see `genre.use.answers`.

    Stopped and started again, it goes on where it was: what is done lies in a folder beside the output, which appears
    when it is whole. A pipe, or what else is no file, is written to as the answers come.

    Args:
        model: that reads the rows.
        source: see `open_rows`.
        output: see `format_of`; `-` is standard output.
        probabilities: write that of each label too.
        elsewhere: what computes them where this process does not, see `genre.use.on_ray`.

    Raises:
        UserError: when one of both cannot be used, naming what is wrong with it.
    """
    streamed = output == STANDARD or _is_no_file(Path(output).expanduser())
    target = Path(output) if streamed else output_file(Path(output))
    rows = rows_for(model, source)
    form = format_of("" if output == STANDARD else output, rows, model.labels if probabilities else ())
    if streamed:
        if target.suffix.lower() in PARQUET:
            raise UserError(f"output={output}: is a pipe or a device, which Parquet cannot be written to; take CSV")
        with _stream(output) as file:
            return _to_stream(_answered(model, rows, 0, elsewhere, probabilities=probabilities), form, file)
    parts = target.with_name(f".{target.name}.parts")
    parts.mkdir(parents=True, exist_ok=True)
    with held(parts / "lock", f"output={output}: another process is writing it; wait for it"):
        known = None if source == STANDARD else [file_sha256(Path(source).expanduser()), _fingerprint(model)]
        before = _answered_before(parts, short_hash([known, probabilities, CHUNK]) if known else "")
        start = min(before * CHUNK, rows.total or 0)
        done = _to_parts(_answered(model, rows, start, elsewhere, probabilities=probabilities), form, parts, before)
        with atomic_path(target) as whole, whole.open("wb") as file:
            form.whole(_finished(parts), file)
        shutil.rmtree(parts)
    return done._replace(before=start)


def _answered_before(parts: Path, same: str) -> int:
    """How many parts an earlier start has left that may be gone on from.

    Args:
        parts: their folder.
        same: what both starts must have in common; empty: nothing may be gone on from.
    """
    mark = parts / "of"
    if not same or not mark.is_file() or mark.read_text(encoding="utf-8") != same:
        for left in _finished(parts):
            left.unlink()
        write_text(mark, same)
    return len(_finished(parts))


def _finished(parts: Path) -> list[Path]:
    """The parts in their order, without what a killed process has left of one."""
    return sorted(parts.glob("[0-9]*.part"))


def _to_parts(answered: Iterator[list[Answer]], form: Format, parts: Path, first: int) -> Done:
    rows = none = 0
    for number, answers in enumerate(answered, first):
        with atomic_path(parts / f"{number:09}.part") as part, part.open("wb") as file:
            form.part(answers, file)
        rows, none = rows + len(answers), none + _unread(answers)
    return Done(rows, none, 0)


def _to_stream(answered: Iterator[list[Answer]], form: Format, file: BinaryIO) -> Done:
    rows = none = 0
    form.begin(file)
    for answers in answered:
        form.part(answers, file)
        file.flush()
        rows, none = rows + len(answers), none + _unread(answers)
    return Done(rows, none, 0)


def _unread(answers: list[Answer]) -> int:
    return sum(bool(answer.reason) for answer in answers)


def _answered(
    model: Model, rows: RowFile, start: int, elsewhere: Elsewhere | None, *, probabilities: bool
) -> Iterator[list[Answer]]:
    """Answers from a row on, some at a time, with a bar on the terminal of errors: the other output may be answers."""
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=rows.total, completed=start)
        left = islice(rows.rows(), start, None)
        coming = elsewhere(start) if elsewhere else None
        while chunk := list(islice(left, CHUNK)):
            texts = model.read(cells_of(model.columns, rows, chunk))
            said = next(coming) if coming else model.probabilities(texts)
            yield _answers(model, chunk, texts, said, probabilities=probabilities)
            bar.advance(task, len(chunk))


def _answers(
    model: Model, chunk: list[Row], texts: list[str], said: pd.DataFrame, *, probabilities: bool
) -> list[Answer]:
    values = [[None if value != value else value for value in row] for row in said.to_numpy().tolist()]
    return [
        Answer(row, labels, unread(text), value if probabilities else [])
        for row, labels, text, value in zip(chunk, model.decide(said), texts, values, strict=True)
    ]


def rows_for(model: Model, source: str) -> RowFile:
    """The rows of a file, which has the columns that a model reads; see `open_rows`.

    Raises:
        UserError: when it has not, or cannot be read.
    """
    rows = open_rows(source, text_column(model.columns))
    if not rows.lines:
        require_columns(Path(source), rows.columns, model.columns)
    return rows


def cells_of(columns: Sequence[str], rows: RowFile, chunk: list[Row]) -> pd.DataFrame:
    """Some rows as a table with the columns that a model reads."""
    places = {column: rows.columns.index(column) for column in columns if column in rows.columns}
    cells = {column: [_text(row[place]) for row in chunk] for column, place in places.items()}
    return pd.DataFrame({column: cells.get(column, "") for column in columns}, range(len(chunk)), dtype=object)


def _text(cell: Any) -> str:
    return "" if isinstance(cell, list | dict | bytes) else cell_text(cell)


def text_column(columns: Sequence[str]) -> str:
    """Of the columns that a model reads the one that holds a text where only one is known."""
    return next((column for column in columns if column != "title"), "title")


def _fingerprint(model: Model) -> str:
    """Equal for the same model while nobody has changed it."""
    files = sorted(file for file in model.folder.rglob("*") if file.suffix in _WEIGHTS)
    stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return short_hash([stats, model.thresholds, model.fallback, str(model.calibration)])


def _is_no_file(path: Path) -> bool:
    """Whether a pipe or a device is there, which nothing may take the place of."""
    return path.exists() and not path.is_file() and not path.is_dir()


@contextmanager
def _stream(output: str) -> Iterator[BinaryIO]:
    try:
        if output == STANDARD:
            yield sys.stdout.buffer
        else:
            with Path(output).expanduser().open("wb") as file:
                yield file
    except BrokenPipeError:
        if output == STANDARD:  # or Python would flush it once more at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UserError(f"output={output}: nobody reads it any more") from None
