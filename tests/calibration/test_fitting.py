"""Calibrations against scikit-learn's and by hand."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from genre.calibration import (
    Beta,
    Calibrator,
    Isotonic,
    LogOdds,
    NoCalibration,
    Platt,
    Steps,
    Temperature,
    cross_fitted,
)
from genre.calibration.folds import FOLDS, folds
from genre.metrics import calibration_metrics
from tests.calibration.examples import LABELS, films

CALIBRATORS = [Temperature(), Platt(), Isotonic(), Beta()]


class Given(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier whose features are its scores."""

    classes_ = np.array([0, 1])

    def fit(self, *_: object) -> "Given":
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, scores: np.ndarray) -> np.ndarray:
        return (scores[:, 0] > 0).astype(int)

    def decision_function(self, scores: np.ndarray) -> np.ndarray:
        return scores[:, 0]


def known_cells(label: int, seed: int = 1, rows: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Log odds (N, 1) and targets (N,) of a label where they are known."""
    given, targets, known = films(seed, rows)
    chances = given[known[:, label], label].double().numpy()
    return np.log(chances / (1 - chances))[:, None], targets[known[:, label], label].numpy()


def aimed(targets: np.ndarray) -> np.ndarray:
    positives, negatives = targets.sum(), (1 - targets).sum()
    return np.where(targets, (positives + 1) / (positives + 2), 1 / (negatives + 2))


def regressed(features: np.ndarray, targets: np.ndarray, *, intercept: bool = True) -> LogisticRegression:
    """scikit-learn's logistic regression on what Platt aims at: each film once as true and once as false."""
    goal = aimed(targets)
    fitted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000, fit_intercept=intercept)
    return fitted.fit(
        np.concatenate([features, features]),
        np.repeat([1, 0], len(targets)),
        sample_weight=np.concatenate([goal, 1 - goal]),
    )


@pytest.mark.parametrize("label", range(LABELS))
def test_platt_is_scikit_learns_sigmoid(label: int) -> None:
    scores, targets = known_cells(label)
    theirs = CalibratedClassifierCV(FrozenEstimator(Given()), method="sigmoid", cv=2, ensemble=False)
    expected = theirs.fit(scores, targets).predict_proba(scores)[:, 1]
    ours = Platt().fit(*films(1)).maps[label]
    assert isinstance(ours, LogOdds)
    assert ours.a == ours.b
    assert ours(1 / (1 + np.exp(-scores[:, 0]))) == pytest.approx(expected, abs=1e-4)
    sigmoid = regressed(scores, targets)
    assert (ours.a, ours.c) == pytest.approx((sigmoid.coef_[0, 0], sigmoid.intercept_[0]), abs=1e-3)


@pytest.mark.parametrize("label", range(LABELS))
def test_isotonic_is_scikit_learns(label: int) -> None:
    scores, targets = known_cells(label)
    chances = 1 / (1 + np.exp(-scores[:, 0]))
    expected = IsotonicRegression(out_of_bounds="clip").fit(chances, aimed(targets)).predict(chances)
    ours = Isotonic().fit(*films(1)).maps[label]
    assert isinstance(ours, Steps)
    assert ours(chances) == pytest.approx(expected, abs=1e-9)
    assert 0 < min(ours.to) <= max(ours.to) < 1


def papers_beta(scores: np.ndarray, targets: np.ndarray) -> tuple[float, float, float]:
    """The procedure of Kull et al.: a negative weight is taken for 0, and the rest fitted again."""
    chances = 1 / (1 + np.exp(-scores[:, 0]))
    features = np.stack([np.log(chances), -np.log(1 - chances)], axis=1)
    used = [0, 1]
    while True:
        fitted = regressed(features[:, used], targets)
        if (fitted.coef_ >= 0).all() or len(used) == 1:
            break
        used.remove(used[int(fitted.coef_[0].argmin())])
    weights = dict(zip(used, fitted.coef_[0], strict=True))
    return weights.get(0, 0.0), weights.get(1, 0.0), float(fitted.intercept_[0])


@pytest.mark.parametrize("label", range(LABELS))
@pytest.mark.parametrize("seed", range(6))
def test_beta_is_what_the_paper_finds(label: int, seed: int) -> None:
    expected = papers_beta(*known_cells(label, seed, 60))
    ours = Beta().fit(*films(seed, 60)).maps[label]
    assert isinstance(ours, LogOdds)
    assert (ours.a, ours.b, ours.c) == pytest.approx(expected, abs=5e-3)


def test_some_of_these_have_a_negative_weight() -> None:
    """Or the test above would not see what becomes of one."""
    found = [papers_beta(*known_cells(label, seed, 60)) for label in range(LABELS) for seed in range(6)]
    assert any(0 in (a, b) for a, b, _ in found)


