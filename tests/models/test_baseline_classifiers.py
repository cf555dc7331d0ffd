"""Classical classifiers against scikit-learn and cases worked out by hand."""

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from sklearn import linear_model, svm
from sklearn.calibration import _sigmoid_calibration
from sklearn.multiclass import OneVsRestClassifier

from genre.errors import UserError
from genre.models.baselines import Classifier, LinearSVM, LogisticRegression, NearestNeighbours
from genre.models.baselines.linear import platt
from genre.sampling import SMOTE, NoOversampling, Oversampler

RANDOM = np.random.default_rng(0)
LABELS = (RANDOM.random((120, 3)) < (0.5, 0.3, 0.15)).astype(np.uint8)
FEATURES = sparse.csr_matrix(
    np.where(RANDOM.random((120, 12)) < 0.5, RANDOM.normal(size=(120, 12)) + LABELS @ RANDOM.normal(size=(3, 12)), 0)
)


def logreg(class_weight: str = "none", oversampler: Oversampler | None = None) -> LogisticRegression:
    return LogisticRegression([1], class_weight, oversampler or NoOversampling(), seed=1)


def linear_svm() -> LinearSVM:
    return LinearSVM([1], "none", NoOversampling(), seed=1)


def knn() -> NearestNeighbours:
    return NearestNeighbours([2], NoOversampling(), seed=1)


@pytest.mark.parametrize(("name", "of_sklearn"), [("none", None), ("balanced", "balanced")])
def test_logistic_regression_is_scikit_learns(name: str, of_sklearn: str | None) -> None:
    estimator = linear_model.LogisticRegression(C=0.7, class_weight=of_sklearn, solver="liblinear", tol=0.01)
    expected = OneVsRestClassifier(estimator).fit(FEATURES, LABELS).predict_proba(FEATURES)
    model = logreg(name).fit(FEATURES, LABELS, 0.7)
    np.testing.assert_allclose(model.probabilities(FEATURES), expected, atol=1e-6)
    again = logreg(name).fit(FEATURES, LABELS, 0.7)
    assert np.array_equal(model.weights, again.weights)


def test_on_small_dense_features_it_is_fitted_to_the_end() -> None:
    features = FEATURES.toarray() / 10
    exact = OneVsRestClassifier(linear_model.LogisticRegression(C=100, tol=1e-10, max_iter=10_000))
    expected = exact.fit(features, LABELS).predict_proba(features)
    np.testing.assert_allclose(logreg().fit(features, LABELS, 100).probabilities(features), expected, atol=5e-3)


def test_the_square_root_of_weights_lies_between_none_and_all() -> None:
    names = ("none", "sqrt", "balanced")
    rare = [logreg(name).fit(FEATURES, LABELS, 1).probabilities(FEATURES)[:, 2].mean() for name in names]
    assert rare == sorted(rare)
    assert rare[0] == pytest.approx(LABELS[:, 2].mean(), abs=0.02)


@pytest.mark.parametrize("make", [logreg, linear_svm])
def test_a_label_on_no_film_or_on_all_gets_a_constant(make) -> None:
    labels = LABELS.copy()
    labels[:, 0], labels[:, 1] = 0, 1
    classifier: Classifier = make()
    model = classifier.calibrated(classifier.fit(FEATURES, labels, 1), FEATURES, labels, 1)
    values = model.probabilities(FEATURES)
    assert len(set(values[:, 0])) == len(set(values[:, 1])) == 1
    np.testing.assert_allclose(values[0, :2], (1 / 122, 121 / 122), atol=4e-3)
    assert len(set(values[:, 2])) > 100


def test_platts_sigmoid_is_scikit_learns() -> None:
    scores = RANDOM.normal(size=200)
    target = (scores + RANDOM.normal(size=200) > 0.5).astype(np.uint8)
    a, b = _sigmoid_calibration(scores, target)  # 1 / (1 + exp(a score + b))
    np.testing.assert_allclose(platt(scores, target), (-a, -b), rtol=1e-3)
    slope, offset = platt(np.array([-1.0, 1.0]), np.array([0, 1], dtype=np.uint8))  # finite, though they are separable
    assert slope == pytest.approx(np.log(2), rel=1e-3)  # both aims are 1/3 and 2/3
    assert offset == pytest.approx(0, abs=1e-6)


def test_a_label_on_one_film_keeps_its_order() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(200, 5))
    labels = (random.random((200, 2)) < 0.5).astype(np.uint8)
    labels[:, 0] = np.arange(200) == 7
    features[7] += 4
    svm = LinearSVM([1.0], "sqrt", NoOversampling(), seed=0)
    fitted = svm.fit(features, labels, 1.0)
    probabilities = svm.calibrated(fitted, features, labels, 1.0).probabilities(features)[:, 0]
    assert probabilities.argmax() == 7
    assert probabilities.mean() < 0.1


def test_the_scores_of_a_support_vector_machine_become_probabilities() -> None:
    classifier = linear_svm()
    scored = classifier.fit(FEATURES, LABELS, 0.5)
    expected = svm.LinearSVC(C=0.5, dual=False, tol=0.01).fit(FEATURES, LABELS[:, 0]).decision_function(FEATURES)
    np.testing.assert_allclose(scored.scores(FEATURES)[:, 0], expected, atol=1e-5)
    model = classifier.calibrated(scored, FEATURES, LABELS, 0.5)
    for column in range(3):  # a rising sigmoid changes no order
        orders = [np.argsort(one.scores(FEATURES)[:, column], kind="stable") for one in (scored, model)]
        assert np.array_equal(*orders)
    values = model.probabilities(FEATURES)
    np.testing.assert_allclose(values.mean(axis=0), LABELS.mean(axis=0), atol=0.06)


