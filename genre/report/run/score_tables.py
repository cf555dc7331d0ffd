"""The tables of runs: the numbers from which CSV files, Markdown and the console's tables are made."""

from collections.abc import Sequence

import pandas as pd

from genre.metrics.names import AVERAGES, METRICS, PARTS, SCORES
from genre.runs.scores import Scores


def summary(scores: Scores) -> str:
    """What the numbers are of, and what a constant prediction reaches, in two sentences."""
    metrics = scores.metrics
    return (
        f"{metrics['test/films']:,.0f} test and {metrics['val/films']:,.0f} validation films; "
        f"{metrics['test/labels_supported']:.0f} of {metrics['test/labels']:.0f} genres occur among the test films. "
        f"Always predicting the most frequent genre: test Jaccard {metrics['test/jaccard_most_frequent']:.3f}."
    )


def metrics_table(scores: Scores) -> pd.DataFrame:
    """metric, then for test, validation and, where there was one, cross-validation its value and interval's ends."""
    return _metric_rows([(scores, part, column) for part, column in _parts(scores).items()])


def averages_table(scores: Scores) -> pd.DataFrame:
    """part, average, then precision, recall and F1, each with the ends of its interval."""
    rows = []
    for part, title in _parts(scores).items():
        for average in AVERAGES:
            row: dict[str, str | float | None] = {"part": title, "average": average}
            for score in SCORES:
                row |= _cells(scores, f"{part}/{score}_{average}", score)
            rows.append(row)
    return pd.DataFrame(rows)


def comparison(runs: Sequence[Scores]) -> pd.DataFrame:
    """metric, then for each run its value on the test films with the ends of its interval."""
    return _metric_rows([(run, "test", run.name) for run in runs])


def genre_comparison(runs: Sequence[Scores]) -> pd.DataFrame:
    """genre, support, then for each run its F1 with the ends of its interval."""
    table = runs[0].per_genre[["genre", "support"]]
    for run in runs:
        own = run.per_genre[["genre", "f1", "f1_low", "f1_high"]]
        table = table.merge(own.set_axis(["genre", run.name, f"{run.name}_low", f"{run.name}_high"], axis="columns"))
    return table


def _parts(scores: Scores) -> dict[str, str]:
    """The parts that a run has metrics of, and what they are called."""
    return {part: title for part, title in PARTS.items() if f"{part}/films" in scores.metrics}


def _metric_rows(columns: Sequence[tuple[Scores, str, str]]) -> pd.DataFrame:
    """A row for each metric and its title; each column is a part of a run's films with the head of the column."""
    rows = []
    for name, title in METRICS.items():
        row: dict[str, str | float | None] = {"metric": title}
        for scores, part, column in columns:
            row |= _cells(scores, f"{part}/{name}", column)
        rows.append(row)
    return pd.DataFrame(rows)


def _cells(scores: Scores, name: str, column: str) -> dict[str, float | None]:
    """A metric and the ends of its interval, where it has them, as cells of `column`."""
    low, high = scores.intervals.get(name, (None, None))
    return {column: scores.metrics.get(name), f"{column}_low": low, f"{column}_high": high}
