"""What fetching from anywhere has in common: how it fails, how it goes on, where its progress is shown."""

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from genre.errors import UserError

log = logging.getLogger(__name__)


class BrokenOffError(UserError):
    """The connection broke off or never came about; what has arrived is kept."""


class UnusableError(UserError):
    """What arrived is not what was wanted."""


def persist(fetch: Callable[[Path], list[Path]], partial: Path) -> list[Path]:
    """Call `fetch` again as long as each attempt brings new bytes, and once from nothing if old bytes spoilt it.

    Args:
        fetch: downloads into the folder that it is given, goes on with what lies there, and returns the files.
        partial: that folder; it keeps what a broken-off download has brought.

    Raises:
        BrokenOffError: when an attempt brought nothing new.
        UnusableError: when a download from nothing brought something else than was wanted; none of it is kept.
    """
    while True:
        partial.mkdir(parents=True, exist_ok=True)
        before = _size(partial)
        try:
            return fetch(partial)
        except BrokenOffError as error:
            if _size(partial) <= before:
                raise
            log.info("%s: %s bytes have come, going on from there", error, f"{_size(partial):,}")
        except UnusableError as error:
            shutil.rmtree(partial)
            if before == 0:
                raise
            log.warning("%s: starting again from nothing", error)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@contextmanager
def progress_on_terminal() -> Iterator[None]:
    """Show the block's progress bars and notices on a terminal alone, and never among the lines of stdout."""
    with ExitStack() as stack:
        stream = sys.stderr if sys.stderr.isatty() else stack.enter_context(Path(os.devnull).open("w"))
        stack.enter_context(redirect_stdout(stream))
        stack.enter_context(redirect_stderr(stream))
        yield
