"""Sets of labels as matrices."""

import pytest

from genre.data.labels import join_labels, label_like, label_matrix
from genre.errors import UserError

NAMES = ("Drama", "Film-Noir", "War")


def test_a_column_for_each_label() -> None:
    matrix = label_matrix([["War", "Drama"], []], NAMES)
    assert matrix.tolist() == [[1, 0, 1], [0, 0, 0]]
    assert [join_labels(row, NAMES) for row in matrix] == ["Drama|War", ""]


def test_an_unknown_label_is_named() -> None:
    with pytest.raises(UserError, match="'Comedy' is none of the chosen genres"):
        label_matrix([["Comedy"]], NAMES)


@pytest.mark.parametrize(
    ("spelling", "label"), [("film noir", "Film-Noir"), ("FILM_NOIR", "Film-Noir"), ("noir", None)]
)
def test_spellings(spelling: str, label: str | None) -> None:
    assert label_like(spelling, NAMES) == label
