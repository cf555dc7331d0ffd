"""Which film is for training, validation or test, and which training films make a smaller training set."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit

from genre.errors import UserError

Rows = npt.NDArray[np.int64]


class Split(NamedTuple):
    """Row numbers of the three parts, each ascending."""

    train: Rows
    val: Rows
    test: Rows


def stratified_split(labels: npt.NDArray[np.uint8], *, val_share: float, test_share: float, seed: int) -> Split:
    """Split films so that every genre is shared out in proportion.

    Iterative stratification of Sechidis, Tsoumakas and Vlahavas (2011). It depends on the order of rows, so they come
    ordered by movie_id: then it is stable however the raw files were ordered.

    Args:
        labels: 0/1 matrix (B, L), rows ordered by movie_id.

    Raises:
        UserError: when there are too few films for three parts.
    """
    films = len(labels)
    if films < 10:
        raise UserError(f"{films} films are too few to split into training, validation and test: give at least 10")
    train, held_out = _cut(labels, np.arange(films), val_share + test_share, seed)
    val, test = _cut(labels, held_out, test_share / (val_share + test_share), seed)
    return Split(train, val, test)


def _cut(labels: npt.NDArray[np.uint8], rows: Rows, share: float, seed: int) -> tuple[Rows, Rows]:
    splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    rest, part = next(splitter.split(rows, labels[rows]))
    return np.sort(rows[rest]), np.sort(rows[part])


def training_subset(labels: npt.NDArray[np.uint8], size: float | None, seed: int) -> Rows:
    """Positions of a stratified training subset; a smaller one is always part of a larger one.

    The n films of one label combination are put, in random order, at evenly spaced places (j + u) / n of the interval [0, 1), with
    one random shift u in [0, 1) per combination; the films in the order of their places form nested subsets, each with
    nearly the same share of every combination.

    Args:
        labels: 0/1 matrix (B, L) of the training films.
        size: None for all; up to 1, a share; above 1, a number of films.
        seed: of the random order.

    Returns:
        Positions in `labels`, ascending.

    Raises:
        UserError: when more films are asked for than there are.
    """
    films = len(labels)
    wanted = films if size is None else round(size * films) if size <= 1 else int(size)
    if not 1 <= wanted <= films:
        raise UserError(f"data.size={size:g}: there are {films:,} training films; ask for 1 to {films:,}")
    if wanted == films:
        return np.arange(films)
    random = np.random.default_rng(seed)
    _, group = np.unique(labels, axis=0, return_inverse=True)  # (B,) number of the label combination
    count = np.bincount(group)
    shuffled = random.permutation(films)
    by_group = shuffled[np.argsort(group[shuffled], kind="stable")]
    rank = np.arange(films) - np.repeat(np.cumsum(count) - count, count)  # 0 ... n-1 within each combination
    shift = random.random(len(count))[group[by_group]]
    place = (rank + shift) / count[group[by_group]]
    return np.sort(by_group[np.argsort(place, kind="stable")[:wanted]])
