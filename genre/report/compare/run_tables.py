"""The tables of a comparison: numbers, from which CSV, Markdown, page and console are made."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from genre.metrics.names import MAIN_METRICS, lower_is_better
from genre.report.compare.comparison import Comparison
from genre.report.compare.runs import ComparedRun, differing_settings, labels, setting_text, short_names
from genre.report.seeds import seed_summary

_MISSING = float("nan")


def runs_table(comparison: Comparison) -> pd.DataFrame:
    """A row for each run, best first.

    rank, what they are ranked by where that is another metric, the metric with the ends of its interval, run (a long
    name would hide the scores of a small screen), against a baseline difference with the ends of its interval, p
    (corrected; p_bound: it is at most that) and significant (yes, no, or why there is no answer), the settings that
    differ (as text), seed, the other main metrics, training films, seconds and folder.
    """
    settings = short_names(differing_settings(comparison.runs))
    name = comparison.metric_name
    part, _, metric = comparison.metric.partition("/")
    part = part if part == "test_known" else "test"  # by which the other metrics are scored
    rows = []
    for rank, run in enumerate(comparison.runs, 1):
        low, high = comparison.interval(run) or (_MISSING, _MISSING)
        row: dict[str, Any] = {"rank": rank}
        if comparison.ranked_by != comparison.metric:
            row[comparison.ranked_by] = comparison.ranking(run)
        row |= {name: comparison.value(run), f"{name}_low": low, f"{name}_high": high, "run": run.scores.name}
        row |= _against_baseline(comparison, run) | _settings(run, settings) | {"seed": run.seed}
        row |= {other: run.scores.metrics[f"{part}/{other}"] for other in MAIN_METRICS if other != metric}
        row |= {"training films": run.training_films}
        row |= {"seconds": None if run.seconds is None else round(run.seconds)}
        rows.append(row | {"folder": str(run.folder.path)})
    return pd.DataFrame(rows).astype({"seconds": "Int64"})  # whole numbers, also beside missing ones


def seeds_table(comparison: Comparison) -> pd.DataFrame:
    """A row for each group of runs that differ in their seed alone, best first; runs without another seed have none.

    rank, the mean of what ranks them, mean of the metric with the ends of its 95 % interval by Student's t, deviation,
    seeds (how many), run (what tells the group from the others), the settings that differ (as text).
    """
    groups = seed_groups(comparison.runs)
    settings = short_names(differing_settings(comparison.runs))
    rows = []
    for group, label in zip(groups, labels([group[0] for group in groups], seeds=False), strict=True):
        if len(group) == 1:
            continue
        ranked = [comparison.ranking(run) for run in group]
        summary = seed_summary([run.folder for run in group]).set_index("metric").loc[comparison.metric]
        row: dict[str, Any] = {comparison.ranked_by: sum(ranked) / len(ranked), "mean": summary["mean"]}
        row |= {"mean_low": summary["low"], "mean_high": summary["high"], "deviation": summary["deviation"]}
        rows.append(row | {"seeds": len(group), "run": label} | _settings(group[0], settings))
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows)
    lower = lower_is_better(comparison.metric)
    table = table.sort_values(comparison.ranked_by, ascending=lower, kind="stable", ignore_index=True)
    table.insert(0, "rank", range(1, len(table) + 1))
    return table


def seed_groups(runs: Sequence[ComparedRun]) -> list[list[ComparedRun]]:
    """Runs that differ in their seed alone, in the order of `runs`; of two with the same seed the first counts."""
    groups: dict[str, dict[int, ComparedRun]] = {}
    for run in runs:
        groups.setdefault(repr(sorted(run.settings.items())), {}).setdefault(run.seed, run)
    return [list(group.values()) for group in groups.values()]


def genres_table(comparison: Comparison) -> pd.DataFrame:
    """genre, test films, then F1 of each run by its name with its interval; frequent genres of the best run first."""
    table = comparison.runs[0].scores.per_genre[["genre", "support"]].rename(columns={"support": "test films"})
    for run in comparison.runs:
        name = run.scores.name
        heads = {"f1": name, "f1_low": f"{name}_low", "f1_high": f"{name}_high"}
        own = run.scores.per_genre[["genre", *heads]].rename(columns=heads)
        table = table.merge(own, on="genre", how="left")
    return table


def genre_differences_table(comparison: Comparison) -> pd.DataFrame:
    """genre, test films, then for each tested run the difference of F1 from the baseline with its interval's ends."""
    assert comparison.baseline is not None
    table = comparison.baseline.scores.per_genre[["genre", "support"]].rename(columns={"support": "test films"})
    theirs = comparison.baseline.scores.per_genre.set_index("genre")["f1"]
    columns: dict[str, pd.Series] = {}
    for run in comparison.runs:
        if run.scores.name not in comparison.differences:
            continue
        found = comparison.differences[run.scores.name]
        ends = pd.DataFrame({"low": found.genres.low, "high": found.genres.high}, index=pd.Index(found.labels))
        own = run.scores.per_genre.set_index("genre")["f1"]
        name = run.scores.name
        by_genre = {name: own - theirs, f"{name}_low": ends["low"], f"{name}_high": ends["high"]}
        columns |= {head: table["genre"].map(values) for head, values in by_genre.items()}
    return pd.concat([table, pd.DataFrame(columns)], axis=1)


def left_out_table(comparison: Comparison) -> pd.DataFrame:
    """name, state, error of what could not be compared."""
    return pd.DataFrame([vars(one) for one in comparison.left_out], columns=["name", "state", "error"])


def _settings(run: ComparedRun, heads: dict[str, str]) -> dict[str, str]:
    """Settings as text by the heads of their columns, `–` where the run does not have them."""
    return {
        head: setting_text(name, run.settings[name]) if name in run.settings else "–" for name, head in heads.items()
    }


def _against_baseline(comparison: Comparison, run: ComparedRun) -> dict[str, Any]:
    baseline = comparison.baseline
    if baseline is None:
        return {}
    row: dict[str, Any] = dict.fromkeys(("difference", "difference_low", "difference_high", "p"), _MISSING)
    row["p_bound"] = False
    if run.scores.name in comparison.differences:
        row["difference"] = comparison.value(run) - comparison.value(baseline)
        tested = comparison.differences[run.scores.name].metric
        if tested:
            row |= {"difference_low": tested.low[0], "difference_high": tested.high[0]}
            row |= {"p": tested.p[0], "p_bound": bool(tested.bound[0])}
    return row | {"significant": comparison.verdict(run)}
