"""The 21 genres and the ways they are written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.config import compose
from genre.data.labels import join_labels
from genre.errors import UserError
from genre.imdb.genres import GENRES, canonical_genre, chosen_genres, genre_matrix, parse_genres


def test_the_genres_and_their_order() -> None:
    assert len(GENRES) == 21
    assert list(GENRES) == sorted(GENRES)


@pytest.mark.parametrize(
    ("spelling", "genre"),
    [
        ("scifi", "Sci-Fi"),
        ("Sci Fi", "Sci-Fi"),
        ("sports", "Sport"),
        ("film-noir", "Film-Noir"),
        ("Film Noir", "Film-Noir"),
        ("MUSICAL", "Musical"),
        ("music", "Music"),
        ("Musik", None),
        ("", None),
    ],
)
def test_spellings(spelling: str, genre: str | None) -> None:
    assert canonical_genre(spelling) == genre


def test_cells_come_out_in_order_without_dropped_genres() -> None:
    assert parse_genres("Drama, News, Action, Drama", ",") == ["Action", "Drama"]
    with pytest.raises(UserError, match="'Drma' is no genre"):
        parse_genres("Drma", ",")


@given(st.lists(st.sets(st.sampled_from(GENRES)), min_size=1))
def test_matrix_and_cells_are_inverse(films: list[set[str]]) -> None:
    matrix = genre_matrix("|".join(film) for film in films)
    assert matrix.shape == (len(films), 21)
    assert [set(filter(None, join_labels(row, GENRES).split("|"))) for row in matrix] == films
    assert np.array_equal(matrix.sum(axis=1), [len(film) for film in films])


@pytest.mark.parametrize(
    ("overrides", "genres"),
    [
        ([], GENRES),
        (["data.genres=[war,drama]"], ("Drama", "War")),
        (["data.genres=[war,drama]", "data.drop_genres=[Drama]"], ("War",)),
        (["data.drop_genres=[scifi]"], tuple(genre for genre in GENRES if genre != "Sci-Fi")),
    ],
)
def test_the_chosen_genres_in_their_order(overrides: list[str], genres: tuple[str, ...]) -> None:
    assert chosen_genres(compose("prepare", overrides).data) == genres


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("data.genres=[Darma]", "data.genres: 'Darma' is no genre; did you mean 'Drama'?"),
        ("data.drop_genres=[News]", "data.drop_genres: 'News' is no genre"),
        (f"data.drop_genres=[{','.join(GENRES)}]", "must be such that a genre is left"),
    ],
)
def test_what_is_no_genre_is_named(override: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        chosen_genres(compose("prepare", [override]).data)
