import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.data.labels import join_genres, label_matrix
from genre.errors import UserError
from genre.genres import GENRES, canonical_genre, parse_genres


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
    matrix = label_matrix("|".join(film) for film in films)
    assert matrix.shape == (len(films), 21)
    assert [set(filter(None, join_genres(row).split("|"))) for row in matrix] == films
    assert np.array_equal(matrix.sum(axis=1), [len(film) for film in films])
