"""Work shared between processes."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

from genre.processes import process_context

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_order(work: Callable[[_Item], _Result], items: Sequence[_Item], processes: int | None) -> Iterator[_Result]:
    """Results of `work` in the order of `items`, few of them ahead of their use.

    Args:
        work: what can be pickled.
        items: to call it with.
        processes: to share the work between; None: one per core. One needs no process of its own.
    """
    processes = min(processes or os.cpu_count() or 1, len(items))
    if processes <= 1:
        yield from map(work, items)
        return
    with ProcessPoolExecutor(processes, process_context(["genre.linguistics"]), initializer=_leave_interrupts) as pool:
        pending: deque[Future[_Result]] = deque()
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) > 2 * processes:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _leave_interrupts() -> None:
    """Ctrl-C ends the main process, and that ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
