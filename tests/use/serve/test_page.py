"""The page as a person uses it, in headless Chromium, served by the real command."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import genre
from benchmarks.pages import ENOUGH, WIDTHS, Browser, measured
from genre.runs import RunFolder
from tests.commands import script
from tests.docs.pages import DOCS, blocks

TEXT = "A sheriff comes out of retirement to bring three brothers to trial."
KEYS = {"Tab": 9, "Enter": 13, "ArrowRight": 39, " ": 32}

pytestmark = pytest.mark.slow


@contextmanager
def command(*settings: str, **environment: str) -> Iterator[str]:
    """The address at which the command answers."""
    line = [sys.executable, str(script("serve")), *settings, "port=0"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=os.environ | environment) as process:
        try:
            assert process.stdout
            told = process.stdout.readline()
            assert "http://127.0.0.1:" in told
            yield "http://" + told.split("http://")[1].split()[0]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server's temporary files would lie."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def address(baseline_run: RunFolder, finished_run: RunFolder, kept: Path) -> Iterator[str]:
    with command(f"run={baseline_run.path}", f"beside={finished_run.path}", TMPDIR=str(kept)) as served:
        yield served
    assert list(kept.iterdir()) == []


class Page:
    """The page in a browser, and what is done with it."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.browser = address, Browser(str(folder))
        for domain in ("Network", "Log", "Runtime", "DOM"):
            self.browser.call(f"{domain}.enable")
        self.open(1280, "light")

    def open(self, width: int, scheme: str) -> None:
        self.browser.open(self.address, width, scheme)
        self.wait("document.querySelector('textarea')")

    def value(self, expression: str) -> Any:
        return self.browser.value(expression)

    def wait(self, expression: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.value(f"!!({expression})"):
            assert time.monotonic() < end, expression
            time.sleep(0.05)

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            text = {"Enter": "\r", " ": " "}.get(key, "")
            for kind in ("keyDown", "keyUp"):
                told = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
                self.browser.call("Input.dispatchKeyEvent", **told, **({"text": text} if kind == "keyDown" else {}))

    def type(self, text: str) -> None:
        """Into the description, in the place of what stands there."""
        self.value(
            "(() => { const one = [...document.querySelectorAll('textarea')].at(-1); one.focus(); one.select() })()"
        )
        self.browser.call("Input.insertText", text=text)

    def tab_to(self, matching: str) -> None:
        """By keyboard to what is meant."""
        for _ in range(60):
            self.press("Tab")
            if self.value(f"document.activeElement.matches({json.dumps(matching)})"):
                return
        raise AssertionError(matching)

    def ask(self, text: str) -> None:
        self.value("document.querySelectorAll('.answers .bars, .refusal').forEach((one) => one.remove())")
        self.type(text)
        self.tab_to("button.primary")
        self.press("Enter")
        self.wait("document.querySelector('.bars, .refusal')")

    def send(self, file: Path) -> str:
        """What is told of a table."""
        self.value("document.querySelector('form.table .told').textContent = ''")
        document = self.browser.call("DOM.getDocument")["root"]["nodeId"]
        field = self.browser.call("DOM.querySelector", nodeId=document, selector="#table-file")["nodeId"]
        self.browser.call("DOM.setFileInputFiles", files=[str(file)], nodeId=field)
        self.value("document.querySelector('form.table button').focus()")
        self.press("Enter")
        self.wait("!['', 'Reading …'].includes(document.querySelector('form.table .told').textContent)")
        told: str = self.value("document.querySelector('form.table .told').textContent")
        return told

    def events(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.browser.events if event.get("method") == method]


@pytest.fixture(scope="module")
def page(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium")
    opened = Page(address, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.browser.close()


def test_a_description_is_typed_and_two_models_answer(
    page: Page, baseline_run: RunFolder, finished_run: RunFolder
) -> None:
    page.ask(TEXT)
    said = page.value("[...document.querySelectorAll('.said')].map((one) => one.textContent.trim().split(', '))")
    expected = [genre.load(run.path).predict([TEXT])[0] for run in (baseline_run, finished_run)]
    assert list(map(sorted, said)) == list(map(sorted, expected))
    lefts = page.value("[...document.querySelectorAll('.bars')].map((one) => one.getBoundingClientRect().left)")
    assert lefts[0] + 300 < lefts[1]
    assert page.value("document.querySelectorAll('.bars')[0].children.length") == 21


def test_words_are_marked_for_the_genre_under_the_pointer_and_the_focus(page: Page) -> None:
    page.open(1280, "light")
    page.ask(TEXT)
    page.tab_to("button.secondary")
    page.press("Enter")
    page.wait("document.querySelectorAll('.words').length === 2")
    page.wait("document.querySelector('.told').textContent")
    first = page.value("document.querySelector('.told').textContent")
    where = page.value(
        "(() => { const box = document.querySelectorAll('.bar')[4].getBoundingClientRect(); return [box.x + 5, box.y + 5] })()"
    )
    page.browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=where[0], y=where[1])
    label = page.value("document.querySelectorAll('.bar')[4].dataset.label")
    page.wait(f"document.querySelector('.told').textContent.includes({json.dumps(label)})")
    assert first != page.value("document.querySelector('.told').textContent")
    page.value("document.querySelector('.bar').focus()")
    assert page.value("document.querySelector('.told').textContent") == first
    marked = page.value("[...document.querySelectorAll('.answer')][0].querySelectorAll('.words .for').length")
    assert marked == first.count(",") + 1
    page.press("Tab")  # to the next bar
    assert page.value("document.activeElement === document.querySelectorAll('.bar')[1]")


def test_a_table_is_sent_and_its_answer_saved(page: Page, baseline_run: RunFolder, tmp_path: Path) -> None:
    page.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path / "saved"))
    films = pd.DataFrame(
        {"title": ["Noon", "", ""], "description": [TEXT, "", "Singers sing."], "year": ["1", "2", "3"]}
    )
    films.to_csv(tmp_path / "films.csv", index=False)
    assert page.send(tmp_path / "films.csv") == "3 rows, 1 of them without genres: predicted_films.csv"
    saved, end = tmp_path / "saved" / "predicted_films.csv", time.monotonic() + 30
    while not saved.is_file():
        assert time.monotonic() < end
        time.sleep(0.05)
    answer = pd.read_csv(saved, dtype=str, keep_default_na=False)
    assert answer["year"].tolist() == ["1", "2", "3"]
    expected = genre.load(baseline_run.path).predict(films)
    assert answer["predicted_genres"].tolist() == ["|".join(labels) for labels in expected]


