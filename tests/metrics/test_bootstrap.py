"""A resample's metrics are the metrics of its films, repeated as often as they were drawn."""

import importlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from sklearn import metrics as sk
from torch import Tensor

from genre.metrics import bootstrap, film_metrics, paired_bootstrap
from genre.metrics.bootstrap import BIASED
from genre.metrics.weighted import WeightedMetrics

COUNTS_OF_LABELS = {"labels", "labels_supported"}
# torchmetrics computes these in float32
IN_FLOAT32 = {
    f"{name}_{average}" for name in ("f1", "precision", "recall") for average in ("micro", "macro", "weighted")
}
IN_FLOAT32 |= {"f1_macro_supported", "mean_average_precision", "map_micro"}


def in_float64(probabilities: Tensor, predicted: Tensor, targets: Tensor) -> dict[str, float]:
    """By scikit-learn, what `film_metrics` computes in float32."""
    supported = targets.sum(dim=0).numpy() > 0
    metrics = {"f1_macro_supported": 0.0, "mean_average_precision": 0.0, "map_micro": 0.0}
    for average in ("micro", "macro", "weighted"):
        scores = sk.precision_recall_fscore_support(targets, predicted, average=average, zero_division=0)
        metrics |= {
            f"{name}_{average}": score for name, score in zip(("precision", "recall", "f1"), scores[:3], strict=True)
        }
    if supported.any():
        chances, true, chosen = (part.numpy()[:, supported] for part in (probabilities, targets, predicted))
        metrics["f1_macro_supported"] = np.mean(sk.f1_score(true, chosen, average=None, zero_division=0))
        metrics["mean_average_precision"] = np.mean(
            [sk.average_precision_score(*pair) for pair in zip(true.T, chances.T, strict=True)]
        )
        metrics["map_micro"] = sk.average_precision_score(targets.flatten(), probabilities.flatten())
    return metrics


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 4))
def test_a_resample_is_films_repeated(random_films, seed: int, films: int, decimals: int) -> None:
    parts = random_films(seed, films, decimals)
    counts = np.random.default_rng(seed).multinomial(films, np.full(films, 1 / films), size=2).T  # (B, 2)
    values, label_f1 = WeightedMetrics(*parts)(counts.astype(float))
    for resample in range(2):
        repeated = [part.repeat_interleave(torch.from_numpy(counts[:, resample]), dim=0) for part in parts]
        naive = film_metrics(*repeated)
        assert set(values) == set(naive) - COUNTS_OF_LABELS
        for name in values:
            tolerance = 1e-6 if name in IN_FLOAT32 else 1e-9
            assert values[name][resample] == pytest.approx(naive[name], abs=tolerance), name
        precise = in_float64(*repeated)
        assert set(precise) == IN_FLOAT32
        for name in precise:
            assert values[name][resample] == pytest.approx(precise[name], abs=1e-9), name
        by_label = sk.f1_score(repeated[2], repeated[1], average=None, zero_division=0)
        assert label_f1[:, resample] == pytest.approx(by_label, abs=1e-9)


def test_points_are_the_metrics_of_the_films(random_films) -> None:
    parts = random_films(3)
    resampled = bootstrap(*parts, resamples=2)
    metrics = film_metrics(*parts)
    assert set(resampled.names) == set(metrics) - COUNTS_OF_LABELS
    assert resampled.points == pytest.approx([metrics[name] for name in resampled.names], abs=1e-6)


def test_the_same_seed_draws_the_same_films_in_chunks_of_any_size(random_films, monkeypatch) -> None:
    parts = random_films(0)
    once = bootstrap(*parts, resamples=7, seed=3)
    monkeypatch.setattr(importlib.import_module("genre.metrics.bootstrap"), "_COUNTS_AT_ONCE", 2 * 60)
    chunked = bootstrap(*parts, resamples=7, seed=3)
    assert once.values.shape == (7, len(once.names))
    assert once.label_f1.shape == (7, 21)
    assert chunked.values == pytest.approx(once.values, abs=1e-12)
    assert chunked.label_f1 == pytest.approx(once.label_f1, abs=1e-12)
    assert not np.allclose(bootstrap(*parts, resamples=7, seed=4).values, once.values)


def right_in(share: float, films: int = 400) -> tuple[Tensor, Tensor, Tensor]:
    """Films of one of two labels, of which a share is predicted right."""
    targets = torch.eye(2, dtype=torch.int)[torch.arange(films) % 2]
    predicted = torch.where(torch.arange(films)[:, None] < share * films, targets, 1 - targets)
    return predicted * 0.8 + 0.1, predicted, targets


