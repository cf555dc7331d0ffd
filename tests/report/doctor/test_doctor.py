"""The search for wrong labels from a run to the page, and from the page's corrections to the next run."""

import base64
import hashlib
import html.parser
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.report import document
from genre.report.doctor import examine
from genre.runs import RunFolder
from genre.training import train_baseline
from tests.corpora import corpus_of

WORDS = {
    "Sea": "ship sailor storm harbour anchor captain wave island mast whale".split(),
    "War, cold": "soldier trench general battle front army rifle siege truce bunker".split(),
    'The "West"': "sheriff saddle ranch outlaw cattle saloon horse canyon posse spur".split(),
}
LABELS = list(WORDS)
EVIL = """</script><script>alert("t")</script><img src=x onerror=alert(1)>'"&lt;<!--"""
IDS = {0: 'tt"0",\n0', 1: "<b>tt1</b>", 2: "</script>tt2", 3: "=tt3", 4: " tt4"}
PLANTED = {10: ("Sea", 0), 33: ('The "West"', 0), 50: ("Sea", 1), 47: ("War, cold", 1)}


def movie_id(row: int) -> str:
    return IDS.get(row, f"tt{row}")


def write_films(file: Path) -> None:
    """Films whose words tell their one or two labels, a few cells turned round, and titles that are no one's friends."""
    random = np.random.default_rng(0)
    rows = []
    for row in range(120):
        true = {LABELS[row % 3], LABELS[row // 3 % 3]}
        words = [word for label in LABELS if label in true for word in random.choice(WORDS[label], 5, replace=False)]
        words += random.choice("one two friend night town road letter".split(), 3, replace=False).tolist()
        said = {label: int(label in true) for label in LABELS} | dict([PLANTED[row]] if row in PLANTED else [])
        shown = {"id": movie_id(row), "title": f"{EVIL} {row}", "year": "1950", "text": f"{' '.join(words)} {row}"}
        rows.append(shown | said)
    pd.DataFrame(rows).to_csv(file, index=False)


def settings(folder: Path, *overrides: str) -> list[str]:
    fixed = [
        f"data.file={folder}/films.csv",
        "data.text=[text]",
        f"data.labels_from=[{','.join(json.dumps(label) for label in LABELS)}]",
        "data.id=id",
        f"data.dir={folder}/products",
        f"paths.outputs={folder}/outputs",
        *("features=bow", "features.tokens=words", "features.min_df=1", "features.char_ngrams=null"),
        *("baseline.C=[1]", "logger=csv", "report.resamples=40", "report.plots=false"),
    ]
    return ["data=table", *fixed, *overrides]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doctor")
    write_films(folder / "films.csv")
    return folder


@pytest.fixture(scope="module")
def run(folder: Path) -> RunFolder:
    """A finished run with a cross-validation; read it, do not change it."""
    return train_baseline(compose("baseline", settings(folder, "cv=4")))


@pytest.fixture(scope="module")
def examined(run: RunFolder, folder: Path) -> Path:
    _, output = examine(compose("doctor", [f"run={run.path}", f"paths.outputs={folder}/outputs"]))
    assert output == folder / "outputs" / "reports" / "doctor" / run.path.name
    return output


class Page(html.parser.HTMLParser):
    """What a page says, its elements with their attributes, and what stands in its scripts."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.said = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._script = False
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        self._script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts.append(data)
        else:
            self.said += data

    @property
    def content(self) -> dict[str, list[list[object]]]:
        return json.loads(self.scripts[0])


def corrections_of(page: Page, marks: dict[tuple[str, str], int]) -> str:
    """The file that the page saves, see `corrections` in doctor.js."""

    def cell(value: object) -> str:
        text = str(value)
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\r\n]', text) else text

    asked = [(film, genre) for film, genre in page.content["asked"]]
    rows = [*page.content["decided"], *([*one, marks[one]] for one in asked if one in marks)]
    return "".join(",".join(map(cell, row)) + "\n" for row in [["movie_id", "genre", "value"], *rows])


def test_planted_errors_come_first(examined: Path) -> None:
    table = pd.read_csv(examined / "suggestions.csv", dtype={"movie_id": str}, keep_default_na=False)
    assert list(table) == [
        *("movie_id", "title", "year", "genre", "kind", "state", "probability", "margin", "rank", "description")
    ]
    for kind, said in (("missing", 0), ("wrong", 1)):
        best = table[(table["kind"] == kind) & (table["rank"] <= 2)]
        expected = {(movie_id(row), label) for row, (label, value) in PLANTED.items() if value == said}
        assert set(zip(best["movie_id"], best["genre"], strict=True)) == expected
    assert set(table["title"].str[: len(EVIL)]) == {EVIL}
    genres = pd.read_csv(examined / "genres.csv")
    assert genres["genre"].tolist() == LABELS
    assert (genres["suggested_missing"] + genres["suggested_wrong"]).sum() == len(table)


def test_titles_and_ids_are_no_markup_and_nothing_is_loaded(run: RunFolder, folder: Path) -> None:
    _, output = examine(compose("doctor", [f"run={run.path}", "limit=10000", f"output={folder}/whole"]))
    page = Page(output / "doctor.html")
    table = pd.read_csv(output / "suggestions.csv", dtype={"movie_id": str}, keep_default_na=False)
    tags = [tag for tag, _ in page.elements]
    assert not set(tags) & {"img", "link", "iframe", "object", "a", "form", "base"}
    assert tags.count("script") == len(page.scripts) == 2
    assert tags.count("b") == tags.count("article") == len(table)
    for _, attributes in page.elements:
        assert not {"src", "href", "srcset", "style"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert page.said.count(EVIL) == len(table)
    assert page.content["asked"] == [list(pair) for pair in zip(table["movie_id"], table["genre"], strict=True)]
    text = (output / "doctor.html").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|url\(|@import|https?:", text)


def test_the_page_allows_its_own_script_alone(examined: Path) -> None:
    page = Page(examined / "doctor.html")
    (policy,) = [each["content"] for tag, each in page.elements if tag == "meta" and "http-equiv" in each]
    assert str(policy).startswith("default-src 'none';")
    digest = base64.b64encode(hashlib.sha256(page.scripts[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in str(policy)


def test_a_page_shows_the_best_with_two_buttons_each(run: RunFolder, folder: Path) -> None:
    _, output = examine(compose("doctor", [f"run={run.path}", "limit=3", f"output={folder}/few"]))
    page = Page(output / "doctor.html")
    articles = [each for tag, each in page.elements if tag == "article"]
    assert [each["class"] for each in articles] == ["missing", "wrong", "missing"]
    marks = [
        (each["data-mark"], each["data-value"])
        for tag, each in page.elements
        if tag == "button" and "data-mark" in each
    ]
    missing, wrong = [("right", "1"), ("wrong", "0")], [("right", "0"), ("wrong", "1")]
    assert marks == [*missing, *wrong, *missing]


def test_saved_corrections_make_the_next_run(examined: Path, folder: Path) -> None:
    page = Page(examined / "doctor.html")
    marks = {(movie_id(row), label): 1 - said for row, (label, said) in PLANTED.items()}
    file = folder / "corrections.csv"
    file.write_text(corrections_of(page, marks), encoding="utf-8")
    assert len(pd.read_csv(file)) == len(PLANTED)
    corrected = settings(folder, "cv=4", f"data.corrections={file}")
    again = train_baseline(compose("baseline", corrected))
    corpus = corpus_of(again.config().data)
    rows = {name: row for row, name in enumerate(corpus.table["movie_id"])}
    for (film, label), value in marks.items():
        assert corpus.labels[rows[film], LABELS.index(label)] == value
    # what is decided is not asked again, and saved along with what comes
    _, output = examine(compose("doctor", [f"run={again.path}", f"output={folder}/again"]))
    later = Page(output / "doctor.html")
    assert {(film, genre): value for film, genre, value in later.content["decided"]} == marks
    assert not {(film, genre) for film, genre in later.content["asked"]} & set(marks)
    assert set(corrections_of(later, {}).splitlines()) == set(file.read_text(encoding="utf-8").splitlines())
    file.write_text("movie_id,genre,value\n", encoding="utf-8")
    with pytest.raises(UserError, match="its data or the corrections of them have changed since; train it again"):
        examine(compose("doctor", [f"run={again.path}", f"output={folder}/again"]))


def test_odd_ids_and_labels_are_saved_as_they_are(folder: Path, tmp_path: Path) -> None:
    cells = [[film, label, 1] for film in IDS.values() for label in LABELS]
    page = Page.__new__(Page)
    page.scripts = [json.dumps({"asked": [], "decided": cells})]
    (tmp_path / "corrections.csv").write_text(corrections_of(page, {}), encoding="utf-8", newline="")
    cfg = compose("baseline", settings(folder, f"data.corrections={tmp_path}/corrections.csv")).data
    corpus = corpus_of(cfg)
    rows = [corpus.table["movie_id"].tolist().index(film) for film in IDS.values()]
    assert corpus.labels[rows].all()


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
def test_the_page_writes_cells_as_is_assumed_here() -> None:
    script = (Path(document.__file__).parent / "doctor" / "doctor.js").read_text(encoding="utf-8")
    (line,) = re.findall(r"^const cell = .*;$", script, re.MULTILINE)
    values: Sequence[object] = [*IDS.values(), *LABELS, "a\rb", "", 1, 0]
    program = f"{line}\nconsole.log(JSON.stringify({json.dumps(values)}.map(cell)))"
    told = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout
    page = Page.__new__(Page)
    page.scripts = [json.dumps({"asked": [], "decided": [[value] for value in values]})]
    expected = corrections_of(page, {})
    assert "".join(f"{cell}\n" for cell in json.loads(told)) == expected.partition("\n")[2]


def test_data_that_are_gone(run: RunFolder, folder: Path, tmp_path: Path) -> None:
    away = folder / "away.csv"
    (folder / "films.csv").rename(away)
    try:
        with pytest.raises(UserError, match=r"its data, from which the texts are read, are gone: .*films.csv"):
            examine(compose("doctor", [f"run={run.path}", f"output={tmp_path}/x"]))
    finally:
        away.rename(folder / "films.csv")


def test_a_folder_that_holds_something_else(run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(UserError, match=r"holds letter.txt, which is no part of a search for wrong labels"):
        examine(compose("doctor", [f"run={run.path}", f"output={tmp_path}"]))
