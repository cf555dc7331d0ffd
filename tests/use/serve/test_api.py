"""The JSON endpoint over real HTTP."""

import csv
import io
import json
import os
import shutil
import socket
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
import yaml

import genre
from genre.calibration import Calibration, LogOdds
from genre.runs import RunFolder
from genre.runs.calibration import write_calibration
from genre.runs.records import read_labels
from genre.use.scorer import Scorer
from genre.use.serve.limits import BUSY, RefusedError, Turns
from tests.use.serve.conftest import Ask, served, settings

TEXT = "A sheriff comes out of retirement."


def test_it_says_what_the_model_says(ask: Ask, baseline_run: RunFolder) -> None:
    model = genre.load(baseline_run.path)
    for given in ({"text": TEXT}, {"text": TEXT, "title": "Noon"}, {"text": TEXT, "title": None}):
        reply = ask("POST", "/api/predict", json.dumps(given))
        assert reply.status == 200
        assert reply.json.keys() == {"labels", "probabilities", "thresholds"}
        table = pd.DataFrame({"title": [given.get("title") or ""], "description": [TEXT]})
        assert reply.json["labels"] == model.predict(table)[0]
        expected = model.probabilities(table).iloc[0].to_dict()
        assert reply.json["probabilities"] == pytest.approx(expected, abs=1e-6)
        assert reply.json["thresholds"] == model.thresholds
        assert reply.headers["Cache-Control"] == "no-store"


def test_a_calibrated_model_stays_so_in_text_and_table(baseline_run: RunFolder, tmp_path: Path) -> None:
    run = RunFolder(Path(shutil.copytree(baseline_run.path, tmp_path / "run")))
    cfg = yaml.safe_load(run.config_file.read_text())
    run.config_file.write_text(yaml.safe_dump(cfg | {"calibration": {"_target_": "genre.calibration.Platt"}}))
    labels = list(read_labels(run))
    write_calibration(run.calibration_file, Calibration((LogOdds(0.5, 0.5, -1.0),) * len(labels)), labels)
    model = genre.load(run.path)
    table = pd.DataFrame({"description": [TEXT], "title": [""]})
    expected = model.probabilities(table).iloc[0]
    assert (expected < genre.load(baseline_run.path).probabilities(table).iloc[0]).any()
    with served(settings(run.path)) as ask:
        told = ask("POST", "/api/predict", json.dumps({"text": TEXT})).json
        (row,) = rows(ask("POST", "/api/table?name=a.csv&probabilities=true", table.to_csv(index=False)).content)
    assert told["probabilities"] == pytest.approx(expected.to_dict(), abs=1e-6)
    assert [float(row[f"probability_{label}"]) for label in labels] == pytest.approx(expected.tolist(), abs=1e-5)
    assert row["predicted_genres"].split("|") == told["labels"] == model.predict(table)[0]


def test_it_says_what_it_is(ask: Ask, baseline_run: RunFolder) -> None:
    told = ask("GET", "/api/model").json
    model = genre.load(baseline_run.path)
    assert told["name"] == baseline_run.path.name
    assert (told["labels"], told["columns"]) == (list(model.labels), list(model.columns))
    assert told["thresholds"] == model.thresholds
    assert told["limits"] == {"characters": 1000, "megabytes": 1, "rows": 20, "waiting": 64}


def rows(reply_content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reply_content.decode())))


def test_a_table_comes_back_with_its_rows_and_nothing_stays(
    ask: Ask, baseline_run: RunFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    model = genre.load(baseline_run.path)
    table = pd.DataFrame({"id": ["7", "8", "9"], "description": [TEXT, "", "Singers sing."], "title": ["Noon", "", ""]})
    content = table.to_csv(index=False).encode()
    reply = ask("POST", f"/api/table?name={quote('../my films é.csv')}&probabilities=true", content)
    assert reply.status == 200
    assert reply.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('predicted_my films é.csv')}"
    assert (reply.headers["X-Rows"], reply.headers["X-Rows-Unread"]) == ("3", "1")
    found = rows(reply.content)
    assert [row["id"] for row in found] == ["7", "8", "9"]
    assert [row["predicted_genres"] for row in found] == ["|".join(labels) for labels in model.predict(table)]
    assert [row["not_predicted"] for row in found] == ["", "no text", ""]
    assert f"probability_{model.labels[0]}" in found[0]
    lines = ask("POST", "/api/table?name=films.txt", f"{TEXT}\nSingers sing.\n")
    assert lines.headers["Content-Disposition"].endswith("predicted_films.csv")
    assert [row["description"] for row in rows(lines.content)] == [TEXT, "Singers sing."]
    objects = ask("POST", "/api/table?name=films.jsonl", json.dumps({"description": TEXT, "title": ""}))
    assert json.loads(objects.content)["predicted_genres"] == model.predict([TEXT])[0]
    assert list(tmp_path.iterdir()) == []


