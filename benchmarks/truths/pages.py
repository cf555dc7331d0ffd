"""What the pages of a run say: headline numbers, findings above pictures, tables of genres, bins and imbalance."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from truths.documents import cell, page_table, plain
from truths.scores import BINS, Scored, calibration_error, scored, ways
from truths.truth import NUMBER, Checks, Floats, Truth, near

ENOUGH = 20  # films of a genre, true and predicted, before its pairs are told
GRID = np.linspace(0, 1, 401)


def facts(page: str) -> dict[str, str]:
    """Headline numbers by name."""
    pairs = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page, re.DOTALL)
    return {plain(name): plain(value) for name, value in pairs}


def findings(page: str) -> list[str]:
    """What stands above pictures, or in their place."""
    return [plain(text) for text in re.findall(r'<p class="finding">(.*?)</p>', page, re.DOTALL)]


def check_page(checks: Checks, page: str, run: Truth, runs: Sequence[Truth], test: Scored) -> None:
    """The page of a run.

    Args:
        checks: to add to.
        page: its HTML.
        run: the run.
        runs: itself and those that stand beside it.
        test: its test films as the cells say.
    """
    known = scored(run, "test", "_known") if len(ways(run)) > 1 else test
    points, told = known.points(), facts(page)
    for title, metric in FACTS.items():
        checks.that("fact", f"{title} {told[title]!r}", near(told[title].partition("\n")[0], points[metric]))
    check_genre_table(checks, page_table(page, "per_genre"), run, known)
    check_bins(checks, page_table(page, "reliability"), test)
    check_imbalance(checks, page_table(page, "imbalance"))
    for text in findings(page):
        kind, right = finding_is_true(text, run, runs, test)
        checks.that(f"finding, {kind}", f"{run.folder.name}: {text}", right)


FACTS = {
    "Jaccard (samples)": "jaccard",
    "F1 (samples)": "f1_samples",
    "F1 (micro)": "f1_micro",
    "F1 (macro)": "f1_macro",
    "Average precision (macro)": "mean_average_precision",
}


def finding_is_true(text: str, run: Truth, runs: Sequence[Truth], test: Scored) -> tuple[str, bool]:
    """What kind of finding it is, and whether it is true; one of an unknown kind is not."""
    n = rf"({NUMBER})"
    if found := re.match(
        rf"Best epoch (\d+) of (\d+): (\S+) {n}; the validation loss is lowest in epoch (\d+), {n}", text
    ):
        return "epochs", epochs_are(run, found)
    if found := re.match(rf"(\w+) ({NUMBER}|\d+) taken of (\d+) tried: (\S+) {n}", text):
        return "choice", len(found.groups()) == 5
    if text.startswith(("High-support", "Low-support")):
        return "support", support_is(text, runs)
    if found := re.match(rf"Average precision {n} over all cells, {n} as the mean of genres", text):
        points = test.points()
        pairs = zip(found.groups(), (points["map_micro"], points["mean_average_precision"]), strict=True)
        return "average precision", all(near(one, true, 0.0051) for one, true in pairs)
    if found := re.match(rf"One threshold for all genres: validation Jaccard is best, {n}, at {n}", text):
        return "one threshold", one_threshold_is(run, float(found[1]), float(found[2]))
    if found := re.match(rf"Thresholds from {n} \((.+?)\) to {n} \((.+?)\)", text):
        values = pd.Series(run.thresholds)
        right = near(found[1], values.min(), 0.0051) and near(found[3], values.max(), 0.0051)
        named = zip((found[2], found[4]), (values.min(), values.max()), strict=True)
        return "thresholds", right and all(names(one) == set(values[values == end].index) for one, end in named)
    if found := re.match(rf"Calibration error {n}: probabilities say {n} % on average, {n} % are true", text):
        error = near(found[1], calibration_error(test.chances.ravel(), test.true.ravel()))
        shares = near(found[2], 100 * test.chances.mean(), 0.051), near(found[3], 100 * test.true.mean(), 0.051)
        return "calibration", error and all(shares)
    if found := re.match(r"(.+) in (\d+) % of the (.+) films, predicted in (\d+) %: the pair furthest off", text):
        return "together", pair_is(run, test, found)
    if spans := re.findall(rf"{n}(?: ± {n})? for (?:descriptions of )?([\d–]+) words", text):
        return "lengths", lengths_are(run, test, spans)
    if found := re.match(rf"(.+) and (.+) most alike by (weights|centroids): cosine {n}", text):
        table = pd.read_csv(run.folder / "report" / f"similarity_{found[3]}.csv").set_index("genre")
        highest = np.triu(table.loc[table.columns].to_numpy(), 1).max()
        told = float(table.to_numpy()[table.index.get_loc(found[1]), table.columns.get_loc(found[2])])
        return "alike", told == highest and near(found[4], highest, 0.0051)
    if found := re.match(r"By weights (.+) is most like (.+), (.+) least", text):
        row = pd.read_csv(run.folder / "report" / "similarity_weights.csv").set_index("genre")[found[2]].drop(found[2])
        return "alike", row[found[1]] == row.max() and row[found[3]] == row.min()
    return "of no number", text.startswith(("Genres together", "Words for (right) and against (left)"))


def names(told: str) -> set[str]:
    """Genres of a list in words."""
    return set(re.split(r", | and ", told))


def epochs_are(run: Truth, found: re.Match[str]) -> bool:
    """By what was logged."""
    files = sorted((run.folder / "history").glob("version_*/metrics.csv"), key=lambda file: int(file.parent.name[8:]))
    table = pd.concat([pd.read_csv(file) for file in files]).groupby("epoch").last()
    scores, losses = table[found[3]].dropna(), table["val/loss"].dropna()
    best = int(scores.to_numpy().argmax()) + 1 == int(found[1]) and near(found[4], scores.max())
    lowest = int(losses.to_numpy().argmin()) + 1 == int(found[5]) and near(found[6], losses.min(), 0.00006)
    return bool(best and lowest and int(found[2]) == scores.index[-1] + 1)


def support_is(text: str, runs: Sequence[Truth]) -> bool:
    """Mean F1 of genres with many training films, or few."""
    counts = pd.read_csv(runs[0].folder / "per_genre.csv").set_index("genre")["training_films"]
    rare = counts < counts.median()
    chosen = counts[rare if text.startswith("Low") else ~rare].index
    f1 = []
    for run in runs:
        part = scored(run, "test", "_known" if len(ways(run)) > 1 else "")
        f1.append(pd.Series(part.genre_f1(), index=run.genres)[chosen])
    means = [one.mean() for one in f1]
    if found := re.search(rf"mean F1 ({NUMBER}) to ({NUMBER}) over (\d+) runs", text):
        ends = near(found[1], min(means), 0.0051) and near(found[2], max(means), 0.0051)
        return ends and int(found[3]) == len(runs)
    if found := re.search(rf"mean F1 ({NUMBER})$", text):  # of one genre, or of several that are equal
        return near(found[1], means[0], 0.0051) and bool(np.ptp(f1[0]) < 1e-9)
    found = re.search(rf"mean F1 ({NUMBER}), from (.+) ({NUMBER}) to (.+) ({NUMBER})$", text)
    if not found or not near(found[1], means[0], 0.0051):
        return False
    for told, value, end in ((found[2], found[3], f1[0].min()), (found[4], found[5], f1[0].max())):
        alike = set(f1[0][np.isclose(f1[0], end, atol=1e-9)].index)
        many = re.fullmatch(r"(\d+) genres", told)
        if not near(value, end, 0.0051) or not (int(many[1]) == len(alike) if many else names(told) == alike):
            return False
    return True


def one_threshold_is(run: Truth, best: float, place: float) -> bool:
    """By trying all of a grid on validation films."""
    way = "_known" if run.config["metric"].startswith("val_known") and len(ways(run, "val")) > 1 else ""
    part = scored(run, "val", way)
    scores = []
    for threshold in GRID:
        sets = part.chances >= threshold
        empty = ~sets.any(1)
        sets[empty, np.where(part.known, part.chances, part.chances)[empty].argmax(1)] = True
        sets &= part.known
        scores.append(((sets & part.true).sum(1) / np.maximum(1, (sets | part.true).sum(1))).mean())
    highest = np.array(scores)
    return near(best, float(highest.max())) and bool(highest[np.abs(GRID - place) < 0.006].max() > highest.max() - 1e-9)


def pair_is(run: Truth, test: Scored, found: re.Match[str]) -> bool:
    """Of genres with enough films the pair whose share of common films is furthest from the truth."""
    shares = []
    for cells in (test.true, run.cells("test", "predicted")):
        wide = cells.astype(float)
        shares.append(100 * wide.T @ wide / np.maximum(1, wide.sum(0))[:, None])
    enough = (test.true.sum(0) >= ENOUGH) & (run.cells("test", "predicted").sum(0) >= ENOUGH)
    off = np.abs(shares[1] - shares[0]) * enough[:, None]
    row, column = run.genres.index(found[3]), run.genres.index(found[1])
    told = near(found[2], shares[0][row, column], 0.51) and near(found[4], shares[1][row, column], 0.51)
    return told and off[row, column] > off.max() - 1e-6


def lengths_are(run: Truth, test: Scored, found: list[tuple[str, str, str]]) -> bool:
    """Mean Jaccard of the films with descriptions between so many words, the shortest eighth and the longest."""
    films = pd.read_parquet(run.folder / "films.parquet").set_index("movie_id")
    words = films.loc[run.films["test"], "description"].str.split().str.len().to_numpy()
    jaccard = test.by_film["jaccard"]
    for place, (value, margin, span) in enumerate(found):
        low, _, high = span.partition("–")
        inside = (words >= int(low)) & (words <= int(high or low))
        spread = 1.96 * jaccard[inside].std() / np.sqrt(inside.sum())
        at_end = words[inside].min() == words.min() if place == 0 else words[inside].max() == words.max()
        if not (at_end and near(value, float(jaccard[inside].mean()), 0.0051)):
            return False
        if margin and not near(margin, float(spread), 0.0051):
            return False
    return True


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z = 1.959963984540054
    middle, half = (hits + z * z / 2) / (of + z * z), z / (of + z * z) * np.sqrt(hits * (of - hits) / of + z * z / 4)
    return middle - half, middle + half


def shares_right(text: str, hits: int, of: int) -> bool:
    """A share with Wilson's interval."""
    told = cell(text)
    if not of:
        return bool(np.isnan(told.low))
    low, high = wilson(hits, of)
    values = ((told.value, hits / of), (told.low, low), (told.high, high))
    return all(near(one, float(true), told.rounded) for one, true in values)


