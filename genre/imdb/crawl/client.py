"""Asking one film: pace, time-out and retries around a request."""

import asyncio
import logging
import os
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx2

import genre
from genre.config import CrawlConfig
from genre.errors import UserError
from genre.imdb.crawl.answers import Unanswered, plot_in
from genre.imdb.crawl.waiting import Pace, pause, retry_after

_MOST_BYTES = 1_000_000  # the longest plots have some thousand


def read_key(cfg: CrawlConfig) -> str:
    """The provider's key, empty for a provider that needs none.

    Raises:
        UserError: when the environment variable is not set or cannot be a key.
    """
    if cfg.key_variable is None:
        return ""
    key = os.environ.get(cfg.key_variable, "").strip()
    if not key:
        raise UserError(
            f"{cfg.key_variable}: set this environment variable to your key for {cfg.provider}; get one at "
            f"{cfg.key_page}, or take crawl=imdbapi, which needs none"
        )
    if not (key.isascii() and key.isprintable()):
        raise UserError(f"{cfg.key_variable}: holds characters that no key has; set it again")
    return key


class Client:
    """Asks a provider for plots; `reached` tells whether anything at all has come back from it.

    The key is in the URL or in a header of each request and nowhere else: errors of httpx2, whose texts carry the URL,
    do not leave this class, and the loggers that tell of requests are silenced.
    """

    def __init__(self, cfg: CrawlConfig, key: str) -> None:
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)
        headers = {"User-Agent": f"genre/{genre.__version__}", "Accept": "application/json"}
        if cfg.authorization:
            headers["Authorization"] = cfg.authorization.replace("{key}", key)
        self.reached = False
        self._cfg = cfg
        self._url = cfg.url.replace("{key}", quote(key, safe=""))
        self._pace = Pace(cfg.requests_per_second)
        # a request's whole time is limited below; httpx2 would limit each of its parts
        self._http = httpx2.AsyncClient(
            headers=headers, timeout=None, limits=httpx2.Limits(max_connections=cfg.concurrency)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def plot(self, movie_id: str) -> str | None:
        """The film's plot, or None when the provider has none.

        Raises:
            Unanswered: when the last retry brought nothing either.
            UserError: when the provider refuses the key, or more requests.
        """
        attempt = 0
        while True:
            await self._pace.turn()
            try:
                return await self._ask(movie_id)
            except Unanswered:
                if attempt == self._cfg.retries:
                    raise
            await asyncio.sleep(pause(self._cfg.backoff, attempt))
            attempt += 1

    async def _ask(self, movie_id: str) -> str | None:
        try:
            async with (
                asyncio.timeout(self._cfg.timeout),
                self._http.stream("GET", self._url.replace("{movie_id}", quote(movie_id, safe=""))) as response,
            ):
                body = await _read(response)
        except TimeoutError:
            problem = f"nothing within {self._cfg.timeout:g} s"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            problem = type(error).__name__
        else:
            self.reached = True
            self._pace.hold(retry_after(response.headers.get("Retry-After"), datetime.now(UTC)))
            return plot_in(response.status_code, body, self._cfg)
        raise Unanswered(problem)  # not inside `except`: the new error shall not refer to the old one


async def _read(response: httpx2.Response) -> bytes:
    """The body, unpacked; a small one can unpack to gigabytes, so that it is counted as it comes.

    Raises:
        Unanswered: when it is too long.
    """
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise Unanswered(f"an answer of more than {_MOST_BYTES:,} bytes")
    return bytes(body)
