"""W&B in tests: no settings from outside, and what an offline run keeps, as W&B's own reader tells it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from genre.runs import RunFolder


@pytest.fixture(autouse=True)
def no_wandb_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials or settings from outside, and nothing left outside."""
    for name in [name for name in os.environ if name.startswith("WANDB_")]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("wandb")
    monkeypatch.setenv("NETRC", str(folder / "netrc"))
    for name in ("DATA", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"WANDB_{name}_DIR", str(folder))


class OfflineRun:
    """The newest W&B run of a run folder.

    Attributes:
        summary: state, exit code, config and summary.
        run: the record of its start.
        records: all records by kind.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.summary = json.loads(self._inspect("--summary", "--json"))
        lines = [json.loads(line) for line in self._inspect("--json").splitlines()]
        self.records: dict[str, list[Any]] = {}
        for line in lines:
            self.records.setdefault(line["type"], []).append(line[line["type"]])
        self.run = self.records["run"][0]

    def table(self, name: str) -> dict[str, Any]:
        """Columns and rows of a logged table."""
        file = self.path / "files" / self.summary["summary"][name]["path"]
        table: dict[str, Any] = json.loads(file.read_text())
        return table

    def _inspect(self, *options: str) -> str:
        command = [Path(sys.executable).parent / "wandb", "leet", "inspect", *options, self.path]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture
def offline_runs() -> Callable[[RunFolder], list[OfflineRun]]:
    return lambda run: [OfflineRun(folder) for folder in sorted((run.path / "wandb").glob("offline-run-*"))]


@pytest.fixture
def wandb_server() -> Callable[[Callable[[dict[str, Any]], Any]], AbstractContextManager[str]]:
    """`wandb_server(answer)`: a loopback server; `answer` gives the data of a GraphQL request, or None to refuse it."""
    return _server


@contextmanager
def _server(answer: Callable[[dict[str, Any]], Any]) -> Iterator[str]:

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            data = answer(json.loads(body)) if self.path == "/graphql" else None
            told = {"errors": [{"message": "permission denied"}]} if data is None else {"data": data}
            content = json.dumps(told).encode()
            self.send_response(401 if data is None else 200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
