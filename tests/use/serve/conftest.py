"""A server in a thread of the test, asked over the loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

from genre.config import ServeConfig, compose
from genre.runs import RunFolder


class Reply(NamedTuple):
    status: int
    headers: Message
    content: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.content)

    @property
    def error(self) -> str:
        """The line that says why, of what is refused."""
        assert self.json.keys() == {"error"}
        assert self.json["error"]
        assert "\n" not in self.json["error"]
        return self.json["error"]


Ask = Callable[..., Reply]


def settings(run: Path, *overrides: str) -> ServeConfig:
    return compose("serve", [f"run={run}", "port=0", *overrides])


@contextmanager
def served(cfg: ServeConfig) -> Iterator[Ask]:
    """What asks a server with these settings, without a page."""
    import uvicorn

    from genre.use.serve.api import application
    from genre.use.serve.limits import Turns
    from genre.use.serve.served import Served

    app = application(Served(str(cfg.run), cfg, Turns(cfg.waiting)), cfg)
    server = uvicorn.Server(uvicorn.Config(app, host=cfg.host, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    def ask(method: str, path: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        kind = {"Content-Type": "application/json"} if path == "/api/predict" else {}
        connection.request(method, path, body.encode() if isinstance(body, str) else body, kind | dict(headers or {}))
        answer = connection.getresponse()
        reply = Reply(answer.status, answer.headers, answer.read())
        connection.close()
        return reply

    ask.port = port  # type: ignore[attr-defined]
    try:
        yield ask
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def ask(baseline_run: RunFolder) -> Iterator[Ask]:
    with served(settings(baseline_run.path, "characters=1000", "rows=20", "megabytes=1")) as asked:
        yield asked
