"""Metrics of label matrices with unknown cells: those of the known cells, which are picked out here one by one."""

import json
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from torch import Tensor

from genre.metrics import (
    bootstrap,
    calibration_metrics,
    film_metrics,
    multilabel_metrics,
    paired_bootstrap,
    per_label_metrics,
    ranking_metrics,
    reliability,
)
from genre.metrics.calibration import bin_numbers, label_calibration_error
from genre.metrics.ranking import film_rankings, label_average_precision
from genre.metrics.sets import film_scores, label_scores
from genre.metrics.weighted import WeightedMetrics

NAMES = [f"label{number}" for number in range(21)]

few = settings(max_examples=20)
seeds = st.integers(0, 10_000)
sizes = st.integers(1, 40)


def share(part: float, whole: float, nothing: float = 0.0) -> float:
    return part / whole if whole else nothing


def sets_of(chosen: Sequence[int], true: Sequence[int]) -> dict[str, float]:
    hits = sum(a * b for a, b in zip(chosen, true, strict=True))
    return {
        "precision": share(hits, sum(chosen)),
        "recall": share(hits, sum(true)),
        "f1": share(2 * hits, sum(chosen) + sum(true)),
    }


def film_by_hand(chances: list[float], chosen: list[int], true: list[int]) -> dict[str, float]:
    """Scores of a film of which no more than these cells is known."""
    hits = sum(a * b for a, b in zip(chosen, true, strict=True))
    positives = [chance for chance, cell in zip(chances, true, strict=True) if cell]
    negatives = [chance for chance, cell in zip(chances, true, strict=True) if not cell]
    ranks = [sum(chance >= positive for chance in chances) for positive in positives]
    ranks_among_true = [sum(chance >= positive for chance in positives) for positive in positives]
    wrong_pairs = sum(negative >= positive for positive in positives for negative in negatives)
    return {
        "jaccard": share(hits, sum(chosen) + sum(true) - hits),
        "hamming_loss": share(sum(a != b for a, b in zip(chosen, true, strict=True)), len(true)),
        "subset_accuracy": float(chosen == true),
        "at_least_one": float(hits >= 1),
        "at_least_two": float(hits >= 2),
        "all_found": float(hits == sum(true)),
        "cardinality_true": sum(true),
        "cardinality_predicted": sum(chosen),
        "ranking_loss": share(wrong_pairs, len(positives) * len(negatives)),
        "coverage_error": max(ranks, default=0),
        "lrap": share(sum(map(share, ranks_among_true, ranks)), len(positives), nothing=1.0),
    } | {f"{name}_samples": score for name, score in sets_of(chosen, true).items()}


def cells_by_hand(chances: list[float], chosen: list[int], true: list[int]) -> dict[str, float]:
    """Scores of a label, or of all together, of which no more than these cells is known."""
    bins = bin_numbers(np.array(chances))
    error = 0.0
    for cells in (np.flatnonzero(bins == number) for number in range(15)):
        error += abs(sum(chances[cell] - true[cell] for cell in cells))
    return {
        "support": sum(true),
        "predicted": sum(chosen),
        "known": len(true),
        "average_precision": sk.average_precision_score(true, chances) if any(true) else 0.0,
        "calibration_error": share(error, len(true)),
        "log_loss": share(sum(map(surprise, chances, true)), len(true)),
    } | sets_of(chosen, true)


def surprise(chance: float, true: int) -> float:
    return -math.log(min(max(chance if true else 1 - chance, 2**-23), 1 - 2**-23))


def by_hand(
    probabilities: Tensor, predicted: Tensor, targets: Tensor, known: Tensor
) -> tuple[list[dict[str, float]], list[dict[str, float]], dict[str, float]]:
    """Scores of each film, of each label, and of all cells."""
    parts = probabilities, predicted, targets
    films, labels = targets.shape
    return (
        [film_by_hand(*(part[film][known[film]].tolist() for part in parts)) for film in range(films)],
        [cells_by_hand(*(part[:, label][known[:, label]].tolist() for part in parts)) for label in range(labels)],
        cells_by_hand(*(part[known].tolist() for part in parts)),
    )


