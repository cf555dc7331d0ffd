"""Counts of genres and how sure their scores are, by hand."""

import numpy as np
import pandas as pd
import pytest

from genre.metrics import proportion_interval
from genre.report.genres import genre_scores, unsure


def per_genre(rows: dict[str, tuple[int, int, int, float, float]]) -> pd.DataFrame:
    """Rows of a run: by genre TP, FP, FN and the ends of F1's interval."""
    found = []
    for genre, (right, wrong, missed, low, high) in rows.items():
        support, predicted = right + missed, right + wrong
        found.append(
            {
                "genre": genre,
                "training_films": 9,
                "support": support,
                "predicted": predicted,
                "precision": right / max(predicted, 1),
                "recall": right / max(support, 1),
                "f1": 2 * right / max(support + predicted, 1),
                "f1_low": low,
                "f1_high": high,
                "average_precision": 0.5,
            }
        )
    return pd.DataFrame(found)


def test_counts_and_intervals() -> None:
    table = genre_scores(per_genre({"War": (3, 1, 2, 0.4, 0.9), "Drama": (4, 0, 0, 1.0, 1.0)})).set_index("genre")
    assert table.loc["War", ["TP", "FP", "FN", "support", "predicted"]].tolist() == [3, 1, 2, 5, 4]
    (low,), (high,) = proportion_interval([3], [4])
    assert table.loc["War", ["precision_low", "precision_high"]].tolist() == [low, high]
    (low,), (high,) = proportion_interval([3], [5])
    assert table.loc["War", ["recall_low", "recall_high"]].tolist() == [low, high]
    assert table.loc["War", ["f1_low", "f1_high"]].tolist() == [0.4, 0.9]
    assert np.isnan(table.loc["Drama", "f1_low"])  # four films that are all right say nothing of a fifth


def test_known_cells_where_not_all_are_known() -> None:
    cells = per_genre({"War": (3, 1, 2, 0.4, 0.9)})
    known = per_genre({"War": (3, 0, 1, 0.5, 1.0)}).drop(columns=["genre", "training_films"]).add_prefix("known_")
    table = genre_scores(cells.join(known))
    assert table[["TP", "FP", "FN"]].to_numpy().tolist() == [[3, 0, 1]]
    assert table["f1"][0] == pytest.approx(6 / 7)


def test_the_same_score_on_four_films_and_on_four_hundred() -> None:
    rows = {
        "four": (4, 1, 0, 0.5, 1.0),
        "four hundred": (400, 100, 0, 0.86, 0.92),
        "all found": (4, 0, 0, 1.0, 1.0),
        "nobody predicts it": (0, 0, 400, 0.0, 0.0),
        "on no film": (0, 3, 0, 0.0, 0.0),
    }
    wide = unsure(genre_scores(per_genre(rows))).set_axis(list(rows))
    assert wide.loc["four"].all()
    assert not wide.loc["four hundred"].any()
    assert wide.loc["all found"].all()
    assert wide.loc["nobody predicts it"].tolist() == [True, False, False]
    assert wide.loc["on no film", ["recall", "f1"]].all()
