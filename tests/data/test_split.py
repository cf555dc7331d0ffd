import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.data.split import stratified_split, training_subset
from genre.errors import UserError

SHARES = np.linspace(0.5, 0.01, 21)


def labels(films: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random((films, 21)) < SHARES).astype(np.uint8)


@settings(max_examples=25)
@given(st.integers(10, 400), st.integers(0, 5))
def test_the_parts_are_disjoint_and_complete(films: int, seed: int) -> None:
    split = stratified_split(labels(films, seed), val_share=0.1, test_share=0.1, seed=seed)
    assert sorted(np.concatenate(split)) == list(range(films))


def test_every_label_is_shared_out_in_proportion() -> None:
    table = labels(5000)
    split = stratified_split(table, val_share=0.1, test_share=0.1, seed=0)
    for part, share in zip(split, (0.8, 0.1, 0.1), strict=True):
        assert len(part) == pytest.approx(share * 5000, abs=50)
        expected = table.sum(axis=0) * share
        assert np.abs(table[part].sum(axis=0) - expected).max() <= 2 + 0.08 * expected.max()


def test_the_split_depends_on_its_seed_alone() -> None:
    table = labels(300)
    first, again, other = (stratified_split(table, val_share=0.1, test_share=0.1, seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first.test, other.test)


def test_too_few_films() -> None:
    with pytest.raises(UserError, match="9 films are too few"):
        stratified_split(labels(9), val_share=0.1, test_share=0.1, seed=0)


@given(st.integers(2, 300), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_smaller_subset_is_part_of_a_larger_one(films: int, one: float, other: float) -> None:
    table = labels(films)
    sizes = sorted(max(size, 1 / films) for size in (one, other))
    small, large = (training_subset(table, size, seed=3) for size in sizes)
    assert set(small) <= set(large)
    assert len(large) == round(sizes[1] * films)


@pytest.mark.parametrize("wanted", [50, 500, 1000])
def test_a_subset_keeps_the_shares_of_labels(wanted: int) -> None:
    table = labels(5000)
    expected = table.sum(axis=0) * wanted / 5000

    def error(rows: np.ndarray) -> float:
        return np.abs(table[rows].sum(axis=0) - expected).sum()

    at_random = np.median([error(np.random.default_rng(seed).permutation(5000)[:wanted]) for seed in range(50)])
    chosen = np.median([error(training_subset(table, wanted, seed=seed)) for seed in range(50)])
    assert len(training_subset(table, wanted, seed=0)) == wanted
    assert chosen < 0.85 * at_random


def test_sizes_of_subsets() -> None:
    table = labels(50)
    assert len(training_subset(table, None, seed=0)) == 50
    assert len(training_subset(table, 1.0, seed=0)) == 50
    assert len(training_subset(table, 7, seed=0)) == 7
    with pytest.raises(UserError, match="data.size=51: there are 50 training films"):
        training_subset(table, 51, seed=0)
    with pytest.raises(UserError, match=r"data.size=0.001"):
        training_subset(table, 0.001, seed=0)
