"""Rows of several files to one per film."""

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genre.errors import UserError
from genre.imdb.genres import GENRES, unsaid_genres
from genre.imdb.merge import merge_films, whole_files
from genre.imdb.raw import raw_files, read_raw

PLAIN: dict[str, Any] = {"counted": (), "whole": (), "cell_size": None}  # of what the cells say alone
FILES: dict[str, Any] = PLAIN | {"counted": GENRES}
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
        **PLAIN,
    )
    assert merged.to_dict("records") == [
        {
            "movie_id": "t1",
            "title": "A",
            "year": "1949",
            "description": "A text.",
            "genres": "Action|Drama|War",
            "cells": "Action|Drama|War",
            "unknown": "",
            "rows": "3",
        },
        {
            "movie_id": "t2",
            "title": "B",
            "year": "",
            "description": "Short.",
            "genres": "Drama",
            "cells": "Drama",
            "unknown": "",
            "rows": "1",
        },
    ]


def test_the_genre_of_the_file_counts_when_asked_for() -> None:
    film = rows(("t1", "A", "", "Drama", "A text.", "History"), ("t2", "B", "", "Drama", "A text.", ""))
    assert merge_films(film, **FILES)["genres"].tolist() == ["Drama|History", "Drama"]


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
    assert merge_films(rows(("t1", "A", "", cell, "x", "")), **PLAIN)["genres"].tolist() == [genres]


def test_an_unknown_genre_is_refused() -> None:
    with pytest.raises(UserError, match="'Dance' is no genre"):
        merge_films(rows(("t1", "A", "", "Drama, Dance", "x", "")), **PLAIN)


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
    first, second = (merge_films(rows(*order), **FILES) for order in (films, shuffled))
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
    merged = merge_films(read_raw(files), **PLAIN)
    assert merged["genres"].tolist() == ["Drama|War", "War"]
    assert merged["description"].tolist() == ["Two!.", "Three."]


@pytest.mark.parametrize(
    ("cell", "size", "unsaid"),
    [
        ("Drama, History, Thriller", 3, ["War", "Western"]),
        ("Drama, History", 3, []),  # it has room
        ("Drama, History, Western", 3, []),
        ("Animation, Action, Sport", 3, ["Thriller", "War", "Western"]),  # not in order
        ("Drama, Romance, Musical", 3, ["Sci-Fi", "Sport", "Thriller", "War", "Western"]),  # the last in the alphabet
        ("Documentary, Short, Action", 3, ["Sport", "Thriller", "War", "Western"]),  # what is dropped takes its place
        ("Drama, drama, History", 3, []),  # twice the same
        ("Drama, History, Thriller", None, []),
        ("Thriller", 1, ["War", "Western"]),
    ],
)
def test_a_full_cell_says_nothing_of_what_comes_after_its_last_genre(
    cell: str, size: int | None, unsaid: list[str]
) -> None:
    assert unsaid_genres(cell, ",", size) == unsaid


def test_what_is_unknown_of_a_film() -> None:
    full = "Action, Drama, Romance"  # Sci-Fi, Sport, Thriller, War and Western may be missing
    films = rows(
        ("t1", "A", "", full, "A text.", "Action"),
        ("t2", "B", "", full, "A text.", "Sport"),  # its file says Sport
        ("t3", "C", "", full, "A text.", "Action"),  # another row of the same film has room
        ("t3", "C", "", "Action, Drama", "A text.", "Drama"),
        ("t4", "D", "", full, "A text.", "Action"),  # another row has other names in its full cell
        ("t4", "D", "", "Drama, Romance, Thriller", "A text.", "Drama"),
    )
    told = merge_films(films, counted=GENRES, whole=["War"], cell_size=3).set_index("movie_id")
    assert told["unknown"].tolist() == ["Sci-Fi|Sport|Thriller|Western", "Sci-Fi|Thriller|Western", "", "Western"]
    assert told.loc["t2", ["genres", "cells"]].tolist() == ["Action|Drama|Romance|Sport", "Action|Drama|Romance"]
    some = merge_films(films, counted=["Drama"], whole=[], cell_size=3).set_index("movie_id")
    assert some.loc["t2", ["genres", "unknown"]].tolist() == [
        "Action|Drama|Romance",
        "Sci-Fi|Sport|Thriller|War|Western",
    ]


def test_a_file_is_measured_by_what_other_files_name() -> None:
    films = rows(
        ("t1", "A", "", "Drama, War", "x", "War"),
        ("t1", "A", "", "Drama, War", "x", "Drama"),
        ("t2", "B", "", "Drama, War", "x", "War"),  # not in the file of dramas
        ("t3", "C", "", "Sport", "x", "Sport"),  # no other file names sport
        ("t4", "D", "", "War", "x", ""),  # a file of no genre counts as another file
        ("t5", "E", "", "Drama", "x", "Drama"),
    )
    assert whole_files(films) == {"Drama": 0.5, "War": 0.5}


@pytest.mark.skipif("GENRE_RAW" not in os.environ, reason="GENRE_RAW names no folder of IMDb's files")
def test_of_the_real_files_one_is_cut_short() -> None:
    shares = whole_files(read_raw(raw_files(Path(os.environ["GENRE_RAW"]))))
    assert {genre for genre, share in shares.items() if share < 0.99} == {"Action"}
