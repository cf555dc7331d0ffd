"""Errors that a person can cause and mend, and how every piece of work tells of them."""

import errno
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

# what the operating system refuses and a person can mend
_MENDABLE = {
    errno.EEXIST,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EISDIR,
}
# C0 and C1, and what turns the direction of writing round
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class UserError(Exception):
    """A mistake of the person at the keyboard: its text is one line that says what is wrong and what to do.

    Several mistakes that were found at once have a text each. Entry points print each on a line of its own, without a
    traceback, and end with exit code 2.
    """

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


@contextmanager
def ctrl_c_as_such() -> Iterator[None]:
    """Let Ctrl-C be a KeyboardInterrupt whatever becomes of it on the way.

    A library that is stopped half-way may fail while it tidies up: `torch.save` then says that its file is not whole.
    """
    try:
        yield
    except (Exception, SystemExit) as error:
        behind: BaseException | None = error
        while behind is not None and not isinstance(behind, KeyboardInterrupt):
            behind = behind.__context__
        if behind is not None:
            raise KeyboardInterrupt from None
        raise


class Outcome(TypedDict):
    """How a piece of work ended, in values that can be sent between processes.

    Attributes:
        exit_code: 0, or that of a script that ends this way; None for work that was not begun.
        error: one line, empty when there was none.
    """

    exit_code: int | None
    error: str


def report_error(error: Exception, job: str = "") -> Outcome:
    """Print an error, and the job of a sweep that met it, as its victim should see it."""
    debug = os.environ.get("GENRE_DEBUG") == "1" or any(item.startswith("hydra.verbose=") for item in sys.argv[1:])
    mendable = isinstance(error, UserError) or (isinstance(error, OSError) and error.errno in _MENDABLE)
    if debug or not mendable:
        traceback.print_exception(error)
    text = one_line(str(error)) or type(error).__name__
    if not mendable:
        return {"exit_code": 1, "error": f"{type(error).__name__}: {text}"}
    texts = [one_line(str(one)) for one in error.args] if isinstance(error, UserError) else [text]
    if isinstance(error, OSError):
        texts = [one_line(f"{error.filename2 or error.filename or 'results cannot be written'}: {error.strerror}")]
    for line in texts:
        print(f"error: {line} [job: {one_line(job)}]" if job else f"error: {line}", file=sys.stderr)
    return {"exit_code": 2, "error": "; ".join(texts)}


def one_line(text: str) -> str:
    r"""The same on one line; what would steer a terminal, such as ESC, is spelled out.

    Example:
        >>> print(one_line("a title\nwith \x1b[31mcolour"))
        a title with \x1b[31mcolour
    """
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), " ".join(text.split()))


def steers_terminals(text: str) -> bool:
    """Whether a text holds characters that do something where it is shown: line breaks, ESC and the like."""
    return _CONTROLS.search(text) is not None