def test_the_temperature_has_the_least_log_loss_of_all_cells() -> None:
    given, targets, known = films(2)
    chances, true = given[known].double(), torch.from_numpy(aimed(targets[known].numpy()))

    def loss(temperature: float) -> float:
        scaled = torch.logit(chances) / temperature
        return float(torch.nn.functional.binary_cross_entropy_with_logits(scaled, true))

    best = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-8}).x
    maps = Temperature().fit(given, targets, known).maps
    assert len(set(maps)) == 1
    assert isinstance(maps[0], LogOdds)
    assert (1 / maps[0].a, 1 / maps[0].b, maps[0].c) == pytest.approx((best, best, 0), abs=1e-4)


def test_platt_by_hand() -> None:
    # all scores alike: the share of what is aimed at, (2 * 3/4 + 3 * 1/5) / 5, with two positives of five
    given, targets = torch.full((5, 1), 0.5), torch.tensor([[1], [1], [0], [0], [0]])
    (said, *_) = Platt().fit(given, targets)(given)
    assert float(said) == pytest.approx((2 * 3 / 4 + 3 / 5) / 5, abs=1e-5)


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_unknown_cells_have_no_say(calibrator: Calibrator) -> None:
    given, targets, known = films(3)
    other = torch.where(known, given, torch.rand(given.shape))
    assert calibrator.fit(given, targets, known) == calibrator.fit(other, targets | (~known).int(), known)


@pytest.mark.parametrize("calibrator", [Platt(), Isotonic(), Beta()])
def test_labels_of_which_nothing_can_be_told_stay_as_they_are(calibrator: Calibrator) -> None:
    given, targets, known = films(4)
    targets[:, 0], targets[:, 1], known[:, 2] = 0, 1, False
    maps = calibrator.fit(given, targets, known).maps
    assert [one is None for one in maps] == [True, True, True, False]


@pytest.mark.parametrize("calibrator", CALIBRATORS)
@pytest.mark.parametrize("positives", [1, 2, 3])
def test_a_few_films_with_a_label_make_nothing_certain(calibrator: Calibrator, positives: int) -> None:
    given = torch.linspace(0.01, 0.99, 200)[:, None].repeat(1, 2)
    targets = torch.zeros(200, 2, dtype=torch.int)
    targets[-positives:, 0] = 1  # the surest films have it: ranked perfectly
    targets[::2, 1] = 1
    said = calibrator.fit(given, targets)(given)[:, 0]
    if not isinstance(calibrator, Temperature):
        assert said.max() <= (positives + 1) / (positives + 2) + 0.1
        assert said.mean() == pytest.approx(aimed(targets[:, 0].numpy()).mean(), abs=1e-3)
    assert said.min() > 0
    assert said.max() < 1


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_films_are_calibrated_by_others(calibrator: Calibrator) -> None:
    given, targets, known = films(5)
    whole, honest = cross_fitted(calibrator, given, targets, known)
    assert whole == calibrator.fit(given, targets, known)
    rows = list(folds(targets * known))
    assert sorted(np.concatenate([unseen for _, unseen in rows])) == list(range(len(given)))
    for seen, unseen in rows:
        own = calibrator.fit(given[seen], targets[seen], known[seen])
        assert torch.equal(honest[unseen], own(given[unseen]))
        spoilt = targets.clone()
        spoilt[unseen] = 1 - spoilt[unseen]
        assert calibrator.fit(given[seen], spoilt[seen], known[seen]) == own
    before, after = (calibration_metrics(values, targets, known)["log_loss"] for values in (given, honest))
    assert after < before


def test_a_fold_without_the_label_takes_the_map_of_all() -> None:
    given, targets, _ = films(6)
    targets[:, 3] = 0
    targets[7, 3] = 1
    whole, honest = cross_fitted(Platt(), given, targets)
    (unseen,) = (unseen for _, unseen in folds(targets) if 7 in unseen)
    assert torch.equal(honest[unseen, 3], whole(given)[unseen, 3])


@pytest.mark.parametrize("calibrator", CALIBRATORS)
@pytest.mark.parametrize("rows", range(FOLDS))
def test_fewer_films_than_folds_calibrate_nothing(calibrator: Calibrator, rows: int) -> None:
    given, targets, known = films(7, rows)
    whole, honest = cross_fitted(calibrator, given, targets, known)
    assert not whole.changes
    assert honest is given


def test_without_calibration_nothing_is_split() -> None:
    given, targets, known = films(8)
    whole, honest = cross_fitted(NoCalibration(), given, targets, known)
    assert not whole.changes
    assert honest is given


def test_a_label_that_scores_tell_nothing_of_keeps_its_order() -> None:
    random = torch.Generator().manual_seed(0)
    given = torch.rand(300, 1, generator=random)
    targets = (given < torch.rand(300, 1, generator=random)).int()  # the likelier, the rarer
    for calibrator in (Temperature(), Platt(), Beta()):
        said: Tensor = calibrator.fit(given, targets)(given.double())
        assert torch.equal(said[:, 0].argsort(), given[:, 0].argsort())
        assert said.max() - said.min() < 0.05
