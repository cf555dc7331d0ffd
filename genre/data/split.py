"""Which film is for training, validation or test, and which training films make a smaller training set."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold, MultilabelStratifiedShuffleSplit

from genre.data.caches import kept
from genre.data.duplicates import folded, near_groups
from genre.data.labels import distinct_rows
from genre.errors import UserError
from genre.files import short_hash

Rows = npt.NDArray[np.int64]


class Split(NamedTuple):
    """Row numbers of the three parts, each ascending."""

    train: Rows
    val: Rows
    test: Rows


def stratified_split(
    labels: npt.NDArray[np.uint8], groups: Rows, *, val_share: float, test_share: float, seed: int
) -> Split:
    """Split films so that every genre is shared out in proportion and no group is torn apart.

    Iterative stratification of Sechidis, Tsoumakas and Vlahavas (2011). It depends on the order of rows, so they come
    ordered by movie_id: then it is stable however the raw files were ordered.

    Args:
        labels: 0/1 matrix (B, L), rows ordered by movie_id.
        groups: numbers (B,), equal for films that belong together; a group goes where its labels together send it.

    Raises:
        UserError: when there are too few films for three parts.
    """
    number, united = _united(labels, groups)
    if len(united) < 10:
        raise UserError(
            f"{len(united)} films are too few to split into training, validation and test: give at least 10"
        )
    train, held_out = _cut(united, np.arange(len(united)), val_share + test_share, seed)
    val, test = _cut(united, held_out, test_share / (val_share + test_share), seed)
    return Split(*(np.flatnonzero(np.isin(number, part)) for part in (train, val, test)))


def fold_splits(labels: npt.NDArray[np.uint8], groups: Rows, *, folds: int, val_share: float, seed: int) -> list[Split]:
    """Splits of a cross-validation: each group is in one fold, which is the test part of one split.

    Args:
        labels: 0/1 matrix (B, L), rows ordered by movie_id.
        groups: see `stratified_split`.
        folds: how many.
        val_share: of all films, taken for validation from what is left by a fold.
        seed: of the random order.

    Raises:
        UserError: when there are fewer groups than folds.
    """
    number, united = _united(labels, groups)
    if len(united) < 10 * folds:
        raise UserError(f"cv={folds}: {len(united)} films are too few; there must be at least ten in each fold")
    share = val_share * folds / (folds - 1)  # of what a fold leaves
    if share >= 1:
        raise UserError(f"data.val_share={val_share:g}: a cross-validation with cv={folds} leaves nothing to train on")
    splitter = MultilabelStratifiedKFold(folds, shuffle=True, random_state=seed)
    splits = []
    for rest, test in splitter.split(united, united):
        train, val = _cut(united, rest, share, seed)
        splits.append(Split(*(np.flatnonzero(np.isin(number, part)) for part in (train, val, test))))
    return splits


def completed_split(
    parts: Sequence[str], labels: npt.NDArray[np.uint8], groups: Rows, *, val_share: float, test_share: float, seed: int
) -> Split:
    """The split that the data give; parts without a film are cut from the training films as `stratified_split` does.

    Args:
        parts: of each film: train, val or test (B,).
        labels: 0/1 matrix (B, L).
        groups: see `stratified_split`.
        val_share: of the films for training, taken where none are for validation.
        test_share: the same for testing.
        seed: of the random order.

    Raises:
        UserError: when there are no films for training, or too few to cut from.
    """
    given = Split(*(np.flatnonzero(np.asarray(parts) == part) for part in Split._fields))
    if not len(given.train):
        raise UserError("data.split_column: no row is for training; some must say train")
    number, united = _united(labels[given.train], groups[given.train])
    rest, cut, left = np.arange(len(united)), dict[str, Rows](), 1.0
    for part, share in (("val", val_share), ("test", test_share)):
        if len(getattr(given, part)):
            continue
        if len(united) < 10:
            raise UserError(f"{len(united)} training films are too few to take others from: give at least 10")
        rest, taken = _cut(united, rest, share / left, seed)
        cut[part] = given.train[np.isin(number, taken)]
        left -= share
    return given._replace(train=given.train[np.isin(number, rest)], **cut)


def enlarged_split(
    table: pd.DataFrame,
    labels: npt.NDArray[np.uint8],
    extra: npt.NDArray[np.bool_],
    *,
    val_share: float,
    test_share: float,
    seed: int,
) -> Split:
    """The `stratified_split` that films would have without some others, and these for training.

    Of the others those are for nothing that are nearly a film held out.

    Args:
        table: all films, ordered by movie_id.
        labels: 0/1 matrix (B, L).
        extra: which ones are for training alone (B,).
        val_share: of the films that are not extra.
        test_share: the same.
        seed: of the random order.
    """
    texts, rows = folded(table["description"]), np.flatnonzero(~extra)
    shares = {"val_share": val_share, "test_share": test_share}
    own = stratified_split(labels[rows], near_groups(texts.iloc[rows].reset_index(drop=True)), **shares, seed=seed)
    split = Split(*(rows[part] for part in own))
    groups = near_groups(texts)
    held_out = np.isin(groups, groups[np.concatenate([split.val, split.test])])
    return split._replace(train=np.union1d(split.train, np.flatnonzero(extra & ~held_out)))


def _united(labels: npt.NDArray[np.uint8], groups: Rows) -> tuple[Rows, npt.NDArray[np.uint8]]:
    """Numbers of the films' groups (B,), in the order of their first films, and all labels of each group (G, L)."""
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    order = np.argsort(first)  # with one film in each group it is the films' order
    number = np.argsort(order)[group]  # (B,)
    united = np.zeros((len(first), labels.shape[1]), dtype=labels.dtype)
    np.maximum.at(united, number, labels)
    return number, united


