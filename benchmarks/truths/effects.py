"""What `scripts/results.py` says of single changes: the table, the lines of the list at the top, daggers in LaTeX."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from truths.documents import cell, markdown_table
from truths.scores import ends_fit, p_bounds, p_value
from truths.systems import System, changes
from truths.truth import LEVEL, NUMBER, Checks, holm, near

METRICS = {"Jaccard": "jaccard", "macro-F1": "f1_macro"}
LINES = {
    (True, False): "Better in a score, and worse in none",
    (False, True): "Worse in a score, and better in none",
    (True, True): "Better in one score and worse in the other",
}
NAMED = 6


def check_effects(checks: Checks, text: str, latex: str, systems: Sequence[System], resamples: int) -> None:
    """Which pairs there are, and what is said of each.

    Args:
        checks: to add to.
        text: the document.
        latex: its tables for a paper.
        systems: best first, with their commands.
        resamples: that it says to have drawn.
    """
    table = markdown_table(text, "What helps, what does not, and at which cost")
    found = changes(systems)
    pairs = {(systems[two].command, systems[one].command): (what, one, two) for (one, two), what in found.items()}
    told = {(row["with"], row["against"]) for _, row in table.iterrows()}
    checks.that("changes", f"{len(told)}, here {len(pairs)}: {told ^ pairs.keys()}", told == pairs.keys())
    bounds = {}
    for title, metric in METRICS.items():
        gaps = {
            f"{key}": systems[two].column(metric) - systems[one].column(metric) for key, (_, one, two) in pairs.items()
        }
        sides = p_bounds({key: p_value(gap) for key, gap in gaps.items()}, resamples, len(systems[0].column(metric)))
        for key, low, high in zip(gaps, *map(holm, sides), strict=True):
            bounds[title, key] = low, high, gaps[key]
    for _, row in table.iterrows():
        key = row["with"], row["against"]
        what, one, two = pairs[key]
        checks.that("changes", f"{key}: {row['what']}", row["what"] == what)
        for title, metric in METRICS.items():
            low, high, gap = bounds[title, f"{key}"]
            number, p = cell(row[title]), cell(row[f"p ({title})"])
            right = near(number.value, systems[two].point(metric) - systems[one].point(metric))
            checks.that("difference", f"{key} {title} {row[title]}", right)
            ends = ends_fit(number.low, number.high, gap, resamples, number.rounded)
            checks.that("interval", f"{key} {title} {row[title]}", ends)
            right = low - p.rounded <= p.value <= high + p.rounded
            checks.that("p", f"{key} {title} {row[f'p ({title})']}, here {low:.4f} to {high:.4f}", right)
        checks.that("verdict", f"{key} {row['verdict']}", row["verdict"] == verdict(row))
        same = systems[one].machine() == systems[two].machine()
        ratio = systems[two].seconds() / systems[one].seconds() if same else np.nan
        time = row["time"] == "–" if np.isnan(ratio) else near(row["time"].removeprefix("× "), ratio, 0.006)
        checks.that("time", f"{key} {row['time']}", time)
    check_lines(checks, text, table)
    check_daggers(checks, latex, table)
    check_seeds(checks, text, systems)


def verdict(row: pd.Series) -> str:
    """By the differences and p of a row as they are printed."""
    kinds = [
        f"{title} {'better' if cell(row[title]).value > 0 else 'worse'}"
        for title in METRICS
        if cell(row[f"p ({title})"]).value < LEVEL
    ]
    return ", ".join(kinds) or "no difference shown"


def check_lines(checks: Checks, text: str, table: pd.DataFrame) -> None:
    """The list at the top: which changes make a difference, and how many none."""
    for (better, worse), line in LINES.items():
        those = [
            (row["with"], row["against"], row["verdict"])
            for _, row in table.iterrows()
            if ("better" in row["verdict"], "worse" in row["verdict"]) == (better, worse)
        ]
        found = re.search(rf"^- {line}: (.+)\.$", text, re.MULTILINE)
        named = re.findall(r"`([^`]+)` than `([^`]+)` \(([^)]+)\)", found[1]) if found else []
        more = re.search(r"and (\d+) more$", found[1]) if found else None
        rest = int(more[1]) if more else 0
        checks.that("list", line, len(named) + rest == len(those) and set(named) <= set(those))
        checks.that("list", f"{line}: as many as fit", len(named) == min(NAMED, len(those)))
    counts = Counter(table["verdict"] == "no difference shown") if len(table) else Counter()
    told = re.search(r"^- (\d+) of (\d+) single changes show no difference", text, re.MULTILINE)
    right = told is not None and (int(told[1]), int(told[2])) == (counts[True], len(table))
    checks.that("list", "no difference", right or table.empty)


def check_daggers(checks: Checks, latex: str, table: pd.DataFrame) -> None:
    """Which differences are marked in the table of changes for a paper."""
    part = latex.partition(r"\label{tab:changes}")[2]
    rows = [
        line
        for line in part.splitlines()
        if (line.endswith(r"\\") and "dagger" in line) or line.startswith(("train", "baseline"))
    ]
    for line, (_, row) in zip(rows, table.iterrows(), strict=False):
        marks = [r"\dagger" in column for column in line.split(" & ")[2:]]
        right = marks == [cell(row[f"p ({title})"]).value < LEVEL for title in METRICS]
        checks.that("dagger", f"{row['with']} against {row['against']}", right)


def check_seeds(checks: Checks, text: str, systems: Sequence[System]) -> None:
    """How large a difference may be the seed's: two single runs differ by 1.96 sqrt(2) deviations in 5 % of cases."""
    several = [own for own in systems if len(own.runs) > 1]
    spread = sum(own.deviation() ** 2 * (len(own.runs) - 1) for own in several)
    told = re.search(rf"differences below ({NUMBER}) may be the seed's", text)
    if told and several:
        pooled = np.sqrt(spread / sum(len(own.runs) - 1 for own in several))
        checks.that("seeds", told[0], near(told[1], float(1.96 * np.sqrt(2) * pooled), 0.0006))
    else:
        checks.that("seeds", "how large a seed's difference may be", told is None)
