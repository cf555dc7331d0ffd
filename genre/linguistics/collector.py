"""Python's collector of reference cycles, and why it rests here."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for reference cycles in this block.

    Tokens form none, but each few hundred new ones make the collector walk those that are already there: a third of all
    time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