def cached_split(
    table: pd.DataFrame,
    labels: npt.NDArray[np.uint8],
    folder: Path,
    fingerprint: str,
    parts: Sequence[str] | None,
    *,
    val_share: float,
    test_share: float,
    seed: int,
) -> Split:
    """`stratified_split` of films grouped by near-identical descriptions, read from `folder` when it was made before.

    A split that the data give is taken as it is, see `completed_split`; films that they give to training alone join the
    split of the others, see `enlarged_split`.

    Remakes and re-releases under a known text would otherwise be tested on what was learnt by heart.

    Args:
        table: clean films, ordered by movie_id.
        labels: their 0/1 matrix (B, L).
        folder: of products that can be made again.
        fingerprint: of the table from which labels and given parts come.
        parts: of each film, where the data give them (B,); empty for one that is to be split.
    """
    file = folder / f"split-{short_hash(['grouped', fingerprint, val_share, test_share, seed])}.npz"

    def make() -> Split:
        shares = {"val_share": val_share, "test_share": test_share}
        if parts is not None and "" in parts:
            return enlarged_split(table, labels, np.asarray(parts) == "train", **shares, seed=seed)
        groups = near_groups(folded(table["description"]))
        if parts is None:
            return stratified_split(labels, groups, **shares, seed=seed)
        return completed_split(parts, labels, groups, **shares, seed=seed)

    def read(file: Path) -> Split:
        with np.load(file) as saved:
            split = Split(saved["train"], saved["val"], saved["test"])
        if max(map(len, split)) > len(labels) or max(part.max(initial=-1) for part in split) >= len(labels):
            raise ValueError("films that are not there")
        return split

    return kept(file, make, _write, read)


def _write(file: Path, split: Split) -> None:
    with file.open("wb") as opened:
        np.savez(opened, **split._asdict())


def _cut(labels: npt.NDArray[np.uint8], rows: Rows, share: float, seed: int) -> tuple[Rows, Rows]:
    splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    rest, part = next(splitter.split(rows, labels[rows]))
    return np.sort(rows[rest]), np.sort(rows[part])


def training_subset(labels: npt.NDArray[np.uint8], size: float | None, seed: int) -> Rows:
    """Positions of a stratified training subset; a smaller one is always part of a larger one.

    The films are sorted by their rarest genre, then by their combination of genres, then at random. Counting through
    this circle in bit-reversed order (the van der Corput sequence) spreads any first n films evenly over it, and so
    over the genres.

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
    rarity = np.argsort(np.argsort(labels.sum(axis=0)))  # (L,) 0 for the rarest genre
    rarest = np.where(labels, rarity, len(rarity)).min(axis=1)  # (B,)
    _, combination = distinct_rows(labels)  # (B,)
    circle = np.lexsort((random.random(films), combination, rarest))
    place = (np.arange(films) + random.integers(films)) % films
    bits = films.bit_length()
    reversed_place = sum(((place >> bit) & 1) << (bits - 1 - bit) for bit in range(bits))
    return np.sort(circle[np.argsort(reversed_place)[:wanted]])
