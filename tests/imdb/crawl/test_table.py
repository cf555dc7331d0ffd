"""The table of crawled descriptions."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from genre.errors import UserError
from genre.imdb.crawl import read_crawled
from genre.imdb.crawl.answers import plot_in
from genre.imdb.crawl.table import read_crawled_films, write_crawled


def records(file: Path) -> list[tuple[str, ...]]:
    table = read_crawled(file)
    assert list(table.columns) == ["movie_id", "description", "source"]
    return [tuple(row) for row in table.to_numpy().tolist()]


@pytest.mark.parametrize("identity", ["movie_id", "imdb_id", "id", "tconst"])
@pytest.mark.parametrize("text", ["description", "plot", "crawled_description", "storyline", "summary", "overview"])
def test_names_of_other_tables(tmp_path: Path, identity: str, text: str) -> None:
    file = tmp_path / "crawled.csv"
    file.write_text(f",year,{text},{identity}\n0,1950,A storm.,tt2\n1,1951,A calm.,tt1\n")
    assert records(file) == [("tt1", "A calm.", "crawl"), ("tt2", "A storm.", "crawl")]


def test_the_most_telling_columns_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "crawled.csv"
    file.write_text(
        "id,movie_id,description,crawled_description,source\n0,tt1,Cut ...,Whole.,omdb\n1,tt2,Cut ...,Too.,\n"
    )
    assert records(file) == [("tt1", "Whole.", "omdb"), ("tt2", "Too.", "crawl")]


@given(st.permutations(["tt1,Short.,a", "tt1,Longer.,b", "tt1,Lenger.,b", "tt1,Lenger.,a", "tt2,  ,a", ",Lost.,a"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_longest_text_wins_in_any_order(tmp_path: Path, rows: list[str]) -> None:
    file = tmp_path / "crawled.csv"
    file.write_text("\n".join(["movie_id,plot,source", *rows]) + "\n")
    assert records(file) == [("tt1", "Lenger.", "a")]


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("movie_id,text", "crawled_description, description, plot, storyline, summary or overview"),
        ("film,plot", "movie_id, imdb_id, id or tconst"),
    ],
)
def test_a_table_of_something_else(tmp_path: Path, header: str, accepted: str) -> None:
    file = tmp_path / "crawled.csv"
    file.write_text(f"{header}\nx,y\n")
    with pytest.raises(UserError) as caught:
        read_crawled(file)
    assert str(caught.value) == f"{file}: has the columns {header.replace(',', ', ')}; one of them must be {accepted}"


def test_a_table_without_rows(tmp_path: Path) -> None:
    write_crawled(pd.DataFrame(columns=["movie_id", "title", "description", "source"]), tmp_path / "crawled.csv")
    assert records(tmp_path / "crawled.csv") == []


@given(st.text(st.characters(exclude_categories=()), min_size=1))
@example("a\0b")
@example("a\rb")
@example("\ud800")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_plot_comes_back_from_the_file(tmp_path: Path, settings_of, plot: str) -> None:
    text = plot_in(200, json.dumps({"Plot": plot}).encode(), settings_of("http://host/{movie_id}"))
    if text is None:
        return
    films = pd.DataFrame({"movie_id": ["tt1", "tt2"], "title": "A, B", "description": [text, "x"], "source": "omdb"})
    write_crawled(films.assign(title="A,\rB"), tmp_path / "crawled.csv")
    pd.testing.assert_frame_equal(read_crawled_films(tmp_path / "crawled.csv"), films, check_dtype=False)
