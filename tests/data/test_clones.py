"""Batches of a training set in which some films are taken several times."""

import itertools
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from genre.data.batching import LengthPoolSampler

times_a_film = st.lists(st.integers(1, 12), min_size=1, max_size=80)


def training_set(times: list[int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Films (B,), film number f as often as `times[f]` says, in any order, and the rows' lengths (B,)."""
    random = np.random.default_rng(seed)
    films = random.permutation(np.repeat(np.arange(len(times)), times))
    return films, random.integers(5, 60, size=len(times))[films]


@given(times_a_film, st.integers(1, 20), st.integers(0, 3))
def test_every_row_comes_once_an_epoch(times: list[int], batch_size: int, epoch: int) -> None:
    films, lengths = training_set(times)
    sampler = LengthPoolSampler(lengths, batch_size, 0, films)
    sampler.set_epoch(epoch)
    batches = list(sampler)
    assert sorted(itertools.chain(*batches)) == list(range(len(films)))
    assert len(batches) == len(sampler)
    assert max(map(len, batches)) <= batch_size


@given(times_a_film, st.integers(1, 20), st.integers(0, 3))
def test_no_batch_holds_a_film_twice_if_there_are_batches_enough(times: list[int], batch_size: int, seed: int) -> None:
    films, lengths = training_set(times)
    sampler = LengthPoolSampler(lengths, batch_size, seed, films)
    one_pool = len(films) <= 50 * batch_size
    if one_pool and max(times) <= len(sampler):
        assert all(len(set(films[batch])) == len(batch) for batch in sampler)


def test_clones_are_dealt_out_over_a_real_sized_set() -> None:
    # 4,000 films, 40 of them ten times and 200 of them twice: 4,560 rows, about three pools
    films, lengths = training_set([10] * 40 + [2] * 200 + [1] * 3760)
    batches = list(LengthPoolSampler(lengths, 32, 0, films))
    assert all(max(Counter(films[batch]).values()) == 1 for batch in batches)
    padding = 1 - lengths.sum() / sum(len(batch) * lengths[batch].max() for batch in batches)
    assert padding < 0.15
    # left to their lengths alone they meet all the time
    alone = list(LengthPoolSampler(lengths, 32, 0))
    assert sum(len(set(films[batch])) < len(batch) for batch in alone) > len(alone) / 2


def test_without_clones_the_order_is_what_it_was() -> None:
    lengths = np.random.default_rng(0).integers(5, 60, size=4000)
    rows = np.random.default_rng(1).permutation(9000)[:4000]
    sampler = LengthPoolSampler(lengths, 16, 3, rows)
    sampler.set_epoch(2)
    random = np.random.default_rng([3, 2])
    order = random.permutation(4000)
    expected = []
    for start in range(0, 4000, 50 * 16):
        pool = order[start : start + 50 * 16]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        expected += [pool[at : at + 16].tolist() for at in range(0, len(pool), 16)]
    assert list(sampler) == [expected[number] for number in random.permutation(len(expected))]


def test_an_epoch_does_not_depend_on_those_before() -> None:
    films, lengths = training_set([3] * 50)
    one, other = (LengthPoolSampler(lengths, 8, 5, films) for _ in range(2))
    epochs = []
    for epoch in range(3):
        one.set_epoch(epoch)
        epochs.append(list(one))
    other.set_epoch(2)
    assert list(other) == epochs[2]
    assert epochs[1] != epochs[2]