def column(rows: list[dict[str, float]], name: str) -> list[float]:
    return [row[name] for row in rows]


@few
@given(seeds, sizes, st.integers(1, 4))
def test_films_and_labels_are_scored_on_their_known_cells(partly_known, seed: int, size: int, decimals: int) -> None:
    probabilities, predicted, targets, known = partly_known(seed, size, decimals)
    films, labels, _ = by_hand(probabilities, predicted, targets, known)
    scores = film_scores(predicted, targets, known) | film_rankings(probabilities, targets, known)
    assert set(scores) == set(films[0])
    for name, values in scores.items():
        assert values.dtype == torch.float64
        assert values.tolist() == pytest.approx(column(films, name), abs=1e-12), name
    table = per_label_metrics(predicted, targets, NAMES, probabilities, known)
    assert set(table) == {"genre", *labels[0]}
    for name in labels[0]:
        assert table[name].to_numpy() == pytest.approx(column(labels, name), abs=1e-6), name
    for name, values in label_scores(predicted, targets, known).items():
        assert values.numpy() == pytest.approx(column(labels, name), abs=1e-6), name
    precision = label_average_precision(probabilities, targets, known)
    assert precision.numpy() == pytest.approx(column(labels, "average_precision"), abs=1e-6)
    error = label_calibration_error(probabilities, targets, known)
    assert error == pytest.approx(column(labels, "calibration_error"), abs=1e-12)


@few
@given(seeds, sizes, st.integers(1, 4))
def test_splits_are_scored_on_their_known_cells(partly_known, seed: int, size: int, decimals: int) -> None:
    parts = partly_known(seed, size, decimals)
    films, labels, cells = by_hand(*parts)
    supported = [label for label in labels if label["support"]]
    expected = {name: np.mean(column(films, name)) for name in films[0]}
    for name in ("precision", "recall", "f1"):
        weighted = sum(label[name] * label["support"] for label in labels)
        expected[f"{name}_micro"] = cells[name]
        expected[f"{name}_macro"] = np.mean(column(labels, name))
        expected[f"{name}_weighted"] = share(weighted, cells["support"])
    expected |= {
        "f1_macro_supported": share(sum(column(supported, "f1")), len(supported)),
        "mean_average_precision": share(sum(column(supported, "average_precision")), len(supported)),
        "map_micro": cells["average_precision"],
        "calibration_error": cells["calibration_error"],
        "calibration_error_macro": np.mean(column(labels, "calibration_error")),
        "log_loss": cells["log_loss"],
        "labels": 21,
        "labels_supported": len(supported),
    }
    found = film_metrics(*parts)
    assert set(found) == set(expected)
    for name in found:
        assert found[name] == pytest.approx(expected[name], abs=1e-6), name


@few
@given(seeds, sizes, st.integers(1, 4))
def test_a_resample_is_films_repeated(partly_known, seed: int, size: int, decimals: int) -> None:
    parts = partly_known(seed, size, decimals)
    counts = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=2).T  # (B, 2)
    values, label_f1 = WeightedMetrics(*parts)(counts.astype(float))
    for resample in range(2):
        repeated = [part.repeat_interleave(torch.from_numpy(counts[:, resample]), dim=0) for part in parts]
        naive = film_metrics(*repeated)
        assert set(values) == set(naive) - {"labels", "labels_supported"}
        for name in values:
            assert values[name][resample] == pytest.approx(naive[name], abs=1e-6), name
        assert label_f1[:, resample] == pytest.approx(label_scores(*repeated[1:])["f1"].numpy(), abs=1e-6)


