"""Rows of several files to one per film."""

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genre.errors import UserError
from genre.imdb.merge import merge_films
from genre.imdb.raw import read_raw

HEADER = "movie_id,movie_name,year,genre,description\n"


def rows(*films: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(films, columns=["movie_id", "movie_name", "year", "genre", "description", "file"])


def test_rows_of_one_film_are_united() -> None:
    cut = "A longer one that is cut ...                See full summary\xa0»"
    merged = merge_films(
        rows(
            ("t2", "B", "II", "Drama", "Short.", "Drama"),
            ("t1", "A", "", "Drama, War", "Add a Plot", "War"),
            ("t1", "A", "1950", "Action, Drama", "A text.", "Action"),
            ("t1", "A\n", "1949", "Drama", cut, "History"),
        ),
        file_genre=False,
    )
    assert merged.to_dict("records") == [
        {
            "movie_id": "t1",
            "title": "A",
            "year": "1949",
            "description": "A text.",
            "genres": "Action|Drama|War",
            "rows": "3",
        },
        {"movie_id": "t2", "title": "B", "year": "", "description": "Short.", "genres": "Drama", "rows": "1"},
    ]


def test_the_genre_of_the_file_counts_when_asked_for() -> None:
    film = rows(("t1", "A", "", "Drama", "A text.", "History"), ("t2", "B", "", "Drama", "A text.", ""))
    assert merge_films(film, file_genre=True)["genres"].tolist() == ["Drama|History", "Drama"]


@pytest.mark.parametrize(
    ("cell", "genres"),
    [
        ("Sports, SciFi", "Sci-Fi|Sport"),
        ("sci fi,FILM NOIR", "Film-Noir|Sci-Fi"),
        ("Musical, Music", "Music|Musical"),
        ("Drama, Reality-TV, News", "Drama"),
        ("Short", ""),
    ],
)
def test_genres_in_all_spellings(cell: str, genres: str) -> None:
    assert merge_films(rows(("t1", "A", "", cell, "x", "")), file_genre=False)["genres"].tolist() == [genres]


def test_an_unknown_genre_is_refused() -> None:
    with pytest.raises(UserError, match="'Dance' is no genre"):
        merge_films(rows(("t1", "A", "", "Drama, Dance", "x", "")), file_genre=False)


film_rows = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2", "t3"]),
        st.sampled_from(["A", "B", " A"]),
        st.sampled_from(["", "I", "1950", "1951"]),
        st.sampled_from(["Drama", "Action, Drama", "News", ""]),
        st.sampled_from(["Add a Plot", "One.", "Two.", "One. ", "Longer one.", "x ... See full summary\xa0»", ""]),
        st.sampled_from(["Drama", "War", ""]),
    ),
    min_size=1,
    max_size=8,
)


@given(film_rows, st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_the_order_of_rows(films: list[tuple[str, ...]], random) -> None:
    shuffled = list(films)
    random.shuffle(shuffled)
    first, second = (merge_films(rows(*order), file_genre=True) for order in (films, shuffled))
    pd.testing.assert_frame_equal(first, second)
    assert first["movie_id"].is_unique
    assert first["rows"].astype(int).sum() == len(films)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_files_changes_nothing(tmp_path: Path, names: list[str]) -> None:
    for name, line in zip(
        names, ["t1,A,1950,Drama,One.\n", "t1,A,1950,War,Two!.\n", "t2,B,,War,Three.\n"], strict=True
    ):
        (tmp_path / f"{name}.csv").write_text(HEADER + line)
    files = sorted(tmp_path.glob("*.csv"), key=os.fspath)
    merged = merge_films(read_raw(files), file_genre=False)
    assert merged["genres"].tolist() == ["Drama|War", "War"]
    assert merged["description"].tolist() == ["Two!.", "Three."]