NESTED = "[" * 5_000 + "]" * 5_000
CSV = "title,description\n"
MALFORMED = {
    # what is asked of the endpoint, what it answers and a part of its line
    "nothing": ("", 422, "JSON object"),
    "no JSON": ("text=hello", 422, "JSON object"),
    "cut off": ('{"text": "A she', 422, "JSON object"),
    "null": ("null", 422, "JSON object"),
    "a list": ('["A sheriff."]', 422, "JSON object"),
    "a string": ('"A sheriff."', 422, "JSON object"),
    "nested": (NESTED, 422, "JSON object"),
    "a nested text": (f'{{"text": {NESTED}}}', 422, ""),
    "an enormous number": (f'{{"text": {"9" * 9_000}}}', 422, "JSON object"),
    "a number": ('{"text": 1e999}', 422, "text: must be a text"),
    "not a number": ('{"text": NaN}', 422, "text: must be a text"),
    "true": ('{"text": true}', 422, "text: must be a text"),
    "a null text": ('{"text": null}', 422, "text: must be a text"),
    "texts": ('{"text": ["A sheriff.", "Singers."]}', 422, "text: must be a text"),
    "no text": ('{"title": "Noon"}', 422, "text: must be a text"),
    "a title that is none": ('{"text": "A sheriff.", "title": {}}', 422, "title: must be a text"),
    "another key": ('{"text": "A sheriff.", "Text\\ud800\\n": 1}', 422, "no such key"),
    "an empty text": ('{"text": ""}', 422, "no text"),
    "spaces": ('{"text": " \\n\\t\\u00a0"}', 422, "no text"),
    "NULs": ('{"text": "\\u0000\\u0000"}', 422, "no text"),
    "digits": ('{"text": "12 - 7"}', 422, "no text"),
    "half a character": ('{"text": "A sheriff \\ud83e"}', 422, "broken characters"),
    "half a character in a title": ('{"text": "A sheriff", "title": "\\udc00"}', 422, "broken characters"),
    "no UTF-8": (b'{"text": "A sheriff \xff\xfe"}', 422, "UTF-8"),
    "UTF-16": ('{"text": "A sheriff"}'.encode("utf-16"), 422, "UTF-8"),
    "too long": (json.dumps({"text": "war " * 300}), 413, "1,000 are read here at most"),
    "too long a title": (json.dumps({"text": TEXT, "title": "war " * 300}), 413, "1,000 are read here at most"),
    "huge": (b"a" * 5_000_000, 413, "the request has 5,000,000 bytes"),
}
TABLES = {
    "a picture": ("films.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), 422, "films.csv"),
    "a picture's name": ("films.png", b"x", 422, "must end in one of .csv"),
    "no name": ("", b"x", 422, "must end in one of .csv"),
    "Parquet": ("films.parquet", b"PAR1", 422, "must end in one of .csv"),
    "empty": ("films.csv", b"", 422, "films.csv: is empty"),
    "no UTF-8": ("films.csv", f"{CSV}a,é\n".encode("latin-1"), 422, "UTF-8"),
    "UTF-16": ("films.csv", f"{CSV}a,b\n".encode("utf-16"), 422, "UTF-16"),
    "no column": ("films.csv", b"id,plot\n1,A sheriff\n", 422, "lacks the column"),
    "a short row": ("films.csv", f"{CSV}alone\n".encode(), 422, "films.csv, line 2"),
    "an open quote": ("films.csv", f'{CSV}"a,b\n'.encode(), 422, "films.csv, line"),
    "the answer's columns": ("films.csv", b"title,description,predicted_genres\na,b,c\n", 422, "predicted_genres"),
    "no object": ("films.jsonl", b"[1]\n", 422, "films.jsonl, line 1"),
    "a nested line": ("films.jsonl", b"[" * 50_000, 422, "films.jsonl, line 1"),
    "too many rows": ("films.csv", CSV.encode() + b"a,b\n" * 21, 413, "has 21 rows; 20"),
    "too long a text": ("films.csv", f"{CSV}a,{'war ' * 300}\n".encode(), 413, "row 1: a cell has 1,200 characters"),
    "too large": ("films.csv", b"a" * 1_000_001, 413, "at most 1,000,000"),
}


def still_answers(ask: Ask) -> None:
    assert ask("POST", "/api/predict", json.dumps({"text": TEXT})).status == 200


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_refused_in_one_line(name: str, ask: Ask) -> None:
    body, status, line = MALFORMED[name]
    reply = ask("POST", "/api/predict", body)
    assert reply.status == status
    assert line in reply.error
    still_answers(ask)


@pytest.mark.parametrize("name", TABLES)
def test_what_is_no_table_is_refused_in_one_line(
    name: str, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file, content, status, line = TABLES[name]
    reply = ask("POST", f"/api/table?name={file}", content)
    assert reply.status == status
    assert line in reply.error
    assert str(tmp_path) not in reply.error  # where it lay is nobody's business
    assert list(tmp_path.iterdir()) == []
    still_answers(ask)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/api/predict", {"Content-Type": "text/plain"}, 415),
        ("POST", "/api/predict", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ("POST", "/api/predict", {"Content-Type": ""}, 415),
        ("GET", "/api/predict", {}, 405),
        ("DELETE", "/api/model", {}, 405),
        ("GET", "/api/nothing", {}, 404),
        ("POST", "/gradio_api/upload", {}, 404),
        ("POST", "/api/table?name=a.csv&probabilities=maybe", {}, 422),
        ("POST", "/api/predict", {"Transfer-Encoding": "chunked"}, 411),
        ("GET", "/api/model", {"Host": "elsewhere.example"}, 400),
    ],
)
def test_what_is_asked_in_another_way_is_refused(
    method: str, path: str, headers: dict[str, str], status: int, ask: Ask
) -> None:
    body = json.dumps({"text": TEXT}) if method == "POST" else None
    reply = ask(method, path, b"15\r\n" if status == 411 else body, headers)
    assert reply.status == status
    assert status == 400 or reply.error
    still_answers(ask)


def test_what_is_no_http_is_refused(ask: Ask) -> None:
    for said in (b"\x00" * 500, b"GET / HTTP/9.9\r\n\r\n", b"POST /api/predict HTTP/1.1\r\nContent-Length: -5\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", ask.port), timeout=30) as line:  # type: ignore[attr-defined]
            line.sendall(said)
            assert line.recv(1000).startswith(b"HTTP/1.1 400")
    still_answers(ask)


