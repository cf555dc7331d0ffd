"""Is a file what it should be? Its beginning tells: a log-in or quota page is often saved under the name of a table."""

import csv
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from genre.imdb.clean import CLEAN_COLUMNS
from genre.imdb.crawl.table import ID_COLUMNS, TEXT_COLUMNS
from genre.imdb.download.fetching import UnusableError
from genre.imdb.raw import NEEDED_COLUMNS

CONLLU_FIELDS = 10


def check_raw(file: Path) -> None:
    """Refuse what is no per-genre table.

    Raises:
        UnusableError: naming the file and what it lacks.
    """
    _check_csv(file, [(column,) for column in NEEDED_COLUMNS])


def check_clean(file: Path) -> None:
    """Refuse what is no clean table.

    Raises:
        UnusableError: naming the file and what it lacks.
    """
    _check_csv(file, [(column,) for column in CLEAN_COLUMNS])


def check_crawl(file: Path) -> None:
    """Refuse what is no table of crawled texts.

    Raises:
        UnusableError: naming the file and what it lacks.
    """
    _check_csv(file, (ID_COLUMNS, TEXT_COLUMNS))


def check_conllu(file: Path) -> None:
    """Refuse what does not begin with a sentence in CoNLL-U.

    Raises:
        UnusableError: naming the file.
    """
    for line in _first_lines(file, 1000):
        if line.strip() and not line.startswith("#"):
            if len(line.split("\t")) == CONLLU_FIELDS:
                return
            break
    raise UnusableError(f"{file.name} is no CoNLL-U file")


def _check_csv(file: Path, needed: Iterable[Sequence[str]]) -> None:
    """Demand one of each group of column names, and a first row."""
    rows = csv.reader(_first_lines(file, 1000))
    try:
        header, first = next(rows, []), next(rows, [])
    except csv.Error as error:
        raise UnusableError(f"{file.name} is no CSV file: {error}") from error
    for names in needed:
        if not set(names) & set(header):
            raise UnusableError(f"{file.name} lacks the column {' or '.join(names)}")
    if not first:
        raise UnusableError(f"{file.name} holds no row")


def _first_lines(file: Path, count: int) -> list[str]:
    """The first lines of a text file, with their ends; what is a web page or no text is refused."""
    with file.open("rb") as content:
        if content.read(512).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            raise UnusableError(f"{file.name} is a web page under the name of a data file")
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return list(islice(text, count))
    except UnicodeDecodeError as error:
        raise UnusableError(f"{file.name} is no text in UTF-8") from error
