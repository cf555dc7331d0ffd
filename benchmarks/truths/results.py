"""What `scripts/results.py` says: the head, the list at the top, every table but that of published figures."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from truths.documents import Cell, cell, markdown_table, run_command
from truths.effects import check_effects
from truths.scores import draws, ends_fit, p_bounds, p_value
from truths.systems import System, runs_in, settings_by_command, systems_of
from truths.truth import NUMBER, Checks, Floats, Truth, holm, near

RESAMPLES = 10_000
SCORES = {
    "Jaccard": "jaccard",
    "F1 (samples)": "f1_samples",
    "F1 (macro)": "f1_macro",
    "at least one": "at_least_one",
    "at least two": "at_least_two",
}
WAYS = {"cells": "", "known": "_known", "files": "_files"}
WAY_TITLES = {
    "Jaccard (samples)": "jaccard",
    "F1 (samples)": "f1_samples",
    "F1 (macro)": "f1_macro",
    "Average precision (macro)": "mean_average_precision",
}


def check_results(checks: Checks, outputs: Path, folder: Path) -> None:
    """Write the document of all runs and check it.

    Args:
        checks: to add to.
        outputs: whose runs/ are summed up.
        folder: to write to.
    """
    output = folder / "RESULTS.md"
    overrides = [f"runs=[{outputs}/runs]", f"output={output}", f"paths.outputs={outputs}", "latex=true"]
    console = run_command("results", overrides)
    text = output.read_text()
    runs, others = runs_in(outputs / "runs")
    table = markdown_table(text, "All systems")
    systems = named(checks, table, systems_of(runs, draws(len(runs[0].films["test"]), RESAMPLES)))
    check_head(checks, text, console, systems, outputs)
    told = int(re.findall(r"\(([\d,]+) resamples\)", text)[0].replace(",", ""))
    check_systems(checks, table, systems, told)
    models = {own.model: own for own in reversed(systems)}
    best = [own for own in systems if models[own.model] is own]
    check_models(checks, text, best, told)
    check_genres(checks, markdown_table(text, "Genres"), systems, best, told, outputs)
    check_ways(checks, markdown_table(text, "Against what"), best, told)
    check_effects(checks, text, output.with_suffix(".tex").read_text(), systems, told)
    told_reasons = re.findall(r"(\d+) runs?: ([^;]+)", text.partition("## Left out")[2].strip().rstrip("."))
    reasons = Counter(one.reason for one in others)
    checks.that("left out", str(told_reasons), {why: int(number) for number, why in told_reasons} == dict(reasons))


def check_head(checks: Checks, text: str, console: str, systems: Sequence[System], outputs: Path) -> None:
    """The first paragraph, and the line on the console."""
    head = text.split("\n\n")[1]
    first = systems[0].runs[0]
    counts = f"from {sum(len(own.runs) for own in systems)} runs of {len(systems)} systems."
    checks.that("head", counts, counts in head)
    films = f"{len(first.films['test'])} films, {first.labels['test'][1].shape[1]} genres"
    tuned = f"tuned on the same {len(first.films['val'])} others"
    checks.that("head", films, films in head and tuned in head)
    checks.that("head", "split seed", f"`data.split_seed={first.config['data']['split_seed']}`" in head)
    genre = int(training_counts(outputs, first).argmax())
    part = systems[0].parts[systems[0].way][0]
    always = part.true[:, genre] / np.maximum(1, (part.true.sum(1) + part.known[:, genre] - part.true[:, genre]))
    found = re.search(rf"most frequent genre has a test Jaccard of ({NUMBER})", head)
    checks.that("head", "always the most frequent", found is not None and near(found[1], float(always.mean())))
    source = {"invented": "sample", "kaggle": "imdb"}[first.config["data"]["source"]]
    checks.that("head", f"data={source}", f"`data={source}" in head)
    machines = {f"{one['processor']}, {one['threads']} threads" for one in (own.costs() for own in systems)}
    checks.that("head", "machines", all(machine.removesuffix("s") in head for machine in machines))
    line = counts.removeprefix("from ").removesuffix(".")
    checks.that("console", console.strip(), line in console and "validation" in console)
    checks.that("console", console.strip(), systems[0].command in console)


def training_counts(outputs: Path, run: Truth) -> Floats:
    """Training films of each genre of a run on all of them, from the clean table (L,)."""
    table = pd.read_csv(outputs / "data" / "sample" / "clean_data.csv", keep_default_na=False)
    held_out = {film for films in run.films.values() for film in films}
    rows = table[~table["movie_id"].isin(held_out)]["genres"].str.split("|")
    return np.array([sum(genre in row for row in rows) for genre in run.genres], dtype=float)


def named(checks: Checks, table: pd.DataFrame, systems: Sequence[System]) -> list[System]:
    """The systems in the order of the table, each with its command, which has to train just that; ties in any order."""
    found: list[System] = []
    for command in table["command"]:
        script, *overrides = command.split()
        settings = settings_by_command(script.removesuffix(".py"), tuple(overrides))
        system = next((own for own in systems if own.runs[0].settings == settings and own not in found), None)
        checks.that("command", command, system is not None)
        if system is not None:
            system.command = command
            found.append(system)
    for better, worse in pairwise(found):
        checks.that("rank", f"{better.command} before {worse.command}", better.validation > worse.validation - 1e-9)
    checks.that("systems", f"{len(table)}, here {len(systems)}", len(table) == len(found) == len(systems))
    return found


def check_scores(checks: Checks, row: pd.Series, system: System, resamples: int) -> None:
    """The scores of a row with their intervals."""
    for title, metric in SCORES.items():
        told = cell(str(row[title]))
        checks.that("score", f"{row['command']} {title} {row[title]}", near(told.value, system.point(metric)))
        if not np.isnan(told.low):
            check_interval(checks, f"{row['command']} {title} {row[title]}", told, system.column(metric), resamples)


def check_interval(checks: Checks, what: str, told: Cell, values: Floats, resamples: int) -> None:
    """Whether ends are those of other resamples."""
    checks.that("interval", what, ends_fit(told.low, told.high, values, resamples, told.rounded))


def check_systems(checks: Checks, table: pd.DataFrame, systems: Sequence[System], resamples: int) -> None:
    """All systems: rank, command, seeds, scores, deviation, costs."""
    for (_, row), system in zip(table.iterrows(), systems, strict=True):
        check_scores(checks, row, system, resamples)
        several = len(system.runs) > 1
        deviation = near(row["over seeds"], system.deviation(), 0.00006) if several else row["over seeds"] == "–"
        checks.that("seeds", system.command, int(row["seeds"]) == len(system.runs) and deviation)
        for title, true in (
            ("training (s)", system.seconds()),
            ("size (millions)", system.costs()["size"] / 1e6),
            ("films a second", system.costs()["films_per_second"]),
        ):
            told = cell(str(row[title]))
            right = np.isnan(told.value) if np.isnan(true) else near(told.value, true, told.rounded)
            checks.that("costs", f"{system.command} {title} {row[title]}", bool(right))


def check_models(checks: Checks, text: str, best: Sequence[System], resamples: int) -> None:
    """The best of each model against the best of all, as a table and in the list at the top."""
    table = markdown_table(text, "The best of each model").set_index("command", drop=False)
    checks.that("models", str(list(table.index)), list(table.index) == [own.command for own in best])
    preferred, *others = best
    gaps = {own.command: own.column("jaccard") - preferred.column("jaccard") for own in others}
    p = {command: p_value(gap) for command, gap in gaps.items()}
    low, high = (holm(side) for side in p_bounds(p, resamples, RESAMPLES)) if p else ([], [])
    scores = re.search(r"^- Validation films prefer `(.+?)`: (.+)\.$", text, re.MULTILINE)
    told = dict(re.findall(r"(Jaccard|F1 \(\w+\)) ([\d.]+ \([\d.]+–[\d.]+\))", scores[2])) if scores else {}
    row = table.loc[preferred.command]
    checks.that("list", str(told), all(row[title] == number for title, number in told.items()) and len(told) == 3)
    checks.that("list", preferred.command, scores is not None and scores[1] == preferred.command)
    for _, row in table.iterrows():
        check_scores(checks, row, best[list(table.index).index(row["command"])], resamples)
    for place, own in enumerate(others):
        row, gap = table.loc[own.command], own.point("jaccard") - preferred.point("jaccard")
        difference, told_p = cell(str(row["difference"])), cell(str(row["p"]))
        checks.that("difference", f"{own.command} {row['difference']}", near(difference.value, gap))
        check_interval(checks, f"{own.command} {row['difference']}", difference, gaps[own.command], resamples)
        right = low[place] - 0.0006 <= told_p.value <= high[place] + 0.0006
        checks.that("p", f"{own.command} {row['p']}, here {low[place]:.4f} to {high[place]:.4f}", right)
        line = rf"^- `{re.escape(own.command)}`: Jaccard ({NUMBER}) \(({NUMBER}) to ({NUMBER})\) from that\.$"
        found = re.search(line, text, re.MULTILINE)
        same = found is not None and [float(one) for one in found.groups()] == list(difference[:3])
        checks.that("list", f"{own.command}: difference", same)


def check_genres(
    checks: Checks,
    table: pd.DataFrame,
    systems: Sequence[System],
    best: Sequence[System],
    resamples: int,
    outputs: Path,
) -> None:
    """F1 of each genre, and the best of all systems."""
    run = best[0].runs[0]
    counts, support = training_counts(outputs, run), best[0].parts[""][0].true.sum(0)
    models = [name for name in table.columns if name not in GENRE_COLUMNS]
    checks.that("genres", str(models), len(models) == len(best))
    points = np.stack([own.genre_f1() for own in systems])
    for _, row in table.iterrows():
        place = run.genres.index(row["genre"])
        films = int(row["training films"]) == counts[place] and int(row["test films"]) == support[place]
        checks.that("genres", f"{row['genre']}: films", films)
        right = [near(row[name], own.genre_f1()[place]) for name, own in zip(models, best, strict=True)]
        checks.that("genres", f"{row['genre']}: F1", all(right))
        told, highest = cell(str(row["best"])), points[:, place].max()
        of = [own for own, score in zip(systems, points[:, place], strict=True) if score > highest - 1e-9]
        named = [own for own in of if own.command == row["of"]]
        checks.that("genres", f"{row['genre']}: best", near(told.value, highest) and bool(named))
        for own in named:
            drawn = own.column("genre_f1")[:, place]
            if np.ptp(np.quantile(drawn, (0.025, 0.975))) == 0:  # resamples of four films that are all found
                checks.that("interval", f"{row['genre']} {row['best']} of one F1", bool(np.isnan(told.low)))
            else:
                check_interval(checks, f"{row['genre']} {row['best']}", told, drawn, resamples)
    order = [counts[run.genres.index(genre)] for genre in table["genre"]]
    checks.that("genres", "order", order == sorted(order, reverse=True))


GENRE_COLUMNS = ("genre", "training films", "test films", "best", "of")


def check_ways(checks: Checks, table: pd.DataFrame, best: Sequence[System], resamples: int) -> None:
    """The same predictions scored in several ways."""
    checks.that("ways", "told where there are several", table.empty == (not best[0].way))
    for (_, row), own in zip(table.iterrows(), best, strict=False):
        for column in table.columns[1:]:
            title, _, way = column.rpartition(", ")
            metric, told = WAY_TITLES[title], cell(row[column])
            right = near(told.value, own.point(metric, WAYS[way]))
            checks.that("ways", f"{row['command']} {column} {row[column]}", right and row["command"] == own.command)
            if not np.isnan(told.low):
                drawn = own.column(metric, WAYS[way])
                check_interval(checks, f"{row['command']} {column} {row[column]}", told, drawn, resamples)
