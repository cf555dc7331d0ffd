"""`scripts/explain.py` as a person calls it."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import genre
from genre.runs import RunFolder
from tests.commands import call

TEXT = "A sheriff [b]rides[/b] <b>out</b> \x1b[31mof\x1b[0m retirement; love, love."
ESCAPES = re.compile(r"\x1b\[[\d;]*m")


def test_words_without_a_terminal(baseline_run: RunFolder) -> None:
    done = call("explain", f"run={baseline_run.path}", f"text={TEXT}", "title=Duel", "labels=[Western,Romance]")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    note, blank, western, for_it, against, *_ = done.stdout.splitlines()
    assert "log odds" in note
    assert not blank
    assert re.fullmatch(r"Western 0\.\d\d, with nothing 0\.\d\d; completeness error \S+", western)
    assert re.match(r"  for      (\S+ \+\d\.\d{3}(, )?)+$", for_it)
    assert "sheriff" in for_it + against
    assert done.stdout.count("love +") + done.stdout.count("love -") >= 2  # of Romance each of both


@pytest.mark.parametrize("forbidden", [False, True])
def test_a_terminal_shows_colours_unless_they_are_forbidden(baseline_run: RunFolder, forbidden: bool) -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "200"}
    terminal |= {"NO_COLOR": "1"} if forbidden else {}
    done = call("explain", f"run={baseline_run.path}", f"text={TEXT}", "labels=[Western]", **terminal)
    assert done.returncode == 0, done.stderr
    tinted = re.search(r"\x1b\[30;48;2;\d+;\d+;\d+m(\S+?)\x1b\[0m", done.stdout)
    assert (tinted is None) == forbidden
    plain = ESCAPES.sub("", done.stdout)
    assert "\x1b" not in plain
    assert (r"A sheriff [b]rides[/b] <b>out</b> \x1b[31mof\x1b[0m retirement; love, love." in plain) != forbidden


def test_a_file_becomes_a_page_or_json_lines(baseline_run: RunFolder, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    texts = ["A <script>alert(1)</script> sheriff & a duel", "", "Two lovers dance."]
    pd.DataFrame({"title": ["A", "", "B"], "description": texts, "id": ["007", "8", "9"]}).to_csv(source, index=False)
    page = call("explain", f"run={baseline_run.path}", f"input={source}", f"output={tmp_path}/out.html")
    assert page.returncode == 0, page.stderr
    assert page.stdout == f"Explained: {tmp_path}/out.html\n"
    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert html.count("<article>") == 3
    assert "alert(1)" in html
    assert "<script>alert" not in html
    assert "Nothing is predicted of it: no text." in html
    assert not re.search(r"(?:src|href)=\"(?!data:)", html)
    lines = call("explain", f"run={baseline_run.path}", f"input={source}", f"output={tmp_path}/out.jsonl")
    assert lines.returncode == 0, lines.stderr
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["row"]["id"] for row in rows] == ["007", "8", "9"]
    assert [row["not_explained"] for row in rows] == ["", "no text", ""]
    predicted = genre.load(baseline_run.path).predict(pd.DataFrame({"title": ["B"], "description": texts[2:]}))
    assert [[label["label"] for label in rows[2]["labels"]]] == predicted
    assert rows[2]["words"] == ["B", "Two", "lovers", "dance"]
    assert all(len(label["weights"]) == 4 for label in rows[2]["labels"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], 'give either text="..." or input=FILE'),
        (["text=a", "method=shap"], "method=shap: must be one of auto, gradients, occlusion"),
        (["text=a", "labels=[Dram]"], "labels: the model knows no 'Dram'; did you mean 'Drama'?"),
        (["text=12"], "there is nothing to explain (no text)"),
        (["input=x.csv"], "input=FILE and output=FILE go together"),
        (["input=x.csv", "output=x.pdf"], "output=x.pdf: in which format? Its name must end in .html, a page, or .jsonl"),
        (["input=/nowhere.csv", "output=x.html"], "/nowhere.csv"),
    ],
)  # fmt: skip
def test_mistakes_end_with_one_line(arguments: list[str], told: str, baseline_run: RunFolder) -> None:
    done = call("explain", f"run={baseline_run.path}", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert told in done.stderr
