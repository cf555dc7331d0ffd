"""What `scripts/evaluate.py run=... beside=[...]` prints on the console."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from truths.documents import cell, console_table, run_command
from truths.pages import check_films, check_page
from truths.scores import Scored, draws, ends_fit, p_bounds, p_value, scored, ways
from truths.truth import LEVEL, NUMBER, Checks, Floats, Truth, holm, near

RESAMPLES, MICRO = 5000, 1000  # own ones, and those in which cells are ranked
TOLD = 1000  # that the command draws; where it tests differences as many more as the correction needs
METRICS = {
    "Jaccard (samples)": "jaccard",
    "Hamming loss": "hamming_loss",
    "Subset accuracy": "subset_accuracy",
    "Precision (samples)": "precision_samples",
    "Recall (samples)": "recall_samples",
    "F1 (samples)": "f1_samples",
    "Precision (micro)": "precision_micro",
    "Recall (micro)": "recall_micro",
    "F1 (micro)": "f1_micro",
    "F1 (macro)": "f1_macro",
    "F1 (macro, with support)": "f1_macro_supported",
    "At least one": "at_least_one",
    "At least two": "at_least_two",
    "All found": "all_found",
    "Genres a film, true": "cardinality_true",
    "Genres a film, predicted": "cardinality_predicted",
    "Films under every threshold": "fallback_share",
    "Average precision (macro)": "mean_average_precision",
    "Average precision (micro)": "map_micro",
    "Label ranking precision": "lrap",
    "Ranking loss": "ranking_loss",
    "Coverage error": "coverage_error",
    "Calibration error (pooled)": "calibration_error",
    "Calibration error (macro)": "calibration_error_macro",
    "Log loss": "log_loss",
}
WITHOUT_ENDS = ("fallback_share", "mean_average_precision", "calibration_error", "calibration_error_macro")
COLUMNS = {
    "test": ("test", ""),
    "validation": ("val", ""),
    "test, known cells": ("test", "_known"),
    "validation, known cells": ("val", "_known"),
    "test, whole files": ("test", "_files"),
}
AVERAGES = ("samples", "micro", "macro", "weighted")


class Resampled:
    """Films of a part in one way of scoring, with resamples.

    Args:
        run: whose.
        part: `test` or `val`.
        way: of scoring.
    """

    def __init__(self, run: Truth, part: str, way: str) -> None:
        self.scored: Scored = scored(run, part, way)
        weights = draws(self.scored.films, RESAMPLES)
        self.points = self.scored.points() | {"fallback_share": fallback_share(run, part)}
        self.values = self.scored.resampled(weights)
        self.values["map_micro"] = self.scored.ranked_micro(weights[:MICRO])


def fallback_share(run: Truth, part: str) -> float:
    """Films without a probability at its threshold."""
    chances = np.stack(run.part(part)["probabilities"].tolist())
    return float((chances < thresholds(run)).all(axis=1).mean())


def thresholds(run: Truth) -> Floats:
    """(L,), in the precision of the probabilities."""
    return np.array(list(run.thresholds.values()), dtype=np.float32)


def check_evaluate(checks: Checks, run: Path, beside: Sequence[Path], folder: Path) -> None:
    """Evaluate a copy of a run and check what is printed of it.

    Args:
        checks: to add to.
        run: finished.
        beside: others on the same films.
        folder: for the copy.
    """
    copy = folder / run.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(run, copy)
    others = ",".join(map(str, beside))
    console = run_command("evaluate", [f"run={copy}", f"beside=[{others}]", "report.plots=true"])
    own = Truth(copy)
    parts = {title: Resampled(own, part, way) for title, (part, way) in COLUMNS.items() if way in ways(own, part)}
    check_sets(checks, own)
    check_metrics(checks, console_table(console, "Metrics, with 95 % intervals"), parts, own.folder.name)
    files = console_table(console, "Test: genres that whole files tell").rename(
        columns={"test, whole files": "test, whole files"}
    )
    checks.that("files", "told where there are some", files.empty == ("test, whole files" not in parts))
    check_metrics(checks, files, parts, own.folder.name)
    check_averages(checks, console_table(console, "Test: averages"), parts["test"])
    check_genres(checks, console_table(console, "Test: genres, frequent ones first"), parts, own)
    check_beside(checks, console, own, parts["test"], [Truth(other) for other in beside])
    check_summary(checks, console, parts, own)
    page = (copy / "report" / "report.html").read_text()
    check_page(checks, page, own, [own, *map(Truth, beside)], parts["test"].scored)
    check_films(checks, (copy / "report" / "errors.html").read_text(), own)


def check_sets(checks: Checks, run: Truth) -> None:
    """Whether predicted sets follow from probabilities and thresholds, with a genre for every film."""
    for part in ("val", "test"):
        chances = np.stack(run.part(part)["probabilities"].tolist())
        sets = chances >= thresholds(run)
        scores = chances / thresholds(run) if run.config["decision"]["fallback"] == "ratio" else chances
        empty = ~sets.any(axis=1)
        sets[empty, scores[empty].argmax(axis=1)] = True
        checks.that("label sets", part, bool((sets == run.cells(part, "predicted")).all()))


def check_metrics(checks: Checks, table: pd.DataFrame, parts: dict[str, Resampled], name: str) -> None:
    """Metrics with their intervals."""
    for _, row in table.iterrows():
        metric = METRICS[row["metric"]]
        for title in table.columns[1:]:
            told, own = cell(row[title]), parts[title]
            what = f"{name}: {row['metric']}, {title} {row[title]}"
            checks.that("metric", what, near(told.value, own.points[metric]))
            if metric in WITHOUT_ENDS:
                checks.that("interval", f"{what}: none", bool(np.isnan(told.low)))
            else:
                ends = ends_fit(told.low, told.high, own.values[metric], TOLD, told.rounded)
                checks.that("interval", what, ends)


def check_averages(checks: Checks, table: pd.DataFrame, own: Resampled) -> None:
    """Precision, recall and F1 of test films."""
    for _, row in table.iterrows():
        for score in ("precision", "recall", "f1"):
            told, name = cell(row[score]), f"{score}_{row['average']}"
            checks.that("metric", f"{name} {row[score]}", near(told.value, own.points[name]))
            checks.that("interval", name, ends_fit(told.low, told.high, own.values[name], TOLD, told.rounded))
    checks.that("lean", "F1 (macro)", bool(own.values["f1_macro"].mean() <= own.points["f1_macro"] + 1e-9))
    checks.that("metric", "averages", tuple(table["average"]) == AVERAGES)


def check_genres(checks: Checks, table: pd.DataFrame, parts: dict[str, Resampled], run: Truth) -> None:
    """Each genre of the test films: of known cells where not all are known."""
    own = parts.get("test, known cells", parts["test"])
    part, f1, precisions = own.scored, own.scored.genre_f1(), own.scored.average_precisions()
    hits, chosen, there = ((part.predicted & part.true).sum(0), part.predicted.sum(0), part.true.sum(0))
    checks.that("genre", "all are told", set(table["genre"]) == set(run.genres))
    for _, row in table.iterrows():
        place = run.genres.index(row["genre"])
        true = {
            "precision": hits[place] / max(1, chosen[place]),
            "recall": hits[place] / max(1, there[place]),
            "f1": f1[place],
            "AP": precisions[place],
            "support": there[place],
            "predicted": chosen[place],
            "f1, cells": parts["test"].scored.genre_f1()[place],
        }
        for column in table.columns[1:]:
            told = cell(row[column])
            right = near(told.value, float(true[column]), told.rounded)
            checks.that("genre", f"{row['genre']} {column} {row[column]}", right)
        told, drawn = cell(row["f1"]), own.values["genre_f1"][:, place]
        if np.isnan(told.low):  # all resamples have one F1, or nearly all
            right = np.ptp(np.quantile(drawn, (0.04, 0.96))) == 0
        else:
            right = told.low < told.high and ends_fit(told.low, told.high, drawn, TOLD, told.rounded)
        checks.that("interval", f"{run.folder.name}: F1 of {row['genre']} {row['f1']}", bool(right))


def check_beside(checks: Checks, console: str, run: Truth, own: Resampled, others: Sequence[Truth]) -> None:
    """The run beside others: metrics of each, and differences with p, corrected over the metrics of a table."""
    table = console_table(console, "Test: this run beside others")
    checks.that("beside", "told where there are others", table.empty == (not others))
    theirs = [Resampled(other, "test", "") for other in others]
    for _, row in table.iterrows():
        metric = METRICS[row["metric"]]
        every = [near(row.iloc[place], one.points[metric]) for place, one in enumerate([own, *theirs], 1)]
        checks.that("beside", str(list(row)), all(every))
    for other, one in zip(others, theirs, strict=True):
        name = other.folder.name.rpartition("_")[0]
        table = console_table(console, f"Test: paired bootstrap against {name}")
        checks.that("beside", f"correction told against {name}", bool(re.search(r"Holm", console)))
        gaps = {row["metric"]: gap(own, one, METRICS[row["metric"]]) for _, row in table.iterrows()}
        enough = max(TOLD, 400 * len(METRICS))
        p = {title: p_value(values) for title, values in gaps.items()}
        low, high = map(holm, p_bounds(p, 400 * 22, MICRO))
        for place, (_, row) in enumerate(table.iterrows()):
            told, told_p, metric = cell(row["difference"]), cell(row["p"]), METRICS[row["metric"]]
            what = f"{run.folder.name} against {name}: {row['metric']} {row['difference']}, p {row['p']}"
            checks.that("difference", what, near(told.value, own.points[metric] - one.points[metric]))
            ends = ends_fit(told.low, told.high, gaps[row["metric"]], enough, told.rounded)
            checks.that("interval", what, ends)
            right = low[place] - told_p.rounded <= told_p.value <= high[place] + told_p.rounded
            checks.that("p", f"{what}, here {low[place]:.4f} to {high[place]:.4f}", right)
            said = (told_p.value < LEVEL) == (row["significant"] == "yes")
            checks.that("significant", what, said or abs(told_p.value - LEVEL) < told_p.rounded)


def gap(own: Resampled, other: Resampled, metric: str) -> Floats:
    """Differences in resamples (R,); of means over films all of them, of ranked cells a thousand."""
    return own.values[metric] - other.values[metric]


def check_summary(checks: Checks, console: str, parts: dict[str, Resampled], run: Truth) -> None:
    """The two sentences below the tables."""
    test, val = parts["test"].scored, len(run.films["val"])
    films = f"{test.films:,} test and {val:,} validation films"
    checks.that("summary", films, films in console)
    genres = f"{test.true.any(0).sum()} of {test.labels} genres occur among the test films"
    checks.that("summary", genres, genres in console)
    told = re.search(rf"Always predicting the most frequent genre: test Jaccard ({NUMBER})", console)
    table = pd.read_csv(run.folder / "per_genre.csv").set_index("genre")["training_films"]
    place = run.genres.index(str(table.loc[run.genres].idxmax()))
    either = np.maximum(1, test.true.sum(1) + ~test.true[:, place])
    checks.that(
        "summary", "most frequent", told is not None and near(told[1], float((test.true[:, place] / either).mean()))
    )
    several = "test, known cells" in parts
    checks.that("summary", "ways of scoring", ("Known cells: what nobody knows does not count." in console) == several)
