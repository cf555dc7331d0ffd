"""Films' genres as 0/1 matrices with a column for each genre."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from genre.errors import UserError
from genre.genres import GENRES, parse_genres


def label_rows(films: Iterable[Iterable[str]], genres: Sequence[str] = GENRES) -> npt.NDArray[np.uint8]:
    """Films' genres as a 0/1 matrix (B, L) with a column for each of `genres`.

    Raises:
        UserError: for a film's genre that is none of `genres`.
    """
    column = {genre: position for position, genre in enumerate(genres)}
    rows = [list(film) for film in films]
    matrix = np.zeros((len(rows), len(genres)), dtype=np.uint8)
    for row, film in enumerate(rows):
        for genre in film:
            if genre not in column:
                raise UserError(f"'{genre}' is none of the chosen genres ({', '.join(genres)})")
            matrix[row, column[genre]] = 1
    return matrix


def label_matrix(cells: Iterable[str], genres: Sequence[str] = GENRES) -> npt.NDArray[np.uint8]:
    """Cells of the clean table (`Drama|Film-Noir`) as a 0/1 matrix (B, L)."""
    return label_rows((parse_genres(cell, "|") for cell in cells), genres)


def join_genres(row: npt.ArrayLike, genres: Sequence[str] = GENRES) -> str:
    """One row (L,) of a label matrix as `Drama|Film-Noir`."""
    return "|".join(genre for genre, present in zip(genres, np.asarray(row), strict=True) if present)