def test_calibration_is_on_films_that_the_model_did_not_see() -> None:
    """With more features than films every label can be learnt by heart; scores of new films tell nothing then."""
    random = np.random.default_rng(1)
    features, labels = random.normal(size=(60, 400)), (random.random((60, 2)) < 0.5).astype(np.uint8)
    classifier = linear_svm()
    model = classifier.calibrated(classifier.fit(features, labels, 10), features, labels, 10)
    assert np.ptp(model.probabilities(features)) < 0.6  # calibrated on the same films it would be nearly 1


def test_synthetic_films_are_of_one_label_at_a_time() -> None:
    plain = logreg().fit(FEATURES, LABELS, 1).probabilities(FEATURES).mean(axis=0)
    smote = (
        logreg(oversampler=SMOTE(ratio=1.0, neighbours=3)).fit(FEATURES, LABELS, 1).probabilities(FEATURES).mean(axis=0)
    )
    assert smote[2] > plain[2] + 0.1


def test_neighbours_vote_by_their_similarity() -> None:
    train = np.array([[1.0, 0], [2, 2], [0, 1]])
    labels = np.array([[1, 0], [1, 1], [0, 1]], dtype=np.uint8)
    model = knn().fit(sparse.csr_matrix(train), labels, 2)
    asked = sparse.csr_matrix([[3.0, 0], [0, 0]])
    near, half = 1.0, np.sqrt(0.5)  # cosines to the first and the second film
    np.testing.assert_allclose(model.probabilities(asked)[0], [1, half / (near + half)], rtol=1e-6)
    np.testing.assert_allclose(model.probabilities(asked)[1], [2 / 3, 2 / 3], rtol=1e-6)  # like no film: their shares


def test_there_are_no_more_neighbours_than_films() -> None:
    model = knn().fit(FEATURES, LABELS, 1000)
    assert model.neighbours == 120
    assert model.probabilities(FEATURES).shape == (120, 3)


@pytest.mark.parametrize("matrix", [FEATURES, FEATURES.toarray()], ids=["sparse", "dense"])
@pytest.mark.parametrize("make", [logreg, linear_svm, knn])
def test_models_are_restored_from_arrays(make, matrix, tmp_path: Path) -> None:
    classifier: Classifier = make()
    model = classifier.calibrated(classifier.fit(matrix, LABELS, 2), matrix, LABELS, 2)
    with pytest.raises(UserError, match=r"classifier.npz: is missing; train the run again"):
        classifier.model.load(tmp_path)
    model.save(tmp_path)
    restored = classifier.model.load(tmp_path)
    assert np.array_equal(restored.probabilities(matrix), model.probabilities(matrix))
    assert {file.suffix for file in tmp_path.iterdir()} == {".npz"}


KNOWN = (np.random.default_rng(1).random(LABELS.shape) < 0.7) | (LABELS == 1)


@pytest.mark.parametrize("classifier", [logreg(), linear_svm()], ids=["logreg", "linear_svm"])
def test_a_label_is_fitted_on_the_films_of_which_it_is_known(classifier: Classifier) -> None:
    model = classifier.fit(FEATURES, LABELS, 1, KNOWN)
    for label in range(3):
        films = KNOWN[:, label]
        alone = classifier.fit(FEATURES[films], LABELS[films][:, [label]], 1)
        np.testing.assert_allclose(model.weights[label], alone.weights[0], rtol=1e-6)
    everything = classifier.fit(FEATURES, LABELS, 1, np.ones(LABELS.shape, dtype=bool))
    assert np.array_equal(everything.weights, classifier.fit(FEATURES, LABELS, 1).weights)


def test_scores_are_calibrated_on_known_films() -> None:
    classifier = linear_svm()
    model = classifier.fit(FEATURES, LABELS, 1, KNOWN)
    known = classifier.calibrated(model, FEATURES, LABELS, 1, KNOWN).probabilities(FEATURES)
    every = classifier.calibrated(model, FEATURES, LABELS, 1).probabilities(FEATURES)
    for label in range(3):  # a sigmoid's mean is the share among the films that it was fitted on
        films = KNOWN[:, label]
        assert known[films, label].mean() == pytest.approx(LABELS[films, label].mean(), abs=0.06)
        assert known[:, label].mean() > every[:, label].mean()


def test_neighbours_vote_on_what_they_know() -> None:
    train = sparse.csr_matrix(np.array([[1.0, 0.0], [1.0, 0.1], [1.0, 0.2], [0.0, 1.0]]))
    labels = np.array([[1, 0], [0, 0], [1, 1], [0, 0]], dtype=np.uint8)
    known = np.array([[1, 1], [0, 1], [1, 1], [1, 0]], dtype=bool)
    model = NearestNeighbours([3], NoOversampling(), seed=1).fit(train, labels, 3, known)
    near = model.probabilities(sparse.csr_matrix(np.array([[1.0, 0.0]])))
    assert near[0, 0] == pytest.approx(1)  # both of the three that know have it
    assert 0 < near[0, 1] < 0.5
    # nobody near: the share among those that know
    assert model.probabilities(sparse.csr_matrix((1, 2)))[0].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_a_saved_neighbour_remembers_what_it_knows(tmp_path: Path) -> None:
    model = NearestNeighbours([2], NoOversampling(), seed=1).fit(FEATURES, LABELS, 2, KNOWN)
    model.save(tmp_path)
    again = type(model).load(tmp_path)
    assert np.array_equal(again.probabilities(FEATURES), model.probabilities(FEATURES))
