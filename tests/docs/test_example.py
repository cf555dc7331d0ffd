"""The comparison that visitors can look at without a run of their own."""

import importlib.util
import re
import socket
from pathlib import Path

from genre.paths import PROJECT_ROOT
from tests.browser import in_browser
from tests.commands import call
from tests.docs.pages import DOCS
from tests.sweeps import SweepRunner

PAGE = DOCS / "examples" / "comparison.html"


def structure(page: str) -> tuple[set[str], dict[str, list[str]]]:
    """Names of a page's parts, and the heads of its tables."""
    tables = re.findall(r'<table id="table-(\w+)".*?</thead>|<table[^>]*id="table-(\w+)".*?</thead>', page, re.DOTALL)
    heads = {}
    for name in filter(None, (name for pair in tables for name in pair)):
        text = page.partition(f'id="table-{name}"')[2].partition("</thead>")[0]
        heads[name] = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<th.*?</th>", text, re.DOTALL)]
    return set(re.findall(r'<section[^>]* id="([\w-]+)"|<h2[^>]* id="([\w-]+)"', page)), heads


def test_it_is_small_and_names_no_machine_and_no_text() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert PAGE.stat().st_size < 1_500_000
    assert not [place for place in ("/work/", "/tmp/", "/root/", "/home/", str(Path.home())) if place in page]
    assert socket.gethostname() not in page
    assert all(target.startswith("#") for target in re.findall(r'<a [^>]*href="([^"]*)"', page))
    films = (PROJECT_ROOT / "data" / "sample" / "raw").glob("*.csv")
    titles = {line.split(",")[1] for file in films for line in file.read_text(encoding="utf-8").splitlines()[1:200]}
    assert not [title for title in titles if len(title) > 12 and title in page]


def test_the_code_writes_such_a_page(finished_sweep: SweepRunner, tmp_path: Path) -> None:
    done = call("compare", f"runs=[{finished_sweep.outputs / 'runs'}]", f"output={tmp_path}", "report.resamples=40")
    assert done.returncode == 0, done.stderr
    spec = importlib.util.spec_from_file_location("example", DOCS / "example.py")
    assert spec
    assert spec.loader
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    ours, theirs = (
        structure(PAGE.read_text(encoding="utf-8")),
        structure(example.alone((tmp_path / "compare.html").read_text())),
    )
    assert theirs[0] <= ours[0], "make example"
    for name, head in theirs[1].items():
        if name == "genres":  # whose columns are runs
            continue
        known = ours[1][name]
        assert [one for one in known if one in head] == [one for one in head if one in known], "make example"
        assert len(set(head) - set(known)) <= 2, "make example"  # the settings in which those runs differ are columns


def test_it_works_in_a_browser(tmp_path: Path) -> None:
    told = in_browser(PAGE, "press('runs', 'run'); told.names = column('runs', 'run').length;", tmp_path)
    assert told["faults"] == []
    assert told["loaded"] == []
    assert told["names"] == 18
