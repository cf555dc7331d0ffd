"""What a file must begin with."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genre.imdb.download.checks import check_clean, check_conllu, check_crawl, check_raw
from genre.imdb.download.fetching import UnusableError
from genre.imdb.raw import NEEDED_COLUMNS

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([*NEEDED_COLUMNS, "rating"]), st.lists(CELLS, min_size=6, max_size=6))
def test_a_table_passes_whatever_its_order_and_its_cells(tmp_path: Path, columns: list[str], row: list[str]) -> None:
    file = tmp_path / "drama.csv"
    with file.open("w", encoding="utf-8", newline="") as content:
        csv.writer(content).writerows([columns, row])
    check_raw(file)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NEEDED_COLUMNS))
def test_a_table_that_lacks_a_column_is_refused(tmp_path: Path, lacking: str) -> None:
    file = tmp_path / "drama.csv"
    file.write_text(",".join(column for column in NEEDED_COLUMNS if column != lacking) + "\n1,2,3,4\n")
    with pytest.raises(UnusableError, match=f"drama.csv lacks the column {lacking}$"):
        check_raw(file)


@pytest.mark.parametrize("name", ["movie_id", "imdb_id", "id", "tconst"])
@pytest.mark.parametrize("text", ["description", "plot", "crawled_description", "storyline", "summary", "overview"])
def test_a_crawl_may_name_its_columns_so(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / "crawl_data.csv"
    file.write_text(f"\ufeff{text},{name}\nA text.,tt1\n", encoding="utf-8")
    check_crawl(file)


@pytest.mark.parametrize("check", [check_raw, check_clean, check_crawl, check_conllu])
@pytest.mark.parametrize("page", ["<!DOCTYPE html>", "\n \n<html>", "\ufeff<HTML>"])
def test_a_web_page_is_none_of_them(tmp_path: Path, page: str, check) -> None:
    file = tmp_path / "file"
    file.write_text(page, encoding="utf-8")
    with pytest.raises(UnusableError, match="^file is "):
        check(file)


def test_a_clean_table_passes(tmp_path: Path) -> None:
    file = tmp_path / "clean_data.csv"
    file.write_text("movie_id,title,year,description,genres,source\ntt1,A,1950,Text.,Drama,kaggle\n")
    check_clean(file)


@pytest.mark.parametrize(
    ("content", "passes"),
    [
        ("# text = Go.\n1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_\n", True),
        ("\n# newdoc id = tt1\n\n# text = Go.\n1-2\tGo\t_\t_\t_\t_\t_\t_\t_\t_\n", True),
        ("", False),
        ("# only a comment\n", False),
        ("movie_id,plot\ntt1,A text.\n", False),
        ("1\tGo\tgo\n", False),
    ],
)
def test_a_conllu_file_begins_with_a_sentence(tmp_path: Path, content: str, passes: bool) -> None:
    file = tmp_path / "conllu_data.conllu"
    file.write_text(content)
    if passes:
        check_conllu(file)
    else:
        with pytest.raises(UnusableError, match="conllu_data.conllu is no CoNLL-U file"):
            check_conllu(file)
