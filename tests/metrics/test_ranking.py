"""Ranking metrics are scikit-learn's, with ties, films without labels and labels without films."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from torchmetrics.functional.classification import (
    multilabel_average_precision,
    multilabel_coverage_error,
    multilabel_ranking_average_precision,
    multilabel_ranking_loss,
)

from genre.metrics import ranking_metrics


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 80), st.integers(1, 6))
def test_equal_to_scikit_learn(random_films, seed: int, films: int, decimals: int) -> None:
    probabilities, _, targets = random_films(seed, films, decimals)
    ours = ranking_metrics(probabilities, targets)
    assert ours["ranking_loss"] == pytest.approx(sk.label_ranking_loss(targets, probabilities), abs=1e-9)
    assert ours["coverage_error"] == pytest.approx(sk.coverage_error(targets, probabilities), abs=1e-9)
    assert ours["lrap"] == pytest.approx(sk.label_ranking_average_precision_score(targets, probabilities), abs=1e-9)
    supported = targets.sum(dim=0) > 0
    if supported.any():
        over_supported = sk.average_precision_score(targets[:, supported], probabilities[:, supported])
        assert ours["mean_average_precision"] == pytest.approx(over_supported, abs=1e-6)
        micro = sk.average_precision_score(targets, probabilities, average="micro")
        assert ours["map_micro"] == pytest.approx(micro, abs=1e-6)
    else:
        assert ours["mean_average_precision"] == ours["map_micro"] == 0


def test_equal_to_torchmetrics_without_ties(random_films) -> None:
    probabilities, _, targets = random_films(1, 100, 12)
    probabilities, targets = probabilities[:, :4], targets[:, :4]
    assert (targets.sum(dim=0) > 0).all()
    ours = ranking_metrics(probabilities, targets)
    theirs = {
        "mean_average_precision": multilabel_average_precision,
        "ranking_loss": multilabel_ranking_loss,
        "coverage_error": multilabel_coverage_error,
        "lrap": multilabel_ranking_average_precision,
    }
    for name, metric in theirs.items():
        assert ours[name] == pytest.approx(float(metric(probabilities, targets, 4)), abs=1e-6), name


def test_a_case_by_hand() -> None:
    probabilities = torch.tensor([[0.9, 0.5, 0.5, 0.1], [0.2, 0.4, 0.6, 0.8]])
    targets = torch.tensor([[1, 0, 1, 0], [0, 1, 0, 0]])
    ours = ranking_metrics(probabilities, targets)
    # film 1: of the pairs (0,1) (0,3) (2,1) (2,3) the tie (2,1) is wrong; film 2: of (1,0) (1,2) (1,3) the last two
    assert ours["ranking_loss"] == pytest.approx((1 / 4 + 2 / 3) / 2)
    assert ours["coverage_error"] == (3 + 3) / 2
    assert ours["lrap"] == pytest.approx(((1 / 1 + 2 / 3) / 2 + 1 / 3) / 2)
    # label 0: film 1 first; 1: film 2 behind film 1; 2: film 1 behind film 2; label 3 has no film
    assert ours["mean_average_precision"] == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)


def test_a_film_without_labels_alone() -> None:
    ours = ranking_metrics(torch.tensor([[0.2, 0.7]]), torch.tensor([[0, 0]]))
    assert ours == {"mean_average_precision": 0, "map_micro": 0, "ranking_loss": 0, "coverage_error": 0, "lrap": 1}


def test_probabilities_of_chance_have_the_share_of_positives() -> None:
    targets = torch.from_numpy(np.random.default_rng(0).random((200, 3)) < 0.3).int()
    ours = ranking_metrics(torch.full((200, 3), 0.5), targets)
    assert ours["map_micro"] == pytest.approx(targets.double().mean())
    assert ours["ranking_loss"] == pytest.approx(((targets.sum(dim=1) % 3) > 0).double().mean())
