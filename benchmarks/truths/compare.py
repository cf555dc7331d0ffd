"""What `scripts/compare.py` says: every sentence, every title of a picture, the numbers of its tables."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from truths.truth import ENDS, LEVEL, NUMBER, Checks, P, Truth, holm, near, paired


def check(checks: Checks, folder: Path, against: str | None) -> None:
    """Everything that a comparison says.

    Args:
        checks: to add to.
        folder: of the comparison.
        against: the folder of the baseline.
    """
    table = pd.read_csv(folder / "runs.csv")
    runs = sorted(
        (Truth(Path(path)) for path in table["folder"]),
        key=lambda run: (-run.jaccards("val").mean(), table["run"][table["folder"] == str(run.folder)].item()),
    )
    by_name = dict(zip(table["run"], (Path(path) for path in table["folder"]), strict=True))
    by_folder = {run.folder: run for run in runs}
    baseline = by_folder[Path(against)] if against else None
    tests = {}
    if baseline:
        others = [run for run in runs if run is not baseline and run.films == baseline.films]
        found = [paired(baseline.jaccards("test"), run.jaccards("test")) for run in others]
        corrected = holm([p for *_, p in found])
        tests = {run.folder: (*ends[:2], p) for run, ends, p in zip(others, found, corrected, strict=True)}
    for run, row in zip(runs, table.itertuples(), strict=True):
        values: dict[str, Any] = row._asdict()
        checks.that("rank", f"{row.run}", Path(row.folder) == run.folder)
        checks.that("jaccard", f"{row.run} {row.jaccard}", near(row.jaccard, run.jaccards("test").mean(), 1e-6))
        checks.that(
            "films", f"{row.run}", values[f"_{table.columns.get_loc('training films') + 1}"] == run.training_films
        )
        checks.that("seed", f"{row.run}", row.seed == run.seed)
        if run.folder in tests:
            low, high, p = tests[run.folder]
            checks.that(
                "interval", f"{row.run}", near(row.difference_low, low, ENDS) and near(row.difference_high, high, ENDS)
            )
            checks.that("p", f"{row.run}: {row.p}, here {p:.4f}", near(row.p, p, P) or (row.p_bound and row.p >= p))
            sure = abs(p - LEVEL) > 0.02
            checks.that("significant", f"{row.run}: p {p:.4f}", not sure or (row.significant == "yes") == (p < LEVEL))
    check_seeds(checks, folder, runs)
    genres = pd.read_csv(folder / "genres.csv").set_index("genre")
    for name, path in by_name.items():
        order = list(json.loads((path / "thresholds.json").read_text()))
        f1 = dict(zip(order, by_folder[path].genre_f1(), strict=True))
        told = genres[name].dropna()
        checks.that("genres", name, all(near(value, f1[genre], 1e-6) for genre, value in told.items()))
    text = (folder / "compare.md").read_text()
    sentences(checks, text, runs, baseline, tests)
    titles(checks, text, runs, genres[list(by_name)], tests)


def check_seeds(checks: Checks, folder: Path, runs: Sequence[Truth]) -> None:
    """The means over seeds."""
    groups: dict[str, dict[int, Truth]] = {}
    for run in runs:
        groups.setdefault(repr(sorted(run.settings.items())), {}).setdefault(run.seed, run)
    several = [list(group.values()) for group in groups.values() if len(group) > 1]
    if not (folder / "seeds.csv").is_file():
        checks.that("seeds", "none told", not several)
        return
    several.sort(key=lambda group: -float(np.mean([run.jaccards("val").mean() for run in group])))
    table = pd.read_csv(folder / "seeds.csv")
    checks.that("seeds", f"{len(table)} groups, here {len(several)}", len(table) == len(several))
    for row, group in zip(table.itertuples(), several, strict=False):
        values = [float(run.jaccards("test").mean()) for run in group]
        checks.that("seeds", f"{row.run}", near(row.mean, float(np.mean(values)), 1e-6) and row.seeds == len(group))
        checks.that("seeds", f"{row.run}: deviation", near(row.deviation, float(np.std(values, ddof=1)), 1e-6))


def sentences(
    checks: Checks, text: str, runs: Sequence[Truth], baseline: Truth | None, tests: dict[Path, tuple[float, ...]]
) -> None:
    """The paragraph that begins with the verdict."""
    told = text.splitlines()[2]
    best = runs[0]
    head = re.match(rf"Best by val/jaccard: (.+?), test/jaccard ({NUMBER}) \(({NUMBER})–({NUMBER})\)\.", told)
    assert head, told
    checks.that("best", told[:90], best.says(head[1]) and near(head[2], best.jaccards("test").mean()))
    second = next((run for run in runs if run.settings != best.settings), None)
    next_one = re.search(
        rf"The next, (.+?): ({NUMBER}) \(({NUMBER}) to ({NUMBER})\), p (≤ )?({NUMBER}): (significant|not significant)",
        told,
    )
    checks.that("next", told[:90], (next_one is not None) == (second is not None and second is not baseline))
    if next_one and second:
        low, high, p = paired(second.jaccards("test"), best.jaccards("test"))
        gap = best.jaccards("test").mean() - second.jaccards("test").mean()
        right = second.says(next_one[1]) and near(next_one[2], gap)
        ends = near(next_one[3], low, ENDS) and near(next_one[4], high, ENDS) and near(next_one[6], p, P)
        checks.that(
            "next", next_one[0], right and ends and ((next_one[7] == "significant") == (float(next_one[6]) < LEVEL))
        )
    count = re.search(r"It is the baseline; (\d+) of (\d+) other runs differ from it significantly", told)
    if count:
        clear = sum(p < LEVEL - 0.02 for *_, p in tests.values()), sum(p < LEVEL + 0.02 for *_, p in tests.values())
        checks.that("differ", count[0], clear[0] <= int(count[1]) <= clear[1] and int(count[2]) == len(runs) - 1)
    number = re.search(r"corrected for (\d+) tests?", told)
    checks.that(
        "tests", told[-200:], (number is not None) == bool(baseline) and (not number or int(number[1]) == len(tests))
    )


def titles(
    checks: Checks, text: str, runs: Sequence[Truth], genres: pd.DataFrame, tests: dict[Path, tuple[float, ...]]
) -> None:
    """What stands above the pictures."""
    for title, name in re.findall(r"^([^|#\n!].*(?:\n.+)*)\n\n!\[.*\]\(plots/(\w+)\.png\)", text, re.MULTILINE):
        kind = re.sub(r"_\d+$", "", name)
        if kind == "ranking":
            found = re.match(rf"jaccard ({NUMBER}): (.+?)( \(the best 30 of (\d+)\))?$", title)
            right = found is not None and near(found[1], runs[0].jaccards("test").mean()) and runs[0].says(found[2])
            right = right and (len(runs) > 30) == (found[4] is not None) if found else False
        elif kind == "losses":
            right = loss_title(title, runs)
        elif kind == "grid":
            right = grid_title(title, runs)
        elif kind == "genres":
            shown = genres[genres.columns[:30]].head(40)
            spread = (shown.max(axis=1) - shown.min(axis=1)).round(9)
            found = re.search(r"the runs differ most in ([\w-]+)", title)
            right = found is None if spread.max() == 0 else found is not None and spread[found[1]] == spread.max()
        elif kind == "genre_differences":
            found = re.search(r"better than the baseline on (\d+) genres?, worse on (\d+), open on (\d+)", title)
            right = found is not None and sum(map(int, found.groups())) == len(genres)
        elif kind == "validation":
            right = validation_title(title, runs)
        elif kind == "learning_curve":
            found = re.findall(rf"({NUMBER}) \(({NUMBER})–({NUMBER})\)", title)
            highest = max(run.jaccards("test").mean() for run in runs)
            right = "fewer than 4 sizes" in title or all(
                float(low) - 0.01 <= float(value) <= float(high) + 0.01 and float(value) < highest + 0.1
                for value, low, high in found
            )
        else:
            right = False
        checks.that(f"title of {kind}", title, right)


def groups_of(runs: Sequence[Truth], section: str) -> list[list[list[Truth]]]:
    """Runs alike but for settings that begin with `section` and seeds; in each, those that differ in seeds alone."""
    outer: dict[str, dict[str, list[Truth]]] = {}
    for run in runs:
        rest = repr(sorted((name, value) for name, value in run.settings.items() if not name.startswith(section)))
        outer.setdefault(rest, {}).setdefault(repr(sorted(run.settings.items())), []).append(run)
    return [list(inner.values()) for inner in outer.values()]


def mean(runs: Sequence[Truth], part: str = "test") -> float:
    """Mean of the Jaccard over seeds."""
    return float(np.mean([run.jaccards(part).mean() for run in runs]))


def loss_title(title: str, runs: Sequence[Truth]) -> bool:
    """Of the best loss by validation, and of the last one."""
    found = re.match(rf"Best by val/jaccard: (.+), jaccard ({NUMBER})( on average)?; last: (.+), ({NUMBER})", title)
    if not found:
        return False
    for group in groups_of(runs, "loss."):
        ordered = sorted(group, key=lambda own: -mean(own, "val"))
        first, last = ordered[0], ordered[-1]
        if near(found[2], mean(first)) and near(found[5], mean(last)) and (len(first) > 1) == bool(found[3]):
            return first[0].says(found[1]) and last[0].says(found[4])
    return False


def grid_title(title: str, runs: Sequence[Truth]) -> bool:
    """Of the alpha and gamma that validation films prefer."""
    found = re.match(rf"\w+: best by val/jaccard at alpha (\S+), gamma (\S+): jaccard ({NUMBER})", title)
    with_both = [run for run in runs if {"loss.alpha", "loss.gamma"} <= run.settings.keys()]
    for group in groups_of(with_both, ("loss.alpha", "loss.gamma")) if found else []:
        best = max(group, key=lambda own: mean(own, "val"))
        if near(found[3], mean(best)):
            return float(best[0].settings["loss.alpha"]) == float(found[1]) and float(
                best[0].settings["loss.gamma"]
            ) == float(found[2])
    return False


def validation_title(title: str, runs: Sequence[Truth]) -> bool:
    """Of the best epoch of all."""
    found = re.match(rf"val/jaccard ({NUMBER}) in epoch (\d+): (.+)", title)
    if not found:
        return False
    best = (-1.0, 0, runs[0])
    for run in runs:
        for epoch, value in re.findall(
            rf"Epoch (\d+) of .*validation Jaccard ({NUMBER})", (run.folder / "train.log").read_text()
        ):
            if float(value) > best[0]:
                best = float(value), int(epoch), run
    return near(found[1], best[0], 0.0006) and int(found[2]) == best[1] and best[2].says(found[3])