def test_resamples_and_their_differences_are_of_known_cells(partly_known) -> None:
    probabilities, predicted, targets, known = partly_known(0)
    other = 1 - probabilities, 1 - predicted
    metrics, others = film_metrics(probabilities, predicted, targets, known), film_metrics(*other, targets, known)
    resampled = bootstrap(probabilities, predicted, targets, known, resamples=2)
    assert resampled.points == pytest.approx([metrics[name] for name in resampled.names], abs=1e-6)
    table = paired_bootstrap((probabilities, predicted), other, targets, known, resamples=2)
    assert table["a"].to_numpy() == pytest.approx([metrics[name] for name in table["metric"]], abs=1e-6)
    assert table["b"].to_numpy() == pytest.approx([others[name] for name in table["metric"]], abs=1e-6)


def test_reliability_is_of_known_cells(partly_known) -> None:
    probabilities, _, targets, known = partly_known(0, decimals=3)
    table = reliability(probabilities, targets, bins=10, known=known)
    pd.testing.assert_frame_equal(table, reliability(probabilities[known], targets[known], bins=10))
    assert table["count"].sum() == known.sum() < known.numel()
    by_label = reliability(probabilities[:, 0], targets[:, 0], known=known[:, 0])
    assert by_label["count"].sum() == known[:, 0].sum() > 0
    none = reliability(probabilities, targets, known=torch.zeros_like(known))
    assert none["count"].tolist() == [0] * 15
    assert none["share_positive"].isna().all()


def everything(probabilities: Tensor, predicted: Tensor, targets: Tensor, known: Tensor | None) -> dict[str, object]:
    """All that depends on known cells, in plain values."""
    resampled = bootstrap(probabilities, predicted, targets, known, resamples=3)
    tensors = {
        "films": film_scores(predicted, targets, known) | film_rankings(probabilities, targets, known),
        "labels": label_scores(predicted, targets, known)
        | {"average_precision": label_average_precision(probabilities, targets, known)},
    }
    return {part: {name: values.tolist() for name, values in scores.items()} for part, scores in tensors.items()} | {
        "sets": multilabel_metrics(predicted, targets, known),
        "ranking": ranking_metrics(probabilities, targets, known),
        "calibration": calibration_metrics(probabilities, targets, known),
        "errors": label_calibration_error(probabilities, targets, known).tolist(),
        "reliability": reliability(probabilities, targets, known=known).fillna(-1).to_dict(),
        "all": film_metrics(probabilities, predicted, targets, known),
        "per_label": per_label_metrics(predicted, targets, NAMES, probabilities, known).to_dict(),
        "resamples": [resampled.points.tolist(), resampled.values.tolist(), resampled.label_f1.tolist()],
        "pair": paired_bootstrap(
            (probabilities, predicted), (1 - probabilities, predicted), targets, known, resamples=3
        ).to_dict(),
    }


@few
@given(seeds, sizes)
def test_all_known_is_as_if_nothing_had_been_said(random_films, seed: int, size: int) -> None:
    parts = random_films(seed, size)
    known = everything(*parts, torch.ones_like(parts[2], dtype=torch.bool))
    assert known["per_label"].pop("known") == dict.fromkeys(range(21), size)
    assert known == everything(*parts, None)


@few
@given(seeds, sizes)
def test_what_stands_in_unknown_cells_has_no_say(partly_known, seed: int, size: int) -> None:
    *parts, known = partly_known(seed, size)
    others = [torch.where(known, part, 1 - part) for part in parts]
    assert everything(*parts, known) == everything(*others, known)


def test_nothing_known_gives_numbers_that_json_can_hold(partly_known) -> None:
    *parts, known = partly_known(0)
    found = film_metrics(*parts, torch.zeros_like(known))
    json.dumps(found, allow_nan=False)
    assert {name for name, value in found.items() if value} == {"subset_accuracy", "all_found", "lrap", "labels"}
    assert WeightedMetrics(*parts, torch.zeros_like(known))(np.ones((60, 1)))[0]["calibration_error"] == [0]
