"""The tables of runs: the numbers from which CSV files, Markdown and the console's tables are made."""

from collections.abc import Mapping, Sequence

import pandas as pd
from torch import Tensor

from genre.metrics import reliability
from genre.metrics.names import AVERAGES, METRICS, OF_LABELS, PARTS, SCORES
from genre.runs.scores import Scores

INTERVALS_TOLD = (
    "In brackets: 95 % bootstrap intervals over films. Those of macro means lean downwards where genres are rare: a "
    "resample without a film of a genre has F1 0 there."
)


def summary(scores: Scores) -> str:
    """What the numbers are of, and what a constant prediction reaches, in two sentences."""
    metrics = scores.metrics
    return (
        f"{metrics['test/films']:,.0f} test and {metrics['val/films']:,.0f} validation films; "
        f"{metrics['test/labels_supported']:.0f} of {metrics['test/labels']:.0f} genres occur among the test films. "
        f"Always predicting the most frequent genre: test Jaccard {metrics['test/jaccard_most_frequent']:.3f}."
    )


def scoring_note(scores: Scores) -> str | None:
    """What the ways of scoring are, where there are several."""
    if "test_known/films" not in scores.metrics:
        return None
    told = "Test: what the cells do not name counts as false. Known cells: what nobody knows does not count."
    return f"{told} Whole files: genres of which a file tells all films." if _files(scores) else told


def metrics_table(scores: Scores) -> pd.DataFrame:
    """metric, then for test, validation and, where there was one, cross-validation its value and interval's ends.

    Of validation and cross-validation known cells alone where not all are known.
    """
    parts = _parts(scores)
    shown = [part for part in parts if part in ("test", "test_known") or f"{part}_known" not in parts]
    return _metric_rows([(scores, part, parts[part]) for part in shown if part != "test_files"], METRICS)


def files_table(scores: Scores) -> pd.DataFrame | None:
    """Metric and its value with the interval's ends, of those labels alone that whole files tell, if there are any."""
    if not _files(scores):
        return None
    names = {name: title for name, title in METRICS.items() if name in OF_LABELS}
    return _metric_rows([(scores, "test_files", PARTS["test_files"])], names)


def averages_table(scores: Scores) -> pd.DataFrame:
    """part, average, then precision, recall and F1, each with the ends of its interval."""
    rows = []
    for part, title in _parts(scores).items():
        if part == "test_files":  # it has no mean over films
            continue
        for average in AVERAGES:
            row: dict[str, str | float | None] = {"part": title, "average": average}
            for score in SCORES:
                row |= _cells(scores, f"{part}/{score}_{average}", score)
            rows.append(row)
    return pd.DataFrame(rows)


def reliability_table(probabilities: Tensor, targets: Tensor) -> pd.DataFrame:
    """Bins of the test films' probabilities: from, to, mean_probability, share_positive with its interval, count."""
    table = reliability(probabilities, targets).rename(columns={"bin": "from"})
    table["from"] = table["from"] / len(table)
    table.insert(1, "to", table["from"] + 1 / len(table))
    return table


def calibration_table(scores: Scores) -> pd.DataFrame | None:
    """metric, before and after calibration for each way of scoring test films; None where nothing was calibrated."""
    parts = [part for part in ("test", "test_known", "test_files") if f"{part}/log_loss_raw" in scores.metrics]
    names = ("calibration_error", "calibration_error_macro", "log_loss")
    table = pd.DataFrame({"metric": [METRICS[name] for name in names]})
    for part in parts:
        table[f"{PARTS[part]}, before"] = [scores.metrics[f"{part}/{name}_raw"] for name in names]
        table[f"{PARTS[part]}, after"] = [scores.metrics[f"{part}/{name}"] for name in names]
    return table if parts else None


def genre_calibration_table(scores: Scores) -> pd.DataFrame | None:
    """The same of each genre: of known cells where not all are known."""
    table = scores.per_genre
    known = "known_" if "known_f1" in table else ""
    if f"{known}log_loss_raw" not in table:
        return None
    found = table[["genre", f"{known}support"]].rename(columns={f"{known}support": "support"})
    for name, title in (("calibration_error", "calibration error"), ("log_loss", "log loss")):
        found[f"{title}, before"], found[f"{title}, after"] = table[f"{known}{name}_raw"], table[f"{known}{name}"]
    return found


def comparison(runs: Sequence[Scores]) -> pd.DataFrame:
    """metric, then for each run its value on the test films with the ends of its interval.

    Of metrics that all of them know: a run of an earlier version may lack one.
    """
    known = {name: title for name, title in METRICS.items() if all(f"test/{name}" in run.metrics for run in runs)}
    return _metric_rows([(run, "test", run.name) for run in runs], known)


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


def _files(scores: Scores) -> bool:
    return "test_files/films" in scores.metrics


def _metric_rows(columns: Sequence[tuple[Scores, str, str]], metrics: Mapping[str, str]) -> pd.DataFrame:
    """A row for each of these metrics by its title; each column is a part of a run's films with the column's head."""
    rows = []
    for name, title in metrics.items():
        row: dict[str, str | float | None] = {"metric": title}
        for scores, part, column in columns:
            row |= _cells(scores, f"{part}/{name}", column)
        rows.append(row)
    return pd.DataFrame(rows)


def _cells(scores: Scores, name: str, column: str) -> dict[str, float | None]:
    """A metric and the ends of its interval, where it has one, as cells of `column`."""
    low, high = scores.intervals.get(name, (None, None))
    return {column: scores.metrics[name], f"{column}_low": low, f"{column}_high": high}
