"""Sets of labels as matrices."""

import numpy as np
import pytest

from genre.data.labels import distinct_rows, join_labels, label_like, label_matrix
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


@pytest.mark.parametrize("labels", [2, 8, 21, 64, 70, 300])
def test_different_rows_are_told_apart_and_ordered(labels: int) -> None:
    random = np.random.default_rng(labels)
    matrix = (random.random((400, labels)) < 3 / labels).astype(np.uint8)
    first, place = distinct_rows(matrix)
    assert len(first) == len({row.tobytes() for row in matrix})
    assert np.array_equal(matrix[first][place], matrix)
    numbers = [int("".join(map(str, row[::-1])), 2) for row in matrix[first]]  # of any size
    assert numbers == sorted(numbers)
