"""Oversampling by rows against cases worked out by hand from the papers' definitions, and what holds for all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from genre.sampling import LPROS, MLROS, ClassBalanced, NoOversampling, RowOversampler, irlbl, mean_ir

training_sets = arrays.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 6)), elements=st.integers(0, 1))
training_sets = training_sets.filter(np.any)  # the clean table has no film without a genre
oversamplers = st.builds(MLROS, share=st.floats(0.01, 3)) | st.builds(LPROS, share=st.floats(0.01, 3))
oversamplers |= st.builds(ClassBalanced, share=st.floats(0.01, 3), beta=st.floats(0, 0.999999))


def clones(oversampler: RowOversampler, labels: np.ndarray, seed: int = 0) -> np.ndarray:
    rows = oversampler.rows(labels, seed)
    assert rows[: len(labels)].tolist() == list(range(len(labels)))
    return rows[len(labels) :]


class TestMLROS:
    def test_a_bag_leaves_at_the_mean(self, make_labels) -> None:
        labels = make_labels(3, (8, "A"), (4, "B"), (2, "C"))
        # IRLbl 1, 2, 4, MeanIR 7/3: C alone is rarer than the mean. With a third film it has 8/3 > 7/3, with a fourth
        # 8/4 <= 7/3 and leaves: two clones, although half of 14 films is 7.
        assert len(clones(MLROS(share=0.5), labels)) == 2
        assert set(clones(MLROS(share=0.5), labels)) <= {12, 13}
        # a fourteenth of 14 films is one clone
        assert len(clones(MLROS(share=1 / 14), labels)) == 1

    def test_at_the_mean_is_no_longer_above_it(self, make_labels) -> None:
        # IRLbl 1 and 6/2 = 3, MeanIR 2: with a third film B has 6/3 = 2 and leaves
        assert len(clones(MLROS(share=1), make_labels(2, (6, "A"), (2, "B")))) == 1

    def test_bags_take_turns(self, make_labels) -> None:
        labels = make_labels(4, (12, "A"), (12, "B"), (2, "C"), (2, "D"))
        # IRLbl 1, 1, 6, 6, MeanIR 3.5; C and D leave with four films each (12/3 = 4 > 3.5, 12/4 = 3)
        drawn = clones(MLROS(share=1), labels)
        assert [int(labels[film].argmax()) for film in drawn] == [2, 3, 2, 3]
        # three of 28 clones are reached in the middle of a turn
        assert [int(labels[film].argmax()) for film in clones(MLROS(share=3 / 28), labels)] == [2, 3, 2]

    def test_clones_count_for_all_their_labels(self, make_labels) -> None:
        labels = make_labels(3, (6, "A"), (4, "B"), (2, "AC"))
        # counts 8, 4, 2 as above, but a clone of C is one of A as well:
        # 9/3 > 7/3, 10/4 = 2.5 > 7/3, 11/5 = 2.2 <= 7/3: three clones
        assert len(clones(MLROS(share=1), labels)) == 3

    def test_a_label_on_no_film_has_no_bag(self, make_labels) -> None:
        assert len(clones(MLROS(share=1), make_labels(3, (4, "A"), (4, "B")))) == 0

    @given(training_sets, st.floats(0.01, 3), st.integers(0, 5))
    def test_minority_labels_alone_have_bags(self, labels: np.ndarray, share: float, seed: int) -> None:
        counts = labels.sum(axis=0, dtype=int)
        drawn = clones(MLROS(share), labels, seed)
        if len(drawn):
            minority = (counts > 0) & (irlbl(counts) > mean_ir(counts))
            assert labels[drawn][:, minority].any(axis=1).all()
        assert (labels[drawn].sum(axis=0) + counts >= counts).all()


class TestLPROS:
    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            # {A} 6, {B} 3, {A, B} 2, {C} 1: mean size 12/4 = 3. Below it: {A, B} with room for 1, {C} for 2.
            (1, {"AB": 0, "C": 1}),  # 1/2 a bag: {A, B} gets none whole, {C} the rest
            (2, {"AB": 1, "C": 1}),
            (3, {"AB": 1, "C": 2}),  # {A, B} takes min(1, 3/2), the rest of 2 goes to {C}
            (5, {"AB": 1, "C": 2}),  # there is no room for more
        ],
    )
    def test_by_hand(self, make_labels, wanted: int, expected: dict[str, int]) -> None:
        labels = make_labels(3, (6, "A"), (3, "B"), (2, "AB"), (1, "C"))
        drawn = clones(LPROS(share=wanted / 12), labels)
        assert {"AB": int(np.isin(drawn, [9, 10]).sum()), "C": int((drawn == 11).sum())} == expected
        assert len(drawn) == sum(expected.values())

    def test_equally_frequent_sets_stay(self, make_labels) -> None:
        assert len(clones(LPROS(share=1), make_labels(2, (3, "A"), (3, "B")))) == 0

    @given(training_sets, st.floats(0.01, 3))
    def test_no_set_grows_past_the_mean(self, labels: np.ndarray, share: float) -> None:
        _, sizes = np.unique(labels, axis=0, return_counts=True)
        _, grown = np.unique(labels[LPROS(share).rows(labels, 0)], axis=0, return_counts=True)
        assert (grown <= np.maximum(sizes, sizes.mean())).all()
        room = (sizes.mean().astype(int) - sizes).clip(min=0).sum()
        assert grown.sum() - sizes.sum() == min(round(share * len(labels)), room)


class TestClassBalanced:
    def test_towards_one_it_is_by_inverse_frequency(self, make_labels) -> None:
        labels = make_labels(2, (90, "A"), (10, "B"))
        # 90 films of weight 1/90 and 10 of weight 1/10: each label has half of the weight
        drawn = clones(ClassBalanced(share=100, beta=0.9999999), labels)
        assert (drawn >= 90).mean() == pytest.approx(0.5, abs=0.02)

    def test_effective_numbers(self, make_labels) -> None:
        labels = make_labels(2, (3, "A"), (1, "B"))
        # beta 1/2: E(3) = (1 - 1/8) / (1/2) = 7/4, E(1) = 1; three films of weight 4/7 beside one of weight 1
        drawn = clones(ClassBalanced(share=5000, beta=0.5), labels)
        assert (drawn == 3).mean() == pytest.approx(1 / (1 + 3 * 4 / 7), abs=0.015)

    def test_the_rarest_label_of_a_film_counts(self, make_labels) -> None:
        labels = make_labels(3, (80, "A"), (10, "AB"), (10, "AC"))
        # films with A: 100, with B: 10, with C: 10; weights 1/100, 1/10, 1/10: 0.8 + 1 + 1
        drawn = clones(ClassBalanced(share=100, beta=0.9999999), labels)
        assert (drawn < 80).mean() == pytest.approx(0.8 / 2.8, abs=0.02)

    def test_beta_zero_draws_all_alike(self, make_labels) -> None:
        drawn = clones(ClassBalanced(share=100, beta=0), make_labels(2, (90, "A"), (10, "B")))
        assert (drawn >= 90).mean() == pytest.approx(0.1, abs=0.02)


@given(oversamplers, training_sets, st.integers(0, 5))
def test_every_film_stays_and_the_size_is_as_asked(
    oversampler: MLROS | LPROS | ClassBalanced, labels: np.ndarray, seed: int
) -> None:
    rows = oversampler.rows(labels, seed)
    films = len(labels)
    assert rows[:films].tolist() == list(range(films))
    assert len(rows) <= films + round(oversampler.share * films)
    if isinstance(oversampler, ClassBalanced):
        assert len(rows) == films + round(oversampler.share * films)
    assert ((rows >= 0) & (rows < films)).all()
    assert np.array_equal(rows, oversampler.rows(labels, seed))


@pytest.mark.parametrize("oversampler", [MLROS(0.5), LPROS(0.5), ClassBalanced(0.5, 0.999)])
def test_seeds_draw_differently_and_features_follow(oversampler: RowOversampler, make_labels) -> None:
    labels = make_labels(3, (40, "A"), (12, "B"), (6, "C"), (7, "AC"))
    rows = oversampler.rows(labels, 1)
    assert not np.array_equal(rows, oversampler.rows(labels, 2))
    features = np.arange(len(labels))[:, None] * np.ones(3)
    larger, larger_labels, _ = oversampler.resample_features(features, labels, 1)
    assert larger[:, 0].tolist() == rows.tolist()
    assert np.array_equal(larger_labels, labels[rows])
    same, target = oversampler.resample_label(features, labels[:, 0], 1)
    assert same is features
    assert np.array_equal(target, labels[:, 0])


def test_none_changes_nothing(make_labels) -> None:
    labels = make_labels(2, (3, "A"), (1, "B"))
    assert NoOversampling().rows(labels, 1).tolist() == [0, 1, 2, 3]
