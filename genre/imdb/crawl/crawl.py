"""From the films without a description to the table of crawled ones."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from genre.config import CrawlConfig
from genre.data.tables import read_table
from genre.errors import UserError
from genre.imdb.crawl.answers import Unanswered
from genre.imdb.crawl.cache import Cache, open_cache
from genre.imdb.crawl.client import Client, read_key
from genre.imdb.crawl.progress import progress
from genre.imdb.crawl.table import CRAWLED_COLUMNS, read_crawled_films, write_crawled

log = logging.getLogger(__name__)

_FAILURES_IN_A_ROW = 20  # films; then the provider is out of order


def crawl(to_crawl: Path, target: Path, cache: Path, cfg: CrawlConfig) -> dict[str, int]:
    """Ask a provider for the plots of films and add what it has to a table.

    Every answer is on disk as soon as it has arrived, misses as well: a crawl that was cut off, in whatever way, goes
    on where it stopped.

    Args:
        to_crawl: CSV file with the columns movie_id and title, the films that need a description.
        target: CSV file with the columns movie_id, title, description and source; made, or extended: its texts are kept
            and their films are not asked.
        cache: SQLite file of all answers.
        cfg: of the provider.

    Returns:
        Numbers of films: `known` (with a text in `target`), `from_cache` (answered before), `asked` now, and of these
        `found`, `missing` (the provider has none) and `failed` (no answer; asked again next time).

    Raises:
        UserError: for a missing or refused key, a used-up quota, a provider out of reach or an unreadable file; what
            was found until then stands in `target`.
    """
    films = read_table(to_crawl, ["movie_id", "title"]).drop_duplicates("movie_id")
    known = read_crawled_films(target) if target.is_file() else pd.DataFrame(columns=CRAWLED_COLUMNS, dtype=str)
    wanted = films[~films["movie_id"].isin(known["movie_id"])]
    counts = {"known": len(films) - len(wanted)}
    with open_cache(cache, cfg.provider) as answers:
        unasked = [movie_id for movie_id in wanted["movie_id"] if movie_id not in answers.plots]
        counts |= {
            "from_cache": len(wanted) - len(unasked),
            "asked": len(unasked),
            "found": 0,
            "missing": 0,
            "failed": 0,
        }
        try:
            if unasked:
                asyncio.run(_ask_all(unasked, answers, counts, cfg, read_key(cfg)))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None  # of the first worker that gave up; it ended the others
        finally:
            plots = wanted["movie_id"].map(answers.plots)
            found = wanted.assign(description=plots, source=cfg.provider)[plots.notna()]
            if len(found):
                write_crawled(pd.concat([known, found]), target)
    if not target.is_file():
        write_crawled(known, target)
    if counts["failed"]:
        log.warning("%d films got no answer from %s; run again to ask for these", counts["failed"], cfg.provider)
    return counts


async def _ask_all(
    movie_ids: Sequence[str], answers: Cache, counts: dict[str, int], cfg: CrawlConfig, key: str
) -> None:
    """Ask for each film, keep the answers and count them."""
    failed_in_a_row = 0
    queue = iter(movie_ids)  # shared by the workers: each film is taken once

    async def work() -> None:
        nonlocal failed_in_a_row
        for movie_id in queue:
            try:
                plot = await client.plot(movie_id)
            except Unanswered as error:
                counts["failed"] += 1
                failed_in_a_row += 1
                if not client.reached or failed_in_a_row >= max(_FAILURES_IN_A_ROW, cfg.concurrency):
                    host = urlsplit(cfg.url).hostname
                    problem = f"{host} does not answer ({error}); check the network and crawl.url, then run again"
                    raise UserError(f"{problem}: it goes on where it stopped") from None
            else:
                failed_in_a_row = 0
                answers.keep(movie_id, plot)
                counts["found" if plot else "missing"] += 1
            advance()

    with progress(len(movie_ids), cfg.provider) as advance:
        async with Client(cfg, key) as client, asyncio.TaskGroup() as workers:
            for _ in range(cfg.concurrency):
                workers.create_task(work())
