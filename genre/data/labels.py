"""Sets of labels as 0/1 matrices with a column for each label."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from genre.errors import UserError


def label_matrix(films: Iterable[Iterable[str]], names: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Films' labels as a 0/1 matrix (B, L) with a column for each of `names`.

    Raises:
        UserError: for a label that is none of `names`.
    """
    column = {name: position for position, name in enumerate(names)}
    rows = [list(film) for film in films]
    matrix = np.zeros((len(rows), len(names)), dtype=np.uint8)
    for row, film in enumerate(rows):
        for name in film:
            if name not in column:
                raise UserError(f"'{name}' is none of the chosen genres ({', '.join(names)})")
            matrix[row, column[name]] = 1
    return matrix


def distinct_rows(labels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different rows of a label matrix (B, L), ordered as numbers whose lowest binary digit is the first label.

    Returns:
        Where each of the D different rows stands first (D,), and the place of every row among them (B,).
    """
    digits = np.packbits(labels[:, ::-1], axis=1)  # (B, bytes), the highest first
    numbers = digits.view(f"S{digits.shape[1]}").ravel()  # compared byte by byte
    _, first, place = np.unique(numbers, return_index=True, return_inverse=True)
    return first, place


def join_labels(row: npt.ArrayLike, names: Sequence[str]) -> str:
    """One row (L,) of a label matrix as `Drama|Film-Noir`."""
    return "|".join(name for name, present in zip(names, np.asarray(row), strict=True) if present)


def label_like(spelling: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is spelt so but for case, spaces, hyphens and underscores, or None.

    Example:
        >>> label_like("sci fi", ["Drama", "Sci-Fi"])
        'Sci-Fi'
    """
    return {_folded(name): name for name in names}.get(_folded(spelling))


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.casefold())
