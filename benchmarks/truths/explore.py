"""What `scripts/explore.py` says of films: headline numbers, findings and tables, before and after cleaning."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from truths.cells import check_cells, check_unknown
from truths.documents import run_command
from truths.pages import names
from truths.raw import CUT, GENRES, PLACEHOLDERS, Flags, RawTruth, raw_rows, repaired
from truths.reports import Films, Report
from truths.truth import Checks, near
from truths.words import check_words

SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
NEAR = 0.00006  # tables have four digits
MANY = 20  # descriptions of a table of duplicates


def check_explore(checks: Checks, which: str, raw: Path, outputs: Path, folder: Path) -> None:
    """Write the report and check it.

    Args:
        checks: to add to.
        which: `raw` or `clean`.
        raw: folder of the raw files.
        outputs: where the clean table is or is to be.
        folder: for the report.
    """
    overrides = [f"which={which}", f"data.raw={raw}", f"output={folder}", f"paths.outputs={outputs}"]
    console = run_command("explore", overrides)
    report, truth = Report(folder), RawTruth(raw_rows(raw))
    if which == "raw":
        films = Films(truth.descriptions(), truth.years(), truth.labels)
        check_cells(checks, report, truth)
        known, unsaid = truth.known, truth.unsaid
    else:
        table = pd.read_csv(outputs / "data/sample/clean_data.csv", dtype=str, keep_default_na=False)
        rows = [truth.films.index(film) for film in table["movie_id"]]
        films = Films(table["description"], pd.to_numeric(table["year"]), truth.labels[rows])
        known, unsaid = truth.known[rows], None
        check_cleaning(checks, report, truth, table, outputs)
        same = [set(cell.split("|")) for cell in table["genres"]] == [
            {genre for genre, there in zip(GENRES, row, strict=True) if there} for row in films.labels
        ]
        checks.that("cleaning", "genres of the clean table", same)
    checks.that("console", console, f"Exploring {len(films.texts):,} films" in console)
    check_unknown(checks, report, films, known, unsaid, truth)
    check_facts(checks, report, films, known)
    check_genres(checks, report, films)
    check_together(checks, report, films)
    check_texts(checks, report, films)
    check_years(checks, report, films)
    check_words(checks, report.table("words"), films.texts[films.whole], films.labels[films.whole])


def check_facts(checks: Checks, report: Report, films: Films, known: Flags) -> None:
    """The headline numbers."""
    told, years = report.facts, films.years.dropna().astype(int)
    true = {
        "films": f"{len(films.texts):,}",
        "genres": str(int(films.labels.any(0).sum())),
        "genres per film": f"{films.labels.sum(1).mean():.2f}",
        "whole descriptions": f"{100 * films.whole.mean():.0f} %",
        "median characters": f"{films.texts[films.whole].str.len().median():,.0f}",
        "years": f"{years.min()}–{years.max()}",
    }
    if not known.all():
        true["unknown zeros"] = f"{100 * (~known).sum() / (~films.labels).sum():.0f} %"
    for name in true.keys() | told.keys():
        checks.that("fact", f"{name}: {told.get(name)}, here {true.get(name)}", told.get(name) == true.get(name))


def check_genres(checks: Checks, report: Report, films: Films) -> None:
    """Films of each genre, and genres of a film."""
    counts = pd.Series(films.labels.sum(0), index=GENRES)
    for _, row in report.table("genres").iterrows():
        right = row["films"] == counts[row["genre"]] and near(
            row["percent"], 100 * counts[row["genre"]] / len(films.texts), NEAR
        )
        checks.that("genres", str(list(row)), right)
    found = re.match(
        r"(.+) (?:is|are) the most frequent genres? \(([\d.]+) %\), (.+) the rarest \(([\d.]+) %\)",
        report.findings["genres"],
    )
    for told, share, end in ((found[1], found[2], counts.max()), (found[3], found[4], counts.min())) if found else ():
        right = names(told) == set(counts.index[counts == end]) and near(share, 100 * end / len(films.texts), 0.051)
        checks.that("genres", report.findings["genres"], right)
    sizes = pd.Series(films.labels.sum(1)).value_counts()
    for _, row in report.table("genres_per_film").iterrows():
        checks.that("genres per film", str(list(row)), row["films"] == sizes.get(row["genres"], 0))
    finding = f"A film has {films.labels.sum(1).mean():.2f} genres on average"
    checks.that("genres per film", report.findings["genres_per_film"], finding == report.findings["genres_per_film"])


def check_together(checks: Checks, report: Report, films: Films) -> None:
    """Which genres come together."""
    wide = films.labels.astype(float)
    pairs = pd.DataFrame(wide.T @ wide, index=GENRES, columns=GENRES)
    sides = {
        "counts": pairs,
        "by_row": 100 * pairs.div(np.diag(pairs), axis=0),
        "by_column": 100 * pairs.div(np.diag(pairs), axis=1),
    }
    for name, true in sides.items():
        told = report.table(f"cooccurrence_{name}").set_index("genre")
        for genre in told.index:
            right = np.allclose(told.loc[genre].astype(float), true.loc[genre, told.columns], atol=NEAR)
            checks.that("together", f"{name} of {genre}", bool(right))
    most = np.triu(pairs.to_numpy(), 1)
    finding = report.findings["cooccurrence_counts"]
    places = np.argwhere(most == most.max())
    found = re.match(r"Most often together: (.+ and .+), ([\d,]+) films?(?:; as often (.+))?$", finding)
    pairs_told = [found[1], *(found[3].split(", ") if found[3] else [])] if found else []
    right = set(pairs_told) == {f"{GENRES[one]} and {GENRES[other]}" for one, other in places}
    checks.that("together", finding, right and found is not None and near(found[2].replace(",", ""), most.max()))
    sums = sides["by_row"].sum(axis=1) - 100
    further = [100 * (films.labels[films.labels[:, place]].sum(1) - 1).mean() for place in range(len(GENRES))]
    said = "Without the diagonal, a row adds up to" in report.texts["cooccurrence_by_row"]
    checks.that("together", "what a row adds up to", said and bool(np.allclose(sums, further)))


def check_texts(checks: Checks, report: Report, films: Films) -> None:
    """Lengths of descriptions, gaps by genre and year, and descriptions that films share."""
    whole = films.texts[films.whole]
    words = [len(re.findall(r"[^\W_]+", re.sub(r"['’](?:s\b)?", "", text.lower()))) for text in whole]
    measured = pd.DataFrame({"characters": whole.str.len().to_numpy(), "words": words})
    rows = [measured.min(), *(measured.quantile(share) for share in SHARES), measured.max(), measured.mean()]
    for (_, told), true in zip(report.table("lengths").iterrows(), rows, strict=True):
        right = near(told["characters"], true["characters"], NEAR) and near(told["words"], true["words"], NEAR)
        checks.that("lengths", str(list(told)), right)
    median, most = rows[4], rows[6]
    finding = f"Median {median['characters']:,.0f} characters or {median['words']:,.0f} words; "
    finding += f"95 % have up to {most['characters']:,.0f} or {most['words']:,.0f}"
    checks.that("lengths", report.findings["lengths"], report.findings["lengths"] == finding)
    for _, row in report.table("gaps_by_genre").iterrows():
        rates = 100 * films.gaps[films.labels[:, GENRES.index(row["genre"])]].mean()
        checks.that("gaps", row["genre"], all(near(row[kind], rates[kind], NEAR) for kind in rates.index))
    parts = [f"{kind} {100 * films.gaps[kind].mean():.0f} %" for kind in films.gaps if films.gaps[kind].any()]
    checks.that(
        "gaps", report.findings["gaps_by_genre"], report.findings["gaps_by_genre"] == f"All films: {', '.join(parts)}"
    )
    by_year = films.gaps.groupby(films.years).mean() * 100
    for _, row in report.table("gaps_by_year").iterrows():
        kinds = ("no description", "placeholder", "cut")
        checks.that(
            "gaps", f"{row['year']}", all(near(row[kind], by_year.loc[row["year"], kind], NEAR) for kind in kinds)
        )
    lacking, undated = ~films.whole, films.gaps["no year"]
    finding = "Every film has a whole text"
    if lacking.any():
        finding = f"No whole text: {100 * lacking[undated].mean():.0f} % of the films without a year, "
        finding += f"{100 * lacking[~undated].mean():.0f} % of the others"
    checks.that("gaps", report.findings["gaps_by_year"], report.findings["gaps_by_year"].rstrip(".") == finding)
    shared = whole.str.casefold().str.split().str.join(" ").value_counts()
    shared = shared[shared > 1]
    finding = f"{shared.sum():,} films share" if len(shared) else "No two films share a description"
    right = report.findings["duplicates"].startswith(finding) and len(report.table("duplicates")) == min(
        MANY, len(shared)
    )
    checks.that("duplicates", report.findings["duplicates"], right)


def check_years(checks: Checks, report: Report, films: Films) -> None:
    """Films of each year, and from when on half of them are."""
    years = films.years.dropna().astype(int)
    counts = years.value_counts()
    for _, row in report.table("years").iterrows():
        checks.that("years", str(list(row)), row["films"] == counts.get(int(row["year"]), 0))
    found = re.match(
        r"Half of the films (with a year )?are from (\d+) or later, three quarters from (\d+) or later",
        report.findings["years"],
    )
    missing = int(films.years.isna().sum())
    for share, year in ((0.5, found[2]), (0.75, found[3])) if found else ():
        since = (years >= int(year)).sum(), (years > int(year)).sum()
        right = since[0] >= share * len(years) >= since[1] and bool(found and found[1]) == bool(missing)
        checks.that("years", report.findings["years"], right)
    told = f"Left out: {missing:,} films ({100 * missing / len(films.texts):.1f} %) without a year."
    checks.that("years", "left out", (told in report.texts["years"]) == bool(missing))


def check_cleaning(checks: Checks, report: Report, truth: RawTruth, table: pd.DataFrame, outputs: Path) -> None:
    """What cleaning took, and what it repaired."""
    before = len(truth.films)
    finding = f"Cleaning leaves {len(table):,} of {before:,} films ({100 * len(table) / before:.0f} %)"
    checks.that("cleaning", report.findings["funnel"], report.findings["funnel"] == finding)
    texts, crawled = truth.descriptions(), set(table["movie_id"][table["source"] == "crawl"])
    lacking = texts[[film not in crawled for film in texts.index]]
    placeholder, cut = lacking.str.match(PLACEHOLDERS) | (lacking == ""), lacking.str.contains(CUT)
    true = {"placeholder": int(placeholder.sum()), "cut_text": int((cut & ~placeholder).sum())}
    left = before
    for _, row in report.table("funnel").iterrows():
        left -= row["dropped"]
        checks.that("cleaning", str(list(row)), row["left"] == left and row["dropped"] == true.get(row["rule"], 0))
    merged = pd.read_csv(outputs / "data/sample/merged.csv", dtype=str, keep_default_na=False)
    told = f"Films repaired first: unicode {int(repaired(merged['description']).sum()):,}."
    checks.that("cleaning", told, told in report.texts["funnel"])
    crawls = f"Descriptions crawled: crawl {len(crawled):,}."
    checks.that("cleaning", crawls, crawls in report.texts["funnel"])
    sums = json.loads((outputs / "data/sample/cleaning_report.json").read_text())
    checks.that("cleaning", "rows", sums["rows"] == len(truth.rows))
