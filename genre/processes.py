"""How processes that share work are started."""

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Sequence
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # not every platform has both
    from multiprocessing.context import ForkServerContext, SpawnContext

_LONGEST_FOLDER = 60  # bytes; of 104 at least for a socket's path, of which its folder and name take 40


def die_with_parent() -> None:
    """Let this process end at once when the one that has started it is gone, as if both had been killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def process_context(imported: Sequence[str]) -> "ForkServerContext | SpawnContext":
    """Processes that are forked by one that does nothing but import modules, where the platform can do that.

    The calling process does not fork them: a copy of one that has threads, as Arrow and PyTorch start them, may wait
    for ever. The one that does listens at a socket in TMPDIR, whose path must not be longer than a hundred characters
    or so. What becomes of Ctrl-C in the processes is theirs to say.

    Args:
        imported: the modules, once for all processes; the first call in a process decides.
    """
    short = len(os.fsencode(tempfile.gettempdir())) <= _LONGEST_FOLDER
    if short and "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["genre.quiet_end", *imported])
        return context
    return multiprocessing.get_context("spawn")
