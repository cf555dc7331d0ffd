"""Maps as they are applied: rising, between 0 and 1, and thresholds carried back through them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from genre.calibration import Beta, Calibration, Calibrator, Isotonic, LogOdds, Platt, Steps, Temperature
from genre.decision import decide
from genre.metrics import ranking_metrics
from tests.calibration.examples import LABELS, films

CALIBRATORS = [Temperature(), Platt(), Isotonic(), Beta()]
STRICT = [one for one in CALIBRATORS if not isinstance(one, Isotonic)]

calibrators = st.sampled_from(CALIBRATORS)
seeds = st.integers(0, 1_000)
rows = st.integers(1, 300)


def test_by_hand() -> None:
    # log odds 2 ln p - ln(1 - p) + ln 2: at 1/2 they are 0; at 2/3 ln(4/9) - ln(1/3) + ln 2 = ln(8/3)
    (half, more) = LogOdds(2.0, 1.0, float(np.log(2)))(np.array([1 / 2, 2 / 3]))
    assert half == pytest.approx(1 / 2)
    assert more == pytest.approx(8 / 11)
    lines = Steps([0.2, 0.4, 0.6], [0.1, 0.1, 0.5])
    assert lines(np.array([0.0, 0.3, 0.5, 0.9])) == pytest.approx([0.1, 0.1, 0.3, 0.5])
    given = torch.tensor([[0.5, 0.5, 0.5]])
    said = Calibration((LogOdds(1.0, 1.0, 1.0), lines, None))(given)
    assert said.tolist()[0] == pytest.approx([1 / (1 + np.exp(-1)), 0.3, 0.5], abs=1e-6)
    assert said.dtype == given.dtype


def test_none_changes_nothing() -> None:
    given, _, _ = films(0)
    assert not Calibration.none(LABELS).changes
    assert Calibration.none(LABELS)(given) is given


@pytest.mark.parametrize(
    "map_of",
    [
        lambda: LogOdds(-0.1, 1.0, 0.0),
        lambda: LogOdds(0.0, 0.0, 0.0),
        lambda: LogOdds(1.0, 1.0, float("nan")),
        lambda: Steps([], []),
        lambda: Steps([0.2, 0.1], [0.0, 1.0]),
        lambda: Steps([0.1, 0.2], [0.5, 0.4]),
        lambda: Steps([0.1, 0.2], [0.5, 1.4]),
        lambda: Steps([0.1, 0.2], [0.5]),
        lambda: Steps([0.1, float("nan")], [0.5, 0.6]),
    ],
)
def test_what_does_not_rise_is_no_map(map_of) -> None:
    with pytest.raises(ValueError, match="no rising map"):
        map_of()


@given(seeds, rows, calibrators)
def test_probabilities_become_probabilities_and_keep_their_order(seed: int, count: int, calibrator: Calibrator) -> None:
    calibration = calibrator.fit(*films(seed, count))
    every = torch.linspace(0, 1, 1001).expand(LABELS, -1).T  # (1001, L)
    said = calibration(every)
    assert ((said >= 0) & (said <= 1)).all()
    assert (said.diff(dim=0) >= 0).all()
    if not isinstance(calibrator, Isotonic):
        assert (calibration(every.double())[1:-1].diff(dim=0) > 0).all()


@given(seeds, rows, st.sampled_from(STRICT))
def test_what_rises_strictly_ranks_films_as_before(seed: int, count: int, calibrator: Calibrator) -> None:
    given, targets, known = films(seed, count)
    given = given.double()
    before = ranking_metrics(given, targets, known)
    after = ranking_metrics(calibrator.fit(given, targets, known)(given), targets, known)
    assert after["mean_average_precision"] == pytest.approx(before["mean_average_precision"], abs=1e-6)
    if isinstance(calibrator, Temperature):  # one map for all labels: films' rankings stay too
        assert after == pytest.approx(before, abs=1e-6)


@given(seeds, rows, calibrators, st.integers(0, 1_000))
def test_thresholds_on_raw_scores_choose_the_same_labels(
    seed: int, count: int, calibrator: Calibrator, other: int
) -> None:
    given, targets, known = films(seed, count)
    calibration = calibrator.fit(given, targets, known)
    said = calibration(given)
    thresholds = torch.rand(LABELS, generator=torch.Generator().manual_seed(other))
    thresholds[0] = said[other % count, 0]  # met exactly
    raw = calibration.raw_thresholds(thresholds)
    assert torch.equal(given >= raw, said >= thresholds)
    reached = (said >= thresholds).any(dim=1)
    assert torch.equal(decide(given[reached], raw), decide(said[reached], thresholds))


def test_a_threshold_that_nothing_reaches_is_above_all_raw_scores() -> None:
    calibration = Calibration((Steps([0.0, 1.0], [0.1, 0.4]), None))
    raw = calibration.raw_thresholds(torch.tensor([0.5, 0.5]))
    assert raw[0] > 1
    assert raw[1] == 0.5


def test_what_is_not_a_number_stays_so() -> None:
    calibration = Calibration((LogOdds(2.0, 2.0, 0.0), Steps([0.0, 1.0], [0.1, 0.4])))
    said: Tensor = calibration(torch.tensor([[torch.nan, torch.nan], [0.5, 0.5]]))
    assert said.isnan().tolist() == [[True, True], [False, False]]
