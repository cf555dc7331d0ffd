"""Weights and means of models, by hand, by brute force and by a plain loop."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.calibration.folds import FOLDS, folds
from genre.ensemble import (
    Cells,
    cross_fitted_mean,
    equal_weights,
    fitted_weights,
    greedy_weights,
    log_odds,
    mean_probabilities,
)
from genre.ensemble.weights import Floats

seeds = st.integers(0, 1_000)


def library(seed: int, models: int, cells: int = 200) -> Cells:
    """Models that know the truth more or less well, some of them nearly the same."""
    random = np.random.default_rng(seed)
    truth = random.normal(size=cells) * 2
    noise = random.normal(size=(models, cells)) * random.uniform(0.3, 3, size=(models, 1))
    noise[models // 2 :] += noise[0]
    true = (random.random(cells) < 1 / (1 + np.exp(-truth))).astype(float)
    return Cells(truth + noise, true)


def loss(cells: Cells, weights: Floats) -> float:
    return float(cells.losses((weights @ cells.scores)[None])[0])


def test_the_mean_by_hand() -> None:
    given = torch.tensor([[[0.5, 0.9]], [[0.8, 0.1]]])  # two models, a film, two labels: log odds 0, ln 9; ln 4, -ln 9
    said = mean_probabilities(log_odds(given), np.array([0.5, 0.5]))
    assert said.tolist()[0] == pytest.approx([2 / 3, 0.5], abs=1e-6)
    said = mean_probabilities(log_odds(given), np.array([0.0, 1.0]))
    assert said.tolist()[0] == pytest.approx([0.8, 0.1], abs=1e-6)
    assert np.isfinite(log_odds(torch.tensor([0.0, 1.0]))).all()


@settings(max_examples=20)
@given(seeds)
def test_fitted_weights_of_two_are_the_best_of_all(seed: int) -> None:
    cells = library(seed, 2)
    grid = [loss(cells, np.array([share, 1 - share])) for share in np.linspace(0, 1, 1001)]
    weights = fitted_weights(cells)
    assert loss(cells, weights) <= min(grid) + 1e-6
    assert weights[0] == pytest.approx(np.linspace(0, 1, 1001)[int(np.argmin(grid))], abs=0.02)


@settings(max_examples=20)
@given(seeds, st.integers(1, 12), st.sampled_from([equal_weights, fitted_weights, greedy_weights]))
def test_weights_are_shares(seed: int, models: int, choose) -> None:
    weights = choose(library(seed, models))
    assert weights.shape == (models,)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)


@settings(max_examples=20)
@given(seeds, st.integers(2, 8))
def test_what_is_fitted_is_not_worse_than_any_model_or_their_mean(seed: int, models: int) -> None:
    cells = library(seed, models)
    found = loss(cells, fitted_weights(cells))
    assert found <= loss(cells, equal_weights(cells)) + 1e-6
    assert found <= cells.losses(cells.scores).min() + 1e-6
    assert loss(cells, fitted_weights(cells)) <= loss(cells, greedy_weights(cells)) + 1e-6


def plain_greedy(cells: Cells) -> Floats:
    """Caruana's selection, written down as it is told."""
    models = len(cells.scores)
    ranked = sorted(range(models), key=lambda model: loss(cells, np.eye(models)[model]))
    begun = [ranked[:size] for size in range(1, models + 1)]

    def of(chosen: list[int]) -> float:
        return loss(cells, np.bincount(chosen, minlength=models) / len(chosen))

    chosen = min(begun, key=of)
    while len(chosen) < 50:
        best = min(([*chosen, model] for model in range(models)), key=of)
        if of(best) >= of(chosen):
            break
        chosen = best
    return np.bincount(chosen, minlength=models) / len(chosen)


@settings(max_examples=20)
@given(seeds, st.integers(1, 5))
def test_a_small_library_is_drawn_from_as_the_paper_tells(seed: int, models: int) -> None:
    cells = library(seed, models)
    assert greedy_weights(cells) == pytest.approx(plain_greedy(cells), abs=1e-9)


def test_bags_keep_chance_from_choosing_alone() -> None:
    random = np.random.default_rng(0)
    alike = library(3, 1, 400)
    cells = Cells(alike.scores + random.normal(size=(30, 400)) * 0.8, alike.true)  # nobody is better than another
    bagged, alone = greedy_weights(cells), plain_greedy(cells)
    assert (bagged > 0).sum() > (alone > 0).sum()
    assert bagged.max() < alone.max()
    assert greedy_weights(cells) == pytest.approx(bagged)  # the same bags each time


def test_a_model_that_knows_nothing_gets_nothing() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(size=2000) * 2
    true = (random.random(2000) < 1 / (1 + np.exp(-truth))).astype(float)
    cells = Cells(np.stack([truth, random.normal(size=2000) * 5]), true)
    for choose in (fitted_weights, greedy_weights):
        assert choose(cells)[1] < 0.05


def test_films_get_weights_that_were_found_without_them() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=(2, 60, 3))
    targets = torch.from_numpy((random.random((60, 3)) < 0.4).astype(int))
    known = torch.from_numpy(random.random((60, 3)) < 0.9)
    weights, values = cross_fitted_mean(scores, targets, known, fitted_weights)
    sure = known.numpy()
    assert weights == pytest.approx(fitted_weights(Cells(scores[:, sure], targets.numpy()[sure].astype(float))))
    for seen, unseen in folds(targets * known):
        own = fitted_weights(Cells.of(scores[:, seen], targets[seen].numpy(), sure[seen]))
        assert torch.equal(values[unseen], mean_probabilities(scores[:, unseen], own))


def test_fewer_films_than_folds_share_their_weights() -> None:
    scores, targets = np.zeros((2, FOLDS - 1, 1)), torch.zeros(FOLDS - 1, 1, dtype=torch.int)
    weights, values = cross_fitted_mean(scores, targets, None, equal_weights)
    assert weights.tolist() == [0.5, 0.5]
    assert values.flatten().tolist() == [0.5] * (FOLDS - 1)
