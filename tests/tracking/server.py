"""A W&B server on loopback, as far as `wandb sync` and wandb-workspaces need one."""

import gzip
import json
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], Any]
VIEWER = {"id": "1", "entity": "team", "username": "x", "email": "", "flags": "{}", "teams": {"edges": []}}


class Runs:
    """The runs of a project as the server knows them: what it is sent of a run replaces or goes on with what it has.

    Attributes:
        known: by id: name, group, job type, tags, config, history and summary.
        uploads: names of files.
    """

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.uploads: list[str] = []

    def answer(self, request: dict[str, Any]) -> Any:
        """The data that a GraphQL request asks for."""
        given, asked = request.get("variables", {}), request["query"]
        if "upsertBucket" in asked:
            return self._upsert(given)
        if "RunResumeStatus" in asked:
            return {"model": _project(given) | {"bucket": self._resumed(given["name"])}}
        if "createArtifact" in asked:  # as if its files were there already
            artifact = {"id": "1", "state": "COMMITTED", "artifactSequence": {"latestArtifact": {"id": "1"}}}
            return {"createArtifact": {"artifact": artifact}}
        if "createRunFiles" in asked:
            files = [{"name": name, "uploadUrl": f"{request['address']}/uploads/{name}"} for name in given["files"]]
            return {"createRunFiles": {"runID": given["run"], "uploadHeaders": [], "files": files}}
        if "viewer" in asked:
            return {"viewer": VIEWER}
        return {}

    def stream(self, run: str, content: dict[str, Any]) -> None:
        """Take a part of the files that hold a run's history and summary."""
        files = content.get("files", {})
        if history := files.get("wandb-history.jsonl"):
            kept = self.known[run]["history"][: history["offset"]]
            self.known[run]["history"] = kept + [json.loads(line) for line in history["content"]]
        if summary := files.get("wandb-summary.json"):
            self.known[run]["summary"] = json.loads(summary["content"][-1])

    def _upsert(self, given: dict[str, Any]) -> Any:
        run = self.known.setdefault(given["name"], {"history": [], "summary": {}, "config": {}})
        named = {"name": "displayName", "group": "groupName", "job_type": "jobType", "tags": "tags"}
        run |= {key: given[name] for key, name in named.items() if given.get(name)}
        if given.get("config"):
            config = json.loads(given["config"])
            run["config"] = {key: item["value"] for key, item in config.items() if key != "_wandb"}
        bucket = {"id": f"id-{given['name']}", "name": given["name"], "displayName": run.get("name"), "sweepName": None}
        return {"upsertBucket": {"bucket": bucket | {"project": _project(given)}, "inserted": True}}

    def _resumed(self, name: str) -> Any:
        if name not in self.known:
            return None
        run = self.known[name]
        config = {key: {"value": value} for key, value in run["config"].items()}
        counts = {"historyLineCount": len(run["history"]), "logLineCount": 0, "eventsLineCount": 0}
        tails = {"historyTail": json.dumps([json.dumps(row) for row in run["history"][-1:]]), "eventsTail": "[]"}
        told = {"id": f"id-{name}", "name": name, "displayName": run.get("name"), "tags": run.get("tags", [])}
        texts = {"summaryMetrics": json.dumps(run["summary"]), "config": json.dumps(config), "wandbConfig": '{"t": 1}'}
        return told | counts | tails | texts


def _project(given: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "name": given["project"], "entity": {"id": "1", "name": "team"}}


@contextmanager
def serving(answer: Answer, runs: Runs | None = None) -> Iterator[str]:
    """Serve; yields the address.

    Args:
        answer: the data of a GraphQL request, or None to refuse it.
        runs: that are streamed to.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self._content()
            if self.path == "/graphql":
                asked = json.loads(content) | {"address": f"http://127.0.0.1:{self.server.server_address[1]}"}
                data = answer(asked)
                told = {"errors": [{"message": "permission denied"}]} if data is None else {"data": data}
                self._say(401 if data is None else 200, told)
            else:
                if runs and self.path.endswith("/file_stream"):
                    runs.stream(self.path.split("/")[-2], json.loads(content))
                self._say(200, {})

        def do_PUT(self) -> None:
            self._content()
            assert runs
            runs.uploads.append(self.path.removeprefix("/uploads/"))
            self._say(200, {})

        def _content(self) -> bytes:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            return gzip.decompress(content) if self.headers.get("content-encoding") == "gzip" else content

        def _say(self, code: int, told: Any) -> None:
            content = json.dumps(told).encode()
            self.send_response(code)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            if not isinstance(sys.exception(), ConnectionResetError):  # by a client that has all it wanted
                traceback.print_exc()

    with Server(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
