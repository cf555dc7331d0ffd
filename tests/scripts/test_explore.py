"""The data report of the sample, by a real process."""

import html.parser
import re
from pathlib import Path

import pandas as pd
from PIL import Image

from genre.config import compose
from genre.report.explore import explore
from tests.commands import call

GENRES = ["Drama", "Comedy", "Horror", "War", "Sport"]


class Page(html.parser.HTMLParser):
    """What a page loads or points to, and which of its elements are not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.open += [] if tag in ("meta", "img", "input") else [tag]
        self.links += [value for name, value in attributes if name in ("src", "href", "srcset", "data")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def content(folder: Path) -> dict[str, bytes]:
    """All files, of the page without what it says of how it was made."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return files | {"report.html": re.sub(rb"<footer>.*</footer>", b"", files["report.html"], flags=re.DOTALL)}


def test_the_report_of_the_sample(tmp_path: Path) -> None:
    # five genres are drawn in a quarter of the time of 21
    settings = [f"data.genres=[{','.join(GENRES)}]", f"paths.outputs={tmp_path}"]
    done = call("explore", *settings, warnings="error")
    assert done.returncode == 0, done.stderr
    report = tmp_path / "reports" / "explore_clean"
    assert done.stdout.splitlines()[-2] == f"Report: {report / 'report.html'}"

    names = {path.stem for path in (report / "tables").iterdir()}
    expected = {"funnel", "genres", "genres_per_film", "lengths", "gaps_by_genre", "gaps_by_year", "years", "words"}
    assert names >= expected | {f"cooccurrence_{kind}" for kind in ("counts", "by_row", "by_column")} | {"duplicates"}
    assert pd.read_csv(report / "tables" / "genres.csv")["genre"].tolist() == GENRES
    pictures = sorted((report / "plots").glob("*.png"))
    assert {"funnel", "genres", "lengths", "words", "years"} <= {picture.stem for picture in pictures} <= names
    for picture in pictures:
        with Image.open(picture) as image:
            image.verify()
        assert "<text" in picture.with_suffix(".svg").read_text()  # letters that can be searched, no outlines

    text = (report / "report.html").read_text()
    page = Page(text)
    assert page.open == []
    assert {link.partition(":")[0] for link in page.links if not link.startswith("#")} == {"data"}
    assert not re.search(r"url\(|@import", text)
    footer = " ".join(text.partition("<footer>")[2].partition("</footer>")[0].split())
    assert "<dt>Command</dt><dd>python scripts/explore.py &#39;data.genres=[" in footer
    assert re.search(r"<dt>Data</dt><dd>fingerprint \w{10}</dd> <dt>Date</dt><dd>20\d\d-", footer)

    # another process, another time, the same bytes
    first = content(report)
    explore(compose("explore", settings))
    assert content(report) == first


def test_a_mistake_ends_with_one_line_and_code_2(tmp_path: Path) -> None:
    done = call("explore", "which=dirty", f"paths.outputs={tmp_path}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: which=dirty: must be raw or clean\n"
