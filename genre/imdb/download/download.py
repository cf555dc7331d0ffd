"""Each item that is wanted, into its place: skipped where it is there, checked before it gets its name, recorded."""

import logging
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from genre.config import DownloadConfig
from genre.errors import UserError
from genre.files import atomic_path
from genre.imdb.download.catalogue import CATALOGUE, Item
from genre.imdb.download.fetching import persist
from genre.imdb.download.nltk_data import fetch_nltk_data
from genre.imdb.download.record import Record, facts

log = logging.getLogger(__name__)


def download(cfg: DownloadConfig) -> Iterator[str]:
    """Fetch what `cfg` names; yield a line for each file: path, size, SHA-256.

    Each item is attempted, whatever becomes of the others.

    Raises:
        UserError: at the end, with a line for each item that failed.
    """
    folder = Path(cfg.folder)
    jobs: list[Callable[[], Iterator[str]]] = [
        partial(_files, name, folder, cfg.timeout) for name in CATALOGUE if getattr(cfg, name)
    ]
    if cfg.nltk:
        jobs.append(fetch_nltk_data)
    failures: list[UserError | OSError] = []
    for job in jobs:
        try:
            yield from job()
        except (UserError, OSError) as error:
            failures.append(error)
    if failures:
        lines = [_line(error, folder) for error in failures]
        raise UserError(*lines) from ExceptionGroup("downloads failed", failures)


def _line(error: UserError | OSError, folder: Path) -> str:
    return f"{error.filename or folder}: {error.strerror}" if isinstance(error, OSError) else str(error)


def _files(name: str, folder: Path, timeout: float) -> Iterator[str]:
    """Have the files of one item in their place; yield a line for each."""
    item = CATALOGUE[name]
    note = ", already there"
    files = _present(item, folder)
    if not files:
        note = ""
        unfinished = folder / ".download"
        unfinished.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(unfinished / "lock", blocking=False):
                files = _fetch(item, folder, unfinished / name, timeout)
        except Timeout:
            raise UserError(f"{name}: another download into {folder} is at work; wait for its end") from None
        except UserError as error:
            target = (folder / item.files).parent
            raise UserError(f"{name}: {error}; try again, or download {item.page} by hand into {target}") from error
    for file in files:
        yield "{}: {size:,} bytes, sha256 {sha256:.12}".format(file, **facts(file)) + note


def _present(item: Item, folder: Path) -> list[Path]:
    """The files of an item if they need not be fetched: as recorded, or put there by hand and as they should be."""
    record = Record(folder)
    there = sorted(folder.glob(item.files))
    recorded = [name for name, entry in record.entries.items() if entry["source"] == item.page]
    if recorded:
        damaged = [name for name in recorded if not record.matches(name)]
        for name in damaged:
            log.warning("%s is not as it was downloaded: fetching it again", folder / name)
        return [] if damaged else [folder / name for name in recorded]
    try:
        for file in there:
            item.check(file)
    except UserError as error:
        log.warning("%s: fetching it again", error)
        return []
    return there


def _fetch(item: Item, folder: Path, unfinished: Path, timeout: float) -> list[Path]:
    """Fetch and check the files of an item, record them, and only then give them their names."""

    def fetch(into: Path) -> list[Path]:
        files = item.fetch(into, timeout)
        for file in files:
            item.check(file)
        return files

    fetched = {Path(item.files).with_name(file.name).as_posix(): file for file in persist(fetch, unfinished)}
    record = Record(folder)
    # first: whoever is stopped between the two finds files missing, and not a few that look like all
    record.add(item.page, fetched)
    for name, file in fetched.items():
        target = folder / name
        if target.is_file() and not record.matches(name):
            # it may hold somebody's work
            old = target.replace(target.with_name(f"{target.name}.old"))
            log.warning("the %s that was there is kept as %s", target.name, old)
        with atomic_path(target) as temporary:
            shutil.copyfile(file, temporary)
    shutil.rmtree(unfinished)
    return [folder / name for name in fetched]
