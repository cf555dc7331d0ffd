"""What the report hands over as tables: points of precision-recall curves, and the films of its page."""

import numpy as np
import pandas as pd
import pytest
import torch

from genre.data.truth import Truth
from genre.report.run.curves import curve, curve_table
from genre.report.run.films import best, film_table, surprising, worst
from genre.runs.predictions import PartPredictions, Predictions

GENRES = ("Comedy", "Drama", "War")


def part(targets: list[list[int]], probabilities: list[list[float]]) -> PartPredictions:
    told, truth = torch.tensor(probabilities), Truth.complete(np.array(targets, dtype=np.uint8))
    return PartPredictions([f"tt{row}" for row in range(len(targets))], told, truth, (told >= 0.5).int())


def test_a_curve_by_hand() -> None:
    # from the surest cell on: right, wrong, right; the highest precision of each recall, then nothing predicted
    recall, precision = curve(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1]))
    assert recall.tolist() == [1, 0.5, 0]
    assert precision.tolist() == pytest.approx([2 / 3, 1, 1])


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    random = np.random.default_rng(0)
    targets, probabilities = random.integers(2, size=5000), random.random(5000)
    recall, precision = curve(targets, probabilities)
    assert len(recall) == len(precision) == 100
    assert (recall[0], recall[-1]) == (1, 0)
    assert (np.diff(recall) < 0).all()


def test_only_genres_with_a_film_have_a_curve() -> None:
    table = curve_table(part([[1, 0, 0], [0, 1, 0]], [[0.9, 0.4, 0.1], [0.2, 0.3, 0.1]]), GENRES)
    assert list(table) == ["genre", "recall", "precision"]
    assert table["genre"].unique().tolist() == ["Comedy", "Drama"]
    assert table.query("genre == 'Drama' and recall == 1")["precision"].tolist() == [0.5]


def test_the_films_of_the_page_as_a_table() -> None:
    films = part([[1, 0, 0], [0, 1, 1]], [[0.9, 0.4, 0.1], [0.8, 0.3, 0.1]])
    texts = pd.DataFrame({"title": ["One", "Two"], "year": ["1990", ""], "description": ["A boat.", "A war, a love."]})
    table = film_table(Predictions(GENRES, torch.full((3,), 0.5), "val/jaccard", films, films), texts)
    orders = {"best": best(films), "worst": worst(films), "surprising": surprising(films)}
    assert [(row.kind, row.place, row.title) for row in table.itertuples()] == [
        (kind, place, texts["title"][row]) for kind, rows in orders.items() for place, row in enumerate(rows, 1)
    ]
    two = table.query("kind == 'worst'").iloc[0]
    assert (two["jaccard"], two["true"], two["predicted"]) == (0, "Drama, War", "Comedy")
    assert (two["likeliest"], two["description"]) == ("Comedy 0.80, Drama 0.30, War 0.10", "A war, a love.")