def check_genre_table(checks: Checks, table: pd.DataFrame, run: Truth, part: Scored) -> None:
    """Counts of each genre, its threshold, and intervals of precision and recall."""
    for _, row in table.iterrows():
        place = run.genres.index(row["genre"])
        true, chosen = part.true[:, place], part.predicted[:, place]
        counts = {"TP": (true & chosen), "FP": (~true & chosen), "FN": (true & ~chosen), "test films": true}
        right = all(int(row[name].replace(",", "")) == cells.sum() for name, cells in counts.items())
        checks.that("genre table", f"{row['genre']} counts", right)
        checks.that(
            "genre table", f"{row['genre']} threshold", near(row["threshold"], run.thresholds[row["genre"]], 0.0051)
        )
        hits = int((true & chosen).sum())
        checks.that("genre table", f"{row['genre']} precision", shares_right(row["precision"], hits, int(chosen.sum())))
        checks.that("genre table", f"{row['genre']} recall", shares_right(row["recall"], hits, int(true.sum())))


def check_bins(checks: Checks, table: pd.DataFrame, test: Scored) -> None:
    """Bins of probabilities, and the share of each that is true."""
    bins = np.minimum(np.floor(test.chances * BINS + 1e-9).astype(int), BINS - 1)
    checks.that("bins", f"{len(table)}", len(table) == BINS)
    for place, (_, row) in enumerate(table.iterrows()):
        inside = bins == place
        count = int(inside.sum())
        mean = near(row["mean probability"], float(test.chances[inside].mean())) if count else True
        share = shares_right(row["share that is true"], int(test.true[inside].sum()), count)
        checks.that("bins", f"from {row['from']}", int(row["cells"].replace(",", "")) == count and mean and share)


def check_imbalance(checks: Checks, table: pd.DataFrame) -> None:
    """Ratios of the most frequent genre to each, their mean and how they vary."""
    films: Floats = np.array([float(count.replace(",", "")) for count in table["films"][:-2]])
    ratios = films.max() / films
    told = [cell(text).value for text in table["irlbl"]]
    checks.that("imbalance", "ratios", bool(np.allclose(told[:-2], ratios, atol=0.00051)))
    checks.that("imbalance", "mean", near(told[-2], float(ratios.mean())))
    checks.that("imbalance", "variation", near(told[-1], float(ratios.std(ddof=1) / ratios.mean())))


def check_films(checks: Checks, page: str, run: Truth) -> None:
    """The headline numbers of the page of films."""
    told, jaccards = facts(page), scored(run).by_film["jaccard"]
    checks.that("films", "mean", near(told["mean Jaccard"], float(jaccards.mean())))
    for title, right in (("all genres right", jaccards == 1), ("no genre right", jaccards == 0)):
        checks.that("films", title, near(told[title].removesuffix(" %"), float(100 * right.mean()), 0.51))
    checks.that("films", "how many", told["test films"] == f"{len(jaccards):,}")
