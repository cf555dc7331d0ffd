"""`scripts/prepare.py` as a person calls it."""

import os
import time
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.commands import Command, call, script


def prepare(*arguments: str) -> "CompletedProcess[str]":
    return call("prepare", *arguments)


def started(*arguments: str) -> Command:
    return Command(script("prepare"), arguments, os.environ)


def test_help_names_the_stages_and_groups() -> None:
    told = prepare("--help").stdout
    assert "crawl: imdbapi, omdb, tmdb" in told
    assert "lemmatiser: light, nltk, spacy" in told
    assert "merge, clean, crawl_list, crawl, enrich, lemmatise, conllu" in told


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("stages=[merge,clen]", "stages=['merge', 'clen']: must be a list of some of merge, clean"),
        ("stages=[]", "stages=[]: must be a list of some of"),
        ("data.rules.near_dupes=false", "no such setting in conf/data/sample.yaml; did you mean 'near_duplicate'?"),
        ("data.drop_genres=[Darma]", "data.drop_genres: 'Darma' is no genre; did you mean 'Drama'?"),
        ("data.min_chars=0", "data.min_chars=0: must be at least 1"),
        ("crawl=omdbapi", "crawl=omdbapi: no such file in conf/crawl; did you mean 'imdbapi'?"),
        ("crawl.url=http://x/", "crawl.url=http://x/: must be a template such as https://host/films/{movie_id}"),
        ("data=imdb data.raw=/nowhere", "data.raw=/nowhere: no CSV files there; run `python scripts/download.py`"),
    ],
)
def test_a_mistake_ends_with_one_line(argument: str, message: str, tmp_path: Path) -> None:
    result = prepare(*argument.split(), f"data.dir={tmp_path}")
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_a_broken_file_ends_with_one_line_and_leaves_the_products(tmp_path: Path) -> None:
    raw, products = tmp_path / "raw", tmp_path / "products"
    raw.mkdir()
    header = "movie_id,movie_name,year,genre,description\n"
    (raw / "drama.csv").write_text(f"{header}t1,A,1950,Drama,A long walk into the town.\n")
    arguments = (f"data.raw={raw}", f"data.dir={products}", "data.crawl=null", "stages=[merge,clean]")
    assert prepare(*arguments).returncode == 0
    before = {file.name: file.read_bytes() for file in products.iterdir()}
    (raw / "war.csv").write_text(f"{header}t2,B,1951,War\n")
    result = prepare(*arguments)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "war.csv, line 2: 4 cells where the header has 5" in result.stderr
    assert {file.name: file.read_bytes() for file in products.iterdir()} == before


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    both = [started(f"data.dir={tmp_path}", "stages=[merge,clean,crawl_list,enrich]") for _ in range(2)]
    told = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(text.count("Up to date: merge, clean, crawl_list, enrich") for text in told) == [0, 1]


def test_a_killed_preparation_is_made_good(tmp_path: Path) -> None:
    arguments = ["stages=[merge,clean,crawl_list,enrich]"]
    assert prepare(*arguments, f"data.dir={tmp_path / 'whole'}").returncode == 0
    killed = started(*arguments, f"data.dir={tmp_path / 'killed'}")
    while killed.returncode is None and not (tmp_path / "killed" / "merged.csv").exists():
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    assert prepare(*arguments, f"data.dir={tmp_path / 'killed'}").returncode == 0
    for name in ("merged.csv", "clean_data.csv", "to_crawl.csv", "cleaning_report.json"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
