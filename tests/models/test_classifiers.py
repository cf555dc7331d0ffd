"""Models by name or folder, against a small hub on loopback."""

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from genre.errors import UserError
from genre.models import PretrainedClassifier, TinyClassifier

LABELS = ["Drama", "War", "Western"]
NAME = "someone/small-bert"
REVISION = "a" * 40
FETCH = """
import sys
from genre.errors import UserError
from genre.models import PretrainedClassifier
for name in sys.stdin:
    try:
        print(PretrainedClassifier(name.strip(), "cls", ["Drama", "War"]).net.config.dim, flush=True)
    except UserError as error:
        print(error, flush=True)
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    network = TinyClassifier(layers=1, heads=2, width=16, pooling="cls", labels=LABELS)
    network.net.save_pretrained(folder)
    network.tokenizer.save_pretrained(folder)
    return folder


def etag(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture(params=["model.safetensors", "pytorch_model.bin"])
def hub(saved: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ThreadingHTTPServer]:
    """The part of the hub's protocol that fetching a model needs; some models have weights of an older format alone."""
    if request.param == "pytorch_model.bin":
        saved = Path(shutil.copytree(saved, tmp_path / "published"))
        torch.save(load_file(saved / "model.safetensors"), saved / request.param)
        (saved / "model.safetensors").unlink()

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = saved / path.rpartition("/")[2]
            if path.startswith(f"/api/models/{NAME}/tree/"):
                tree = [
                    {"type": "file", "path": item.name, "size": item.stat().st_size, "oid": etag(item)}
                    for item in saved.iterdir()
                ]
                self.answer(200, json.dumps(tree).encode(), {"Content-Type": "application/json"})
            elif path.startswith(f"/api/models/{NAME}"):
                siblings = [{"rfilename": item.name} for item in saved.iterdir()]
                content = json.dumps({"id": NAME, "sha": REVISION, "siblings": siblings}).encode()
                self.answer(200, content, {"Content-Type": "application/json"})
            elif path.startswith(f"/{NAME}/resolve/") and file.is_file():
                self.answer(200, file.read_bytes(), {"ETag": f'"{etag(file)}"', "X-Repo-Commit": REVISION})
            else:
                self.answer(404, b"{}", {"X-Error-Code": "RepoNotFound", "Content-Type": "application/json"})

        do_HEAD = do_GET

        def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    close(server)


def close(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()


def test_a_model_of_the_hub_is_fetched_once_and_then_needs_no_network(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    """By an interpreter of its own, whose hub and cache are settings of the environment."""
    endpoint = f"http://127.0.0.1:{hub.server_port}"
    environment = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path), "PATH": "", "HF_HUB_DISABLE_XET": "1"}
    command = [sys.executable, "-c", FETCH]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1) as process:

        def fetched(name: str) -> str:
            """The model's width, or the error in one line."""
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{name}\n")
            return process.stdout.readline().strip()

        assert fetched(NAME) == "16"
        lacking = fetched("someone/else")
        assert lacking.startswith("model.pretrained=someone/else: the Hugging Face hub has no such model")
        assert "model=distilbert_small" in lacking

        close(hub)
        assert fetched(NAME) == "16"
        known = "distilbert/distilbert-base-uncased"
        unreachable = fetched(known)
        assert unreachable.startswith(f"model.pretrained={known}: cannot be fetched")
        assert unreachable.endswith("take model=distilbert_small, which needs no network, or model.pretrained=FOLDER")
    assert process.returncode == 0


def test_a_folder_is_a_model_with_a_new_head(saved: Path) -> None:
    network = PretrainedClassifier(str(saved), "cls", ["a", "b", "c", "d", "e"][:3])
    assert network.net.config.id2label[0] == "a"
    assert network.net.classifier.out_features == 3


def test_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no config.json"):
        PretrainedClassifier(str(tmp_path), "cls", LABELS)
    with pytest.raises(UserError, match="no such folder"):
        PretrainedClassifier(str(tmp_path / "missing"), "cls", LABELS)
    (tmp_path / "config.json").write_text('{"model_type": "nonsense"}')
    with pytest.raises(UserError, match="model.pretrained=") as caught:
        PretrainedClassifier(str(tmp_path), "cls", LABELS)
    assert "\n" not in str(caught.value)


def test_architecture_and_weights_give_the_same_network(tmp_path: Path) -> None:
    network = TinyClassifier(layers=1, heads=2, width=16, pooling="cls", labels=LABELS)
    network.save(tmp_path)
    again = TinyClassifier.load(tmp_path, labels=LABELS)
    again.load_state_dict(network.state_dict())
    batch = again.tokenizer(["A man walks."], return_tensors="pt", return_token_type_ids=False)
    with torch.inference_mode():
        assert torch.equal(network.net.eval()(**batch).logits, again.net.eval()(**batch).logits)
    assert not list(tmp_path.glob("*.safetensors"))


def test_a_width_that_heads_do_not_divide() -> None:
    with pytest.raises(ValueError, match="model.width=33"):
        TinyClassifier(layers=1, heads=2, width=33, pooling="cls", labels=LABELS)


def test_code_that_comes_with_a_model_is_not_run(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(saved, folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModel": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text("raise SystemExit('code was run')")
    for load in (lambda: PretrainedClassifier(str(folder), "cls", LABELS), lambda: TinyClassifier.load(folder)):
        with pytest.raises(UserError) as told:
            load()
        assert "\n" not in str(told.value)
