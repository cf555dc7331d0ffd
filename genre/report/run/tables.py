"""The tables of runs: numbers for CSV files, and the same as text for Markdown and the console."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from genre.runs.scores import Scores

PARTS = {"test": "test", "val": "validation", "cv": "cross-validation"}
AVERAGES = ("samples", "micro", "macro", "weighted")
SCORES = ("precision", "recall", "f1")
METRICS = {
    "jaccard": "Jaccard (samples)",
    "hamming_loss": "Hamming loss",
    "subset_accuracy": "Subset accuracy",
    "precision_samples": "Precision (samples)",
    "recall_samples": "Recall (samples)",
    "f1_samples": "F1 (samples)",
    "f1_micro": "F1 (micro)",
    "f1_macro": "F1 (macro)",
    "f1_macro_supported": "F1 (macro, with support)",
    "at_least_one": "At least one",
    "at_least_two": "At least two",
    "cardinality_true": "Genres a film, true",
    "cardinality_predicted": "Genres a film, predicted",
    "fallback_share": "Films under every threshold",
    "mean_average_precision": "Average precision (macro)",
    "map_micro": "Average precision (micro)",
    "lrap": "Label ranking precision",
    "ranking_loss": "Ranking loss",
    "coverage_error": "Coverage error",
    "calibration_error": "Calibration error (pooled)",
    "calibration_error_macro": "Calibration error (macro)",
}


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


def as_text(table: pd.DataFrame, *, digits: int = 3, intervals: bool = True) -> pd.DataFrame:
    """Every cell as people read it: the columns X, X_low and X_high become one, `0.512 (0.498–0.527)`.

    Args:
        table: of this module.
        digits: after the decimal point.
        intervals: False leaves them out.
    """
    ends = {f"{name}_{end}" for name in table for end in ("low", "high")}
    texts = {name: [_text(value, digits) for value in table[name]] for name in table if name not in ends}
    for name in texts if intervals else ():
        if f"{name}_low" in table:
            between = zip(texts[name], table[f"{name}_low"], table[f"{name}_high"], strict=True)
            dash = " to " if (table[f"{name}_low"] < 0).any() else "–"  # which could be read as a minus
            texts[name] = [
                value if pd.isna(low) else f"{value} ({low:.{digits}f}{dash}{high:.{digits}f})"
                for value, low, high in between
            ]
    return pd.DataFrame(texts)


def markdown(texts: pd.DataFrame, left: Sequence[str] = ()) -> str:
    """A table of texts in Markdown: the first column and those named to the left, the others to the right."""
    rule = ["---" if name in (texts.columns[0], *left) else "---:" for name in texts]
    rows: list[Sequence[str]] = [list(texts.columns), rule, *texts.to_numpy().tolist()]
    return "".join(f"| {' | '.join(_escaped(cell) for cell in row)} |\n" for row in rows)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


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
    """A metric and the ends of its interval, where it has one, as cells of `column`."""
    low, high = scores.intervals.get(name, (None, None))
    return {column: scores.metrics[name], f"{column}_low": low, f"{column}_high": high}


def _text(value: Any, digits: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    return "–" if pd.isna(value) else f"{value:.{digits}f}"