def test_the_interval_of_a_share_is_the_binomial_one() -> None:
    resampled = bootstrap(*right_in(0.3), resamples=4000)
    low, high = binom.ppf([0.025, 0.975], 400, 0.3) / 400
    intervals = resampled.intervals()
    assert intervals["subset_accuracy"] == pytest.approx((low, high), abs=0.005)
    assert intervals["hamming_loss"] == pytest.approx((1 - high, 1 - low), abs=0.005)
    assert intervals["cardinality_true"] == pytest.approx((1, 1))


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(0)
    covered = 0
    for _ in range(200):
        predicted = torch.from_numpy(random.random((150, 1)) < 0.4).int()
        low, high = bootstrap(predicted * 0.8 + 0.1, predicted, torch.ones(150, 1), resamples=200).intervals()[
            "jaccard"
        ]
        covered += low <= 0.4 <= high
    assert 0.90 <= covered / 200 <= 0.99


def test_every_interval_that_is_given_is_one() -> None:
    """Also with a long tail of labels; what resampling cannot tell of has none."""
    shares = torch.linspace(0.4, 0.03, 8)
    random = torch.Generator().manual_seed(0)

    def films(number: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        targets = (torch.rand(number, 8, generator=random) < shares).int()
        probabilities = torch.sigmoid(torch.randn(number, 8, generator=random) + 2 * targets - 1.5)
        return probabilities, (probabilities >= 0.5).int(), targets

    truth = film_metrics(*films(100_000))
    given = [bootstrap(*films(300), resamples=200).intervals() for _ in range(60)]
    assert set(given[0]) == set(truth) - COUNTS_OF_LABELS - BIASED
    for name in given[0]:
        covered = np.mean([intervals[name][0] <= truth[name] <= intervals[name][1] for intervals in given])
        assert covered >= 0.85, name


def test_label_intervals_are_wider_for_rarer_labels(random_films) -> None:
    targets = torch.zeros(300, 3, dtype=torch.int)
    targets[:150, 0] = targets[:20, 1] = 1  # the last label has no support
    predicted = targets.clone()
    predicted[::4] = 0
    low, high = bootstrap(predicted * 0.9, predicted, targets).label_f1_intervals()
    assert (low[:2] < high[:2]).all()
    assert (high - low)[1] > 2 * (high - low)[0]
    assert low[2] == high[2] == 0


def test_one_film_has_intervals_of_no_width() -> None:
    resampled = bootstrap(torch.tensor([[0.9, 0.2]]), torch.tensor([[1, 0]]), torch.tensor([[1, 1]]), resamples=5)
    assert (resampled.values == resampled.points).all()
    assert resampled.intervals()["jaccard"] == (0.5, 0.5)


def test_a_system_does_not_differ_from_itself(random_films) -> None:
    probabilities, predicted, targets = random_films(0)
    table = paired_bootstrap((probabilities, predicted), (probabilities, predicted), targets, resamples=50)
    assert (table[["difference", "low", "high"]] == 0).all(axis=None)
    assert (table["p_value"] == 1).all()
    assert not table["significant"].any()


def test_a_better_system_is_significantly_better() -> None:
    *worse, targets = right_in(0.5)
    *better, _ = right_in(0.7)
    table = paired_bootstrap(tuple(worse), tuple(better), targets).set_index("metric")
    jaccard = table.loc["jaccard"]
    assert (jaccard["a"], jaccard["b"], jaccard["difference"]) == pytest.approx((0.5, 0.7, 0.2))
    # the systems differ in a fifth of the films, the better one right in all of them
    assert (jaccard["low"], jaccard["high"]) == pytest.approx(binom.ppf([0.025, 0.975], 400, 0.2) / 400, abs=0.01)
    assert jaccard["p_value"] == pytest.approx(2 / 1001)
    assert jaccard["significant"]
    assert table.loc["ranking_loss", "difference"] < 0
    assert table.loc["cardinality_true", ["p_value", "significant"]].tolist() == [1, False]


def test_a_better_film_or_two_is_no_significant_difference() -> None:
    *worse, targets = right_in(0.5)
    *better, _ = right_in(0.505)
    table = paired_bootstrap(tuple(worse), tuple(better), targets).set_index("metric")
    # neither of the two films is in about exp(-2) of the resamples, and then nothing differs
    assert table.loc["jaccard", "p_value"] == pytest.approx(2 * np.exp(-2), abs=0.05)
    assert not table.loc["jaccard", "significant"]


def test_swapping_the_systems_turns_the_signs(random_films) -> None:
    probabilities, predicted, targets = random_films(0)
    _, other, _ = random_films(1)
    table = paired_bootstrap((probabilities, predicted), (1 - probabilities, other), targets, resamples=200)
    swapped = paired_bootstrap((1 - probabilities, other), (probabilities, predicted), targets, resamples=200)
    assert (table["difference"] != 0).any()
    assert swapped["difference"].to_numpy() == pytest.approx(-table["difference"].to_numpy())
    assert swapped["low"].to_numpy() == pytest.approx(-table["high"].to_numpy(), abs=1e-9)
    assert swapped["p_value"].tolist() == table["p_value"].tolist()
