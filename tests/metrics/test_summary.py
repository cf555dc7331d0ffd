"""All metrics of a split together, and the table of labels."""

import json

import pandas as pd
import pytest
import torch
from sklearn import metrics as sk

from genre.metrics import calibration_metrics, film_metrics, multilabel_metrics, per_label_metrics, ranking_metrics

NAMES = [f"label{number}" for number in range(21)]


def test_film_metrics_holds_all_of_the_three(random_films) -> None:
    probabilities, predicted, targets = random_films(0)
    metrics = film_metrics(probabilities, predicted, targets)
    parts = [
        multilabel_metrics(predicted, targets),
        ranking_metrics(probabilities, targets),
        calibration_metrics(probabilities, targets),
    ]
    assert len(metrics) == sum(map(len, parts))
    assert metrics == parts[0] | parts[1] | parts[2]


@pytest.mark.parametrize(
    ("predicted", "targets"), [([[0, 0]], [[0, 0]]), ([[1, 0]], [[0, 0]]), ([[1, 1]], [[1, 1]]), ([[1]], [[1]])]
)
def test_one_film_gives_numbers_that_json_can_hold(predicted, targets) -> None:
    predicted, targets = torch.tensor(predicted), torch.tensor(targets)
    json.dumps(film_metrics(predicted * 0.9, predicted, targets), allow_nan=False)


@pytest.mark.parametrize("seed", range(3))
def test_per_label_is_scikit_learns_report(random_films, seed: int) -> None:
    probabilities, predicted, targets = random_films(seed)
    table = per_label_metrics(predicted, targets, NAMES, probabilities)
    expected = sk.precision_recall_fscore_support(targets, predicted, average=None, zero_division=0)
    for column, values in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        assert table[column].to_numpy() == pytest.approx(values, abs=1e-6)
    assert table["predicted"].tolist() == predicted.sum(dim=0).tolist()
    assert table["genre"].tolist() == NAMES
    assert pd.api.types.is_integer_dtype(table["support"])
    for label in range(21):
        supported = targets[:, label].any()
        precision = sk.average_precision_score(targets[:, label], probabilities[:, label]) if supported else 0
        assert table["average_precision"][label] == pytest.approx(precision, abs=1e-6)


def test_the_means_of_per_label_columns_are_the_macro_metrics(random_films) -> None:
    probabilities, predicted, targets = random_films(5)
    table = per_label_metrics(predicted, targets, NAMES, probabilities)
    metrics = film_metrics(probabilities, predicted, targets)
    assert table["calibration_error"].mean() == pytest.approx(metrics["calibration_error_macro"])
    supported = table[table["support"] > 0]
    assert 0 < len(supported) < 21
    assert supported["average_precision"].mean() == pytest.approx(metrics["mean_average_precision"], abs=1e-6)
    assert table["f1"].mean() == pytest.approx(metrics["f1_macro"], abs=1e-6)
