"""The numbers of runs from which their tables are made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from genre.errors import UserError
from genre.runs.folder import RunFolder
from genre.runs.records import Interval, read_intervals, read_per_genre


@dataclass(frozen=True)
class Scores:
    """The numbers of one run.

    Attributes:
        name: of the run, short enough for the head of a column.
        metrics: by flat name, such as `test/jaccard`.
        intervals: 95 % bootstrap intervals of metrics, by the same names.
        per_genre: of the test films, one row per genre, frequent ones (in training) first.
    """

    name: str
    metrics: dict[str, float]
    intervals: dict[str, Interval]
    per_genre: pd.DataFrame


def read_scores(runs: Sequence[RunFolder]) -> list[Scores]:
    """The numbers of finished runs, in their order.

    Raises:
        UserError: when a run has no intervals, or one is named twice.
    """
    return [_read(run, name) for run, name in zip(runs, _short_names(runs), strict=True)]


def _read(run: RunFolder, name: str) -> Scores:
    intervals = read_intervals(run)
    per_genre = read_per_genre(run)
    by_frequency = per_genre.sort_values("training_films", ascending=False, kind="stable", ignore_index=True)
    return Scores(name, run.metrics(), intervals, by_frequency)


def _short_names(runs: Sequence[RunFolder]) -> list[str]:
    """What stands before the hash in the name of each run's folder; the whole name or path where that is not enough."""
    paths = [run.path.resolve() for run in runs]
    for path, times in Counter(paths).items():
        if times > 1:
            raise UserError(f"beside={path}: is the run itself, or named twice")
    labels = [path.name.rpartition("_")[0] or path.name for path in paths]
    folders = [path.name for path in paths]
    return [
        label if labels.count(label) == 1 else path.name if folders.count(path.name) == 1 else str(path)
        for label, path in zip(labels, paths, strict=True)
    ]
