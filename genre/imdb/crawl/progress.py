"""How far a crawl is: a bar on a terminal, a line now and then elsewhere."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import get_console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LINES = 60


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:.1f}/s")


@contextmanager
def progress(total: int, provider: str) -> Iterator[Callable[[], None]]:
    """Yield the function to call after each of `total` films."""
    on_terminal = get_console().is_terminal
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    told_at = time.monotonic()
    with Progress(*columns, disable=not on_terminal) as bar:
        number = bar.add_task(f"Crawling {provider}", total=total)
        task = bar.tasks[0]

        def advance() -> None:
            nonlocal told_at
            bar.advance(number)
            if not on_terminal and time.monotonic() - told_at >= _SECONDS_BETWEEN_LINES:
                told_at = time.monotonic()
                left = (task.time_remaining or 0) / 60
                done = f"{task.completed:,.0f} of {total:,} films"
                log.info("Crawling %s: %s, %.1f/s, %.0f min left", provider, done, task.speed or 0, left)

        yield advance
