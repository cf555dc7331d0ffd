"""What `scripts/explore.py which=raw` says of the cells of raw files, and of what they leave open."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from truths.raw import GENRES, ROOM, Flags, RawTruth, by_film, matrix
from truths.reports import Films, Report
from truths.truth import NUMBER, Checks, near

NEAR = 0.00006
RULES: dict[str, Callable[[list[str]], str]] = {
    "last in the alphabet": max,
    "last written": lambda names: names[-1],
    "first written": lambda names: names[0],
}


def unsaid(names: list[str], rule: str) -> set[str]:
    """Genres of which a full cell says nothing by a rule."""
    last = RULES[rule](names)
    return {genre for genre in GENRES if genre > last and genre not in names} if len(names) >= ROOM else set()


def check_cells(checks: Checks, report: Report, truth: RawTruth) -> None:
    """Files, cells by their size, cells out of order, cells against files, and how good the rule is."""
    rows = truth.rows
    several = int((rows.groupby("movie_id")["file"].nunique() > 1).sum())
    finding = f"{len(rows):,} rows are {len(truth.films):,} films, {several:,} of them in several files"
    checks.that("files", report.findings["files"], report.findings["files"] == finding)
    for _, row in report.table("files").iterrows():
        checks.that("files", str(list(row)), row["rows"] == (rows["file"] == row["file"]).sum())
    full, ordered, lacking = rows["full"], rows["ordered"], rows["lacking"]
    finding = f"{100 * full.mean():.0f} % of the cells are full, "
    finding += f"{100 * ordered[full].mean():.0f} % of these in alphabetical order"
    checks.that("cells", report.findings["cells"], report.findings["cells"].rstrip(".") == finding)
    sizes = rows["names"].str.len()
    for _, row in report.table("cells").iterrows():
        own = sizes == row["names"]
        true = own.sum(), 100 * own.mean(), 100 * ordered[own].mean(), 100 * lacking[own].mean()
        checks.that("cells", str(list(row)), bool(np.allclose([float(one) for one in row.iloc[1:]], true, atol=NEAR)))
    check_order(checks, report, truth)
    check_files(checks, report, truth)
    check_rule(checks, report, truth)


def check_order(checks: Checks, report: Report, truth: RawTruth) -> None:
    """Which name stands first in cells that are not in order."""
    others = truth.rows[~truth.rows["ordered"]]
    checks.that("cells", "out of order", ("cells_out_of_order" in report.findings) == bool(len(others)))
    if not len(others):
        return
    first = others["names"].str[0].value_counts()
    for _, row in report.table("cells_out_of_order").iterrows():
        right = row["rows"] == first[row["first name"]] and near(row["percent"], 100 * row["rows"] / len(others), NEAR)
        checks.that("cells", str(list(row)), right)
    finding = report.findings["cells_out_of_order"]
    found = re.match(r"(.+) stands first in (\d+) % of the cells that are not in order", finding)
    right = (
        found is not None and first[found[1]] == first.max() and near(found[2], 100 * first.max() / len(others), 0.51)
    )
    checks.that("cells", finding, bool(right))


def check_files(checks: Checks, report: Report, truth: RawTruth) -> None:
    """How far the cells of each file name its genre, and how much of it the file holds."""
    rows = truth.rows
    for _, row in report.table("cells_by_file").iterrows():
        own = rows[rows["file"] == row["file"]]
        lacking = own["full"] & own["lacking"]
        after = own["lacking"] & own["unsaid"].map(lambda silent, file=row["file"]: file in silent)
        counts = [row["rows"], row["full cells"], row["lack its genre"], row["after last name"]]
        right = counts == [len(own), own["full"].sum(), lacking.sum(), after.sum()]
        right = right and near(row["measured"], 100 * truth.shares[row["file"]], NEAR)
        right = right and near(row["% of full cells"], 100 * lacking.sum() / own["full"].sum(), NEAR)
        checks.that("files", str(list(row)), right and (row["whole"] == "yes") == (row["file"] in truth.whole))
    lacking = int((rows["full"] & rows["lacking"]).sum())
    finding = "No full cell lacks the genre of its file"
    if lacking:
        share = 100 * lacking / rows["full"].sum()
        finding = f"{lacking:,} full cell{'s' * (lacking > 1)} ({share:.1f} %) without the genre of the file"
    told = report.findings["cells_by_file"].rstrip(".")
    checks.that("files", told, told == finding)


def check_rule(checks: Checks, report: Report, truth: RawTruth) -> None:
    """What part of the genres that cells lack each rule calls unknown, and how many zeros it does."""
    rows = truth.rows[truth.rows["lacking"]]
    checks.that("rule", "tried where cells lack something", ("cells_rule" in report.findings) == bool(len(rows)))
    if not len(rows):
        return
    zeros = int((~truth.labels).sum())
    by_rule = {}
    for _, row in report.table("cells_rule").iterrows():
        rule = row["after the name"]
        called = np.array(
            [file in unsaid(names, rule) for file, names in zip(rows["file"], rows["names"], strict=True)]
        )
        ordered = rows["ordered"].to_numpy()
        silent = truth.rows.assign(silent=truth.rows["names"].map(lambda names, rule=rule: unsaid(names, rule)))
        wide = matrix(list(by_film(silent, "silent", lambda every: set.intersection(*every)).values()))
        number = int((wide & ~truth.labels).sum())
        by_rule[rule] = called.mean(), number
        right = near(row["in order"], 100 * called[ordered].mean(), NEAR)
        right = right and near(row["not in order"], 100 * called[~ordered].mean(), NEAR)
        right = right and row["zeros called unknown"] == number and near(row["% of zeros"], 100 * number / zeros, NEAR)
        checks.that("rule", str(list(row)), bool(right))
    share, number = by_rule["last in the alphabet"]
    finding = report.findings["cells_rule"]
    found = re.match(rf"The rule finds ({NUMBER}) % of what cells lack and calls (\d+) % of the zeros unknown", finding)
    right = found is not None and near(found[1], 100 * share, 0.051) and near(found[2], 100 * number / zeros, 0.51)
    checks.that("rule", finding, bool(right))


def check_unknown(
    checks: Checks, report: Report, films: Films, known: Flags, unsaid: Flags | None, truth: RawTruth
) -> None:
    """Of how many films each genre is unknown."""
    there = not known.all() or (unsaid is not None and bool(unsaid.any()))
    checks.that("unknown", "told where something is", there == ("unknown" in report.findings))
    if not there:
        return
    shares = 100 * pd.DataFrame(~known, columns=GENRES).mean()
    cells = matrix(list(truth.cells.values()))
    for _, row in report.table("unknown").iterrows():
        place, genre = GENRES.index(row["genre"]), row["genre"]
        right = row["films"] == films.labels[:, place].sum() and near(row["unknown"], shares[genre], NEAR)
        right = right and near(row["with it"], 100 * films.labels[:, place].mean(), NEAR)
        if unsaid is not None and "its file says no" in row:
            right = right and near(row["its file says no"], 100 * (unsaid & known)[:, place].mean(), NEAR)
        if unsaid is not None and "from its file alone" in row:
            right = right and row["from its file alone"] == (films.labels & ~cells)[:, place].sum()
        checks.that("unknown", str(list(row)), bool(right))
    finding = "All is known: whole files tell what full cells leave open"
    if not known.all():
        rate = f"{100 * (~known).sum() / (~films.labels).sum():.0f} % of the zeros are unknown"
        most = [
            f"{rate}; {genre} in {shares[genre]:.0f} % of the films" for genre in shares.index[shares == shares.max()]
        ]
        finding = report.findings["unknown"] if report.findings["unknown"] in most else most[0]
    checks.that("unknown", report.findings["unknown"], report.findings["unknown"] == finding)
