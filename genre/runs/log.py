"""What a run writes into its `train.log`."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def logging_to(file: Path) -> Iterator[None]:
    """Keep what is logged, and the error that ends the block, in `file`, after what an earlier start left there."""
    handler = _LogFile(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    except BaseException as error:
        # not logged: the console tells it in its own way
        with suppress(OSError), file.open("a", encoding="utf-8") as opened:
            traceback.print_exception(error, file=opened)
        raise
    finally:
        root.removeHandler(handler)
        with suppress(OSError):
            handler.close()


class _LogFile(logging.FileHandler):
    """Goes without the lines for which there is no room: what is written next says so."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)
