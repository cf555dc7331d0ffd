"""What is known of films' labels, and what predictions are scored against."""

import numpy as np
import pytest
import torch

from genre.data.datamodule import truth_batch, truth_of
from genre.data.truth import Truth


def truth() -> Truth:
    """Three films and labels: a file tells the last one, which the cell of the second film lacks."""
    return Truth(
        labels=np.array([[1, 0, 0], [0, 1, 1], [1, 1, 0]], dtype=np.uint8),
        known=np.array([[1, 0, 1], [1, 1, 1], [1, 1, 1]], dtype=bool),
        cells=np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0]], dtype=np.uint8),
        by_files=np.array([False, False, True]),
    )


def test_there_are_three_ways_of_scoring() -> None:
    assert truth().ways == ["", "_known", "_files"]
    cells, known, files = (truth().scoring(way) for way in truth().ways)
    assert (cells.targets.tolist(), cells.known, cells.labels) == (truth().cells.tolist(), None, None)
    assert (known.targets.tolist(), known.labels) == (truth().labels.tolist(), None)
    assert known.known is not None
    assert known.known.tolist() == truth().known.tolist()
    assert files.targets.tolist() == [[0], [1], [0]]
    assert files.known is not None
    assert files.known.all()
    assert files.of_labels(torch.arange(9).reshape(3, 3)).tolist() == [[2], [5], [8]]


def test_where_all_is_known_there_is_one_way() -> None:
    whole = Truth.complete(truth().labels)
    assert whole.is_complete
    assert whole.ways == [""]
    assert whole.recorded("val_known/jaccard") == "val/jaccard"
    assert whole.scoring_of("val_known/jaccard").known is None
    assert truth_batch(whole, np.array([0])).keys() == {"labels"}


@pytest.mark.parametrize("way", ["val/f1_macro", "val_known/f1_macro"])
def test_a_metric_names_its_way(way: str) -> None:
    assert truth().recorded(way) == way
    assert (truth().scoring_of(way).known is None) == (way == "val/f1_macro")


def test_without_whole_files_nothing_is_told_by_them() -> None:
    from_cells = Truth(truth().labels, truth().known, truth().cells, np.zeros(3, dtype=bool))
    assert from_cells.ways == ["", "_known"]


def test_batches_hold_it_and_give_it_back() -> None:
    rows = [np.array([2]), np.array([0, 1])]
    again = truth_of([truth_batch(truth(), some) for some in rows])
    expected = truth().of(np.array([2, 0, 1]))
    for name in ("labels", "known", "cells"):
        assert np.array_equal(getattr(again, name), getattr(expected, name))
    both = expected.with_films(truth())
    assert np.array_equal(both.known, np.concatenate([expected.known, truth().known]))
