"""Google Drive, Kaggle and NLTK's server under their own names, played by one server on the loopback interface.

The server is a proxy that answers itself, with a certificate made for the test: the real clients, and the real script,
find it by the environment variables that they always heed.
"""

import base64
import contextlib
import hashlib
import io
import re
import shutil
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nltk.data
import pytest

from genre.config import DownloadConfig

HOSTS = (
    "drive.google.com",
    "drive.usercontent.google.com",
    "api.kaggle.com",
    "storage.googleapis.com",
    "raw.githubusercontent.com",
)
KAGGLE_API = "https://api.kaggle.com/v1/datasets.DatasetApiService"
RAW_HEADER = "movie_id,movie_name,year,genre,description,rating\n"


@dataclass
class Answer:
    """What the server says to one request.

    Attributes:
        stop: bytes after which the connection breaks off, or with `stall` falls silent.
        resumable: whether a Range header is heeded.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stop: int | None = None
    stall: bool = False
    resumable: bool = True


class Internet(ThreadingHTTPServer):
    """`answers[url]`: what is said to the first, second, ... request for a URL without its query; the last one stays."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, Message]] = []  # URL and headers

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def ranges(self, url: str) -> list[str]:
        """The Range headers of the requests for `url`."""
        return [headers.get("Range", "") for asked, headers in self.requests if asked == url]

    def drive(self, *answers: Answer | bytes, name: str = "crawl_data.csv") -> None:
        """Let Google Drive give a file, or answer its download link otherwise."""
        headers = {"Content-Type": "application/octet-stream", "Content-Disposition": f'attachment; filename="{name}"'}
        self.answers["https://drive.google.com/uc"] = [
            Answer(answer, headers=headers) if isinstance(answer, bytes) else answer for answer in answers
        ]
        for answer in self.answers["https://drive.google.com/uc"]:
            answer.headers = answer.headers or headers

    def kaggle(self, *answers: Answer | bytes) -> None:
        """Let Kaggle give an archive."""
        archive = "https://storage.googleapis.com/kaggle-data-sets/archive.zip"
        self.answers[f"{KAGGLE_API}/GetDataset"] = [
            Answer(
                b'{"currentVersionNumber": 3}',
                headers={"Content-Type": "application/json", "X-Kaggle-HubVersion": "99.0"},
            )
        ]
        self.answers[f"{KAGGLE_API}/DownloadDataset"] = [
            Answer(status=302, headers={"Location": f"{archive}?signature=x", "Content-Type": "text/html"})
        ]
        self.answers[archive] = []
        for answer in answers:
            answer = Answer(answer) if isinstance(answer, bytes) else answer
            md5 = base64.b64encode(hashlib.md5(answer.body).digest()).decode()
            answer.headers = {"Content-Type": "application/zip", "X-Goog-Hash": f"crc32c=x,md5={md5}"} | answer.headers
            self.answers[archive].append(answer)


class Handler(BaseHTTPRequestHandler):
    server: Internet
    protocol_version = "HTTP/1.1"
    host = ""

    def do_CONNECT(self) -> None:
        self.host = self.path.partition(":")[0]
        self.close_connection = False  # though the client speaks HTTP/1.0 to a proxy
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def do_GET(self) -> None:
        url = f"https://{self.host}{urlsplit(self.path).path}"
        wanted = self.headers.get("Range", "")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((url, self.headers))
        left = self.server.answers[url]
        answer = left.pop(0) if len(left) > 1 else left[0]
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and answer.resumable else 0
        status, body = answer.status, answer.body[start:]
        if wanted and answer.resumable:
            status = 206 if body else 416
        self.send_response(status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if answer.resumable:
            self.send_header("Accept-Ranges", "bytes")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(answer.body) - 1}/{len(answer.body)}")
        self.end_headers()
        self.wfile.write(body if answer.stop is None else body[: answer.stop])
        self.wfile.flush()
        if answer.stop is not None:
            if answer.stall:
                self.rfile.read(1)  # until the client has had enough
            self.close_connection = True

    do_POST = do_GET

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # clients hang up
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for the names of all hosts, which are trusted for the time of a test."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the test's certificate, is not installed")
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    options = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=loopback", "-addext"]
    command = ["openssl", "req", "-x509", *options, f"subjectAltName={names}", "-keyout", file, "-out", f"{file}.cert"]
    subprocess.run(command, check=True, capture_output=True)
    with file.open("a") as both:
        both.write(Path(f"{file}.cert").read_text())
    return file


@pytest.fixture
def internet(certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    """The server, and an environment in which this process and its children find it and nothing else."""
    server = Internet(certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    home = tmp_path / "home"
    (home / "nltk_data").mkdir(parents=True)
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, server.proxy)
    for name in ("NO_PROXY", "no_proxy", "KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(certificate))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(home))
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(home / "kagglehub"))
    monkeypatch.setenv("NLTK_DATA", str(home / "nltk_data"))
    monkeypatch.setenv("NLTK_ALLOW_PROXIED_URLOPEN", "1")
    monkeypatch.setattr(nltk.data, "path", [str(home / "nltk_data")])  # read from the environment at import
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the downloads go."""
    return tmp_path / "imdb"


def wish(folder: Path, *items: str, timeout: float = 5) -> DownloadConfig:
    """Settings that ask for `items` alone."""
    every = ("kaggle", "crawl_data", "clean_data", "conllu_data", "nltk")
    return DownloadConfig(folder=str(folder), timeout=timeout, verbose=1, **{name: name in items for name in every})


def zipped(files: dict[str, str]) -> bytes:
    """An archive of text files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def visible(folder: Path) -> set[str]:
    """Names of the files that are no hidden ones, nor in hidden folders."""
    names = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    return {name for name in names if not re.search(r"(^|/)\.", name)}