def test_of_many_at_once_those_that_cannot_wait_are_told_so(baseline_run: RunFolder) -> None:
    with served(settings(baseline_run.path, "waiting=2")) as ask, ThreadPoolExecutor(20) as clients:
        body = json.dumps({"text": TEXT})
        replies = list(clients.map(lambda _: ask("POST", "/api/predict", body), range(200)))
        assert set(Counter(reply.status for reply in replies)) <= {200, BUSY}
        for reply in replies:
            if reply.status == BUSY:
                assert "try again" in reply.error
                assert reply.headers["Retry-After"] == "1"
        assert ask("POST", "/api/predict", body).status == 200


def test_turns_are_taken_one_by_one_and_their_number_is_bounded() -> None:
    turns, begun, go_on = Turns(2), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(30)
        return "first"

    first = turns.ask(slow)
    assert begun.wait(30)
    second = turns.ask(lambda: "second")
    with pytest.raises(RefusedError, match=r"^2 requests are waiting"):
        turns.ask(lambda: "third")
    go_on.set()
    assert [first.result(30), second.result(30), turns.take(lambda: "table")] == ["first", "second", "table"]
    turns.ask(lambda: "there is room again").result(30)
    turns.close()
    with pytest.raises(RefusedError, match="ending"):
        turns.take(lambda: "late")


def test_a_table_lets_others_in_between(baseline_run: RunFolder) -> None:
    """While a table is read in its thread, a text is answered before the table's next turn."""
    from genre.use.serve.served import Served

    cfg = settings(baseline_run.path)
    model = Served(baseline_run.path, cfg, Turns(4))
    own = model.model.scorer
    order: list[int] = []

    class Told:
        separator, size = own.separator, own.size

        def batches(self, texts: list[str], *, progress: bool = False) -> object:
            order.append(len(texts))
            if len(order) == 1:  # of the table: here comes somebody else
                asked.append(model.ask(TEXT))
            return own.batches(texts, progress=progress)

    asked: list = []
    scorer: Scorer = Told()  # type: ignore[assignment]
    model.model.scorer = scorer
    texts = [f"{TEXT} {'war ' * number}" for number in range(130)]
    table = model.in_turns(threading.Event()).probabilities(texts)
    assert order == [64, 1, 64, 2]
    model.model.scorer = own
    pd.testing.assert_frame_equal(table, model.model.probabilities(texts))
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(RefusedError, match="stopped"):
        model.in_turns(stopped).probabilities(texts)


def test_nothing_is_written_to_disk_by_a_text(ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    still_answers(ask)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - hidden ones too