def test_what_is_no_table_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    (tmp_path / "films.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    assert "films.csv: " in page.send(tmp_path / "films.csv")
    assert page.value("document.querySelector('form.table .told').classList.contains('failed')")
    (tmp_path / "large.csv").write_bytes(b"a" * 10_000_001)
    assert page.send(tmp_path / "large.csv") == "large.csv: has 10.0 MB; at most 10 MB are taken here."


def test_a_text_that_is_too_long_is_refused_in_words(page: Page) -> None:
    page.ask("war " * 5_001)
    told = page.value("document.querySelector('[role=alert]').textContent")
    assert told == "Not predicted. text: has 20,004 characters; 20,000 are read here at most, shorten it"
    page.ask(TEXT)
    assert page.value("document.querySelectorAll('.bars').length") == 2


def test_thresholds_are_moved_by_keyboard(page: Page) -> None:
    page.open(1280, "light")
    page.ask(TEXT)
    before = page.value("document.querySelectorAll('.bar.given').length")
    page.value("document.querySelector('input[type=range]').focus()")
    page.press("ArrowRight", 8)
    page.wait("document.body.textContent.includes('raised by 2.00')")
    page.wait(f"document.querySelectorAll('.bar.given').length < {before}")
    cells = page.value(
        "[...document.querySelectorAll('.answer caption ~ tbody tr:nth-child(2)')].map((row) => row.textContent)"
    )
    assert all(cell.startswith("recall") for cell in cells)
    now, chosen = (
        page.value(f"Number(document.querySelectorAll('.answer caption ~ tbody tr:nth-child(2) td')[{n}].textContent)")
        for n in (1, 0)
    )
    assert now < chosen


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_screen_and_can_be_read(width: int, scheme: str, page: Page) -> None:
    page.open(width, scheme)
    page.ask(TEXT)
    assert page.value("document.documentElement.scrollWidth") <= width
    least, text = measured(page.browser)[0]
    assert least >= ENOUGH, text
    ground = page.value("getComputedStyle(document.querySelector('.answer')).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}[scheme]


def test_an_example_is_a_button(page: Page) -> None:
    page.open(1280, "light")
    page.value("[...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Cellar').focus()")
    page.press("Enter")
    page.wait("document.querySelectorAll('.bars').length === 2")
    assert page.value("[...document.querySelectorAll('textarea')].at(-1).value").startswith("In an empty house")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"data": null, "fn_index": 0}',
        '{"data": [1], "fn_index": 0, "session_hash": "a"}',
        '{"data": [{}, [], "x"], "fn_index": 0, "session_hash": "b"}',
        '{"data": ["a", "b", 0], "fn_index": 999999, "session_hash": "c"}',
        '{"data": ["a", "b", 1e999], "fn_index": -1, "session_hash": {}}',
        f'{{"data": [{"[" * 2_000}{"]" * 2_000}], "fn_index": 0, "session_hash": "d"}}',
        "x" * 300_000,
    ],
)
def test_malformed_requests_of_the_page_harm_nobody(body: str, address: str) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/upload", "/gradio_api/reset"):
        status, _ = asked(address, "POST", path, body)
        assert 200 <= status < 500
    status, answer = asked(address, "POST", "/api/predict", json.dumps({"text": TEXT}))
    assert status == 200
    assert json.loads(answer)["labels"]


def asked(address: str, method: str, path: str, body: str) -> tuple[int, bytes]:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.request(method, path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def test_the_page_of_the_documentation_says_what_programs_can_ask(address: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl")
    pd.DataFrame({"title": [""], "description": [TEXT]}).to_csv(tmp_path / "films.csv", index=False)
    lines = [line for block in blocks(DOCS / "how-to" / "serve-a-model.md") for line, _ in block.commands]
    asked = [line for line in lines if line.startswith("curl ")]
    assert len(asked) == 3
    for line in asked:
        words = shlex.split(line.replace("http://", "").replace("localhost:7860", address))
        done = subprocess.run([*words, "--fail", "-sS"], cwd=tmp_path, capture_output=True, check=True)
        assert "-o" in words or json.loads(done.stdout)
    assert pd.read_csv(tmp_path / "predicted.csv")["predicted_genres"].notna().all()


def test_nothing_is_asked_of_anybody_else(page: Page, address: str) -> None:
    """The last one: of all that the tests before it have done."""
    asked = [event["request"]["url"] for event in page.events("Network.requestWillBeSent")]
    assert len(asked) > 50
    assert [url for url in asked if not url.startswith((f"{address}/", "data:", f"blob:{address}/"))] == []
    policy = [event["entry"]["text"] for event in page.events("Log.entryAdded")]
    assert [text for text in policy if "Content Security Policy" in text] == []
    assert page.events("Runtime.exceptionThrown") == []
