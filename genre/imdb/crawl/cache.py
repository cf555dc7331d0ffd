"""Every answer of a provider, on disk as soon as it has arrived."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from genre.errors import UserError

_TABLE = """
    CREATE TABLE IF NOT EXISTS answers (
        provider TEXT NOT NULL,
        movie_id TEXT NOT NULL,
        plot TEXT, -- NULL: the provider has none
        answered_at TEXT NOT NULL,
        PRIMARY KEY (provider, movie_id)
    ) WITHOUT ROWID
"""


class Cache:
    """One provider's answers; `plots` maps movie_id to the plot, or to None where the provider has none."""

    def __init__(self, connection: sqlite3.Connection, provider: str) -> None:
        self._connection = connection
        self._provider = provider
        query = "SELECT movie_id, plot FROM answers WHERE provider = ?"
        self.plots: dict[str, str | None] = dict(connection.execute(query, [provider]))

    def keep(self, movie_id: str, plot: str | None) -> None:
        """Remember an answer; when this returns it outlives the process and a power failure."""
        row = (self._provider, movie_id, plot, datetime.now(UTC).isoformat(timespec="seconds"))
        self._connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", row)
        self.plots[movie_id] = plot


@contextmanager
def open_cache(file: Path, provider: str) -> Iterator[Cache]:
    """The cache in `file`, made where necessary, for this process alone.

    Write-ahead logging makes an answer durable by a single sync of the disk. The exclusive lock keeps a second crawl
    from asking for the same films, ends with the process even when it is killed, and lets the log do without memory
    shared between processes, which network disks do not have.

    Raises:
        UserError: when the file is in use, is no such cache or cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(_TABLE)
            yield Cache(connection, provider)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise UserError(f"{file}: another crawl is running; wait for its end") from None
        raise UserError(
            f"{file}: {error}; is it a crawl's cache, its folder writable and the disk not full?"
        ) from error
