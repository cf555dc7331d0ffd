"""What a server does not do, and that it says so: too long, too large, too many at once."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, TypeVar

from genre.errors import UserError

Result = TypeVar("Result")

TOO_LARGE, UNREADABLE, BUSY = 413, 422, 503
PATIENCE = 30  # seconds in which a request must have arrived
_ENDING = "the server is ending"


class RefusedError(UserError):
    """A request that is not answered, and why, in one line.

    Attributes:
        status: of HTTP that tells the same to programs.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Turns:
    """One thread that computes, for all who ask, in the order in which they come.

    Two at once would take as long, and a tokenizer does not stand it.

    Args:
        waiting: requests that may wait at a time.
    """

    def __init__(self, waiting: int) -> None:
        self._waiting = waiting
        self._free = threading.BoundedSemaphore(waiting)
        self._thread = ThreadPoolExecutor(1, "model")

    def ask(self, task: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """What the task will give.

        Raises:
            RefusedError: when as many are waiting as may.
        """
        if not self._free.acquire(blocking=False):
            raise RefusedError(BUSY, f"{self._waiting} requests are waiting for the model; try again in a second")
        asked = self._begun(task, *arguments)
        asked.add_done_callback(lambda _: self._free.release())
        return asked

    def take(self, task: Callable[..., Result], *arguments: Any) -> Result:
        """What the task gives, for a piece of work that has been let in and comes in many turns."""
        try:
            return self._begun(task, *arguments).result()
        except CancelledError:
            raise RefusedError(BUSY, _ENDING) from None

    def _begun(self, task: Callable[..., Result], *arguments: Any) -> Future[Result]:
        try:
            return self._thread.submit(task, *arguments)
        except RuntimeError:  # it takes nothing any more
            raise RefusedError(BUSY, _ENDING) from None

    def close(self) -> None:
        """Let nobody wait any longer."""
        self._thread.shutdown(wait=False, cancel_futures=True)
