"""A provider on loopback that answers as a test tells it to."""

import gzip
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from genre.config import CrawlConfig


@dataclass
class Reply:
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0  # seconds before it is sent
    hang_up: bool = False  # close the connection instead
    packed: bool = False  # by gzip

    @classmethod
    def plot(cls, text: str, **more: object) -> "Reply":
        return cls(body=json.dumps({"Response": "True", "Plot": text}), **more)


Answer = Callable[[str, int], Reply]  # of a movie_id and how often it was asked before


@dataclass
class Request:
    movie_id: str
    path: str
    headers: dict[str, str]
    at: float


class Provider:
    """Answers http://127.0.0.1:PORT/?i=ID&... and remembers what it was asked."""

    def __init__(self, port: int, answer: Answer) -> None:
        self.url = f"http://127.0.0.1:{port}/?i={{movie_id}}"
        self.answer = answer
        self.requests: list[Request] = []
        self.served: Counter[str] = Counter()  # usable answers sent, by movie_id
        self.under_way = self.most_under_way = 0
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reply(self, path: str, headers: dict[str, str]) -> tuple[str, Reply]:
        movie_id = parse_qs(urlsplit(path).query)["i"][0]
        with self._lock:
            self.requests.append(Request(movie_id, path, headers, time.monotonic()))
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            before = self._asked[movie_id]
            self._asked[movie_id] += 1
        reply = self.answer(movie_id, before)
        time.sleep(reply.delay)
        with self._lock:
            self.under_way -= 1
        return movie_id, reply

    @property
    def ids(self) -> list[str]:
        return [request.movie_id for request in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that are killed or lose patience are what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        movie_id, reply = self.server.provider.reply(self.path, dict(self.headers))
        if reply.hang_up:
            self.close_connection = True
            return
        body = gzip.compress(reply.body.encode()) if reply.packed else reply.body.encode()
        lines = [f"HTTP/1.1 {reply.status} Told", f"Content-Length: {len(body)}"]
        lines += ["Content-Encoding: gzip"] if reply.packed else []
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)
        if reply.status in (200, 404) and body.startswith(b'{"Response": "'):
            self.server.provider.served[movie_id] += 1

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _serving(answer: Answer) -> Iterator[Provider]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.provider = Provider(server.server_port, answer)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.provider
        finally:
            server.shutdown()
            thread.join()


class Place:
    """The files of a crawl in one folder."""

    def __init__(self, folder: Path) -> None:
        self.to_crawl, self.target = folder / "to_crawl.csv", folder / "crawl_data.csv"
        self.cache = folder / "crawl_cache.sqlite"

    @property
    def files(self) -> tuple[Path, Path, Path]:
        return self.to_crawl, self.target, self.cache

    def want(self, *movie_ids: str) -> None:
        rows = "".join(f'{movie_id},"Film, {movie_id}",1950,placeholder\n' for movie_id in movie_ids)
        self.to_crawl.write_text("movie_id,title,year,reason\n" + rows)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def new_place(tmp_path: Path) -> Callable[[str], Place]:
    def make(name: str) -> Place:
        (tmp_path / name).mkdir()
        return Place(tmp_path / name)

    return make


@pytest.fixture
def serving() -> Callable[[Answer], object]:
    """`with serving(answer) as provider:` runs a provider."""
    return _serving


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def settings_of() -> Callable[..., CrawlConfig]:
    """`settings_of(provider.url, concurrency=1)`: quick settings in the manner of OMDb, without a key."""

    def make(url: str, **changed: object) -> CrawlConfig:
        values = {
            "provider": "test",
            "url": url,
            "authorization": None,
            "plot": "Plot",
            "error": "Error",
            "key_variable": None,
            "key_page": None,
            "requests_per_second": 10_000.0,
            "concurrency": 4,
            "timeout": 10.0,
            "retries": 3,
            "backoff": 0.001,
        }
        return CrawlConfig(**values | changed)

    return make
