"""SMOTE and MLSMOTE against cases worked out by hand, and what holds for all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from genre.sampling import MLSMOTE, SMOTE


def test_mlsmote_by_hand(make_labels) -> None:
    # counts A 10, B 3: IRLbl 1 and 10/3, MeanIR 13/6, so B alone is a minority: films 8, 9 and 10 are the seeds
    labels = make_labels(2, (8, "A"), (2, "AB"), (1, "B"))
    features = np.array([[5.0]] * 8 + [[0.0], [1.0], [10.0]])
    larger, larger_labels, _ = MLSMOTE(neighbours=1).resample_features(features, labels, seed=0)
    assert np.array_equal(larger[:11], features)
    assert np.array_equal(larger_labels[:11], labels)
    synthetic = larger[11:, 0]
    # nearest with B (not the A films at 5): 0 -> 1, 1 -> 0, 10 -> 1
    assert len(synthetic) == 3
    assert (synthetic[:2] > 0).all()
    assert (synthetic[:2] < 1).all()
    assert 1 < synthetic[2] < 10
    # A: on both of the first two pairs, on one of the two films of the last: at least half
    assert larger_labels[11:].tolist() == [[1, 1], [1, 1], [1, 1]]


def test_mlsmote_leaves_out_labels_of_less_than_half(make_labels) -> None:
    labels = make_labels(2, (8, "A"), (1, "AB"), (2, "B"))
    features = np.arange(11, dtype=float)[:, None]
    # with 2 neighbours all three B films are looked at; A is on one of them: less than half
    _, larger_labels, _ = MLSMOTE(neighbours=2).resample_features(features, labels, seed=0)
    assert larger_labels[11:].tolist() == [[0, 1]] * 3
    # a bag of three has but two neighbours for each
    _, all_there_are, _ = MLSMOTE(neighbours=5).resample_features(features, labels, seed=0)
    assert all_there_are[11:].tolist() == [[0, 1]] * 3


def test_mlsmote_needs_two_films_of_a_label(make_labels) -> None:
    labels = make_labels(3, (8, "A"), (1, "B"))
    larger, _, _ = MLSMOTE(neighbours=5).resample_features(np.eye(9), labels, seed=0)
    assert len(larger) == 9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100), st.integers(1, 6))
def test_mlsmote_of_sparse_and_dense_features_is_the_same(seed: int, neighbours: int) -> None:
    random = np.random.default_rng(seed)
    labels = (random.random((60, 4)) < [0.9, 0.5, 0.15, 0.1]).astype(np.uint8)
    features = random.random((60, 8)) * (random.random((60, 8)) < 0.5)
    dense, dense_labels, _ = MLSMOTE(neighbours).resample_features(features, labels, seed)
    for kind in (sparse.csr_matrix, sparse.csr_array):
        thin, thin_labels, _ = MLSMOTE(neighbours).resample_features(kind(features), labels, seed)
        assert thin.format == "csr"
        assert np.array_equal(thin_labels, dense_labels)
        assert thin.toarray() == pytest.approx(dense)
    # a synthetic film has the label it was made for, and lies inside the box of the real ones
    assert dense_labels[60:].any(axis=1).all()
    assert (dense <= features.max(axis=0) + 1e-9).all()
    assert (dense >= -1e-9).all()


def test_smote_reaches_the_ratio_between_films_of_the_label() -> None:
    target = np.array([0] * 20 + [1] * 4, dtype=np.uint8)
    features = np.concatenate([np.full((20, 1), -50.0), [[0.0], [1.0], [2.0], [3.0]]])
    larger, larger_target = SMOTE(ratio=0.5, neighbours=2).resample_label(features, target, seed=0)
    assert np.array_equal(larger[:24], features)
    assert larger_target.tolist() == [*target, *[1] * 6]  # 10 of 20
    assert ((larger[24:] >= 0) & (larger[24:] <= 3)).all()
    again, _ = SMOTE(ratio=0.5, neighbours=2).resample_label(features, target, seed=0)
    other, _ = SMOTE(ratio=0.5, neighbours=2).resample_label(features, target, seed=1)
    assert np.array_equal(larger, again)
    assert not np.array_equal(larger, other)


@pytest.mark.parametrize(
    ("positives", "negatives"),
    [(1, 20), (0, 20), (10, 20), (15, 20), (20, 5), (20, 0)],
    ids=["one film", "no film", "at the ratio", "above it", "the majority", "all films"],
)
def test_smote_leaves_labels_that_need_or_allow_nothing(positives: int, negatives: int) -> None:
    target = np.array([1] * positives + [0] * negatives, dtype=np.uint8)
    features = sparse.eye_array(len(target), format="csr")
    larger, larger_target = SMOTE(ratio=0.5, neighbours=5).resample_label(features, target, seed=0)
    assert larger is features
    assert larger_target is target


@pytest.mark.parametrize("positives", [2, 3, 5])
def test_smote_takes_the_neighbours_there_are(positives: int) -> None:
    target = np.array([1] * positives + [0] * 40, dtype=np.uint8)
    features = sparse.csr_matrix(np.random.default_rng(0).random((len(target), 5)))
    larger, larger_target = SMOTE(ratio=0.5, neighbours=5).resample_label(features, target, seed=0)
    assert larger.shape == (60, 5)
    assert larger_target.sum() == 20


def test_smote_leaves_the_label_sets_alone(make_labels) -> None:
    labels = make_labels(2, (8, "A"), (2, "AB"))
    features = np.eye(10)
    assert SMOTE(ratio=0.5, neighbours=1).resample_features(features, labels, 0) == (features, labels, None)


def test_mlsmote_asks_the_films_that_know(make_labels) -> None:
    labels = make_labels(2, (8, "A"), (1, "AB"), (2, "B"))
    features = np.arange(11, dtype=float)[:, None]
    known = np.ones(labels.shape, dtype=bool)
    known[9, 0] = False  # of the three B films one has A, one has it not, one does not know: half of those that know
    _, larger, sure = MLSMOTE(neighbours=2).resample_features(features, labels, seed=0, known=known)
    assert larger[11:].tolist() == [[1, 1]] * 3
    assert sure[:11].tolist() == known.tolist()
    assert sure[11:].all()
    known[10, 0] = False  # one that has it is left
    _, larger, sure = MLSMOTE(neighbours=2).resample_features(features, labels, seed=0, known=known)
    assert larger[11:].tolist() == [[1, 1]] * 3
    labels[8, 0], known[8, 0] = 0, True  # one that has it not: of what the others say too little is known
    _, larger, sure = MLSMOTE(neighbours=2).resample_features(features, labels, seed=0, known=known)
    assert larger[11:].tolist() == [[0, 1]] * 3
    assert sure[11:].tolist() == [[False, True]] * 3
