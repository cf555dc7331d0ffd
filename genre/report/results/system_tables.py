"""The tables of the results: numbers, from which the document is made."""

from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from genre.metrics import holm, paired_test
from genre.metrics.bootstrap import BIASED
from genre.metrics.names import METRICS as METRIC_TITLES
from genre.metrics.significance import TAILS
from genre.report.results.effects import METRICS, TITLES, Effect
from genre.report.results.systems import Floats, System
from genre.runs.records import read_labels

_SCORES = {
    "jaccard": "Jaccard",
    "f1_samples": "F1 (samples)",
    "f1_macro": "F1 (macro)",
    "at_least_one": "at least one",
    "at_least_two": "at least two",
}
_SCORED_BY = {"test": "cells", "test_known": "known", "test_files": "files"}
_WITH_INTERVAL = ("jaccard", "f1_samples", "f1_macro")


def best_of_each_model(systems: Sequence[System]) -> list[System]:
    """The system of each model that the validation films prefer, in the order of `systems`, best first."""
    best: dict[str, System] = {}
    for system in systems:
        best.setdefault(system.model, system)
    return [system for system in systems if system is best[system.model]]


def models_table(systems: Sequence[System]) -> pd.DataFrame:
    """A row for each: model, command, scores with intervals, and its Jaccard against that of the preferred system.

    That is the one with the best validation Jaccard: the best on test films would be so partly by chance.
    """
    preferred = max(systems, key=lambda system: system.validation)
    others = [system for system in systems if system is not preferred]
    tested = [paired_test(preferred.column("jaccard"), system.column("jaccard")) for system in others]
    p_values = holm([float(one.p[0]) for one in tested])
    cells: dict[str, dict[str, float]] = {}
    for system, one, p in zip(others, tested, p_values, strict=True):
        gap = system.point("jaccard") - preferred.point("jaccard")
        ends = {"difference_low": float(one.low[0]), "difference_high": float(one.high[0])}
        cells[system.command] = {"difference": gap, **ends, "p": p, "p_bound": bool(one.bound[0])}
    missing = dict.fromkeys(("difference", "difference_low", "difference_high", "p"), float("nan")) | {"p_bound": False}
    rows = []
    for system in systems:
        row: dict[str, Any] = {"model": system.model, "command": system.command} | _scores(system)
        rows.append(row | cells.get(system.command, missing))
    return pd.DataFrame(rows)


def all_table(systems: Sequence[System]) -> pd.DataFrame:
    """A row for each: rank, command, seeds, scores with intervals, deviation over seeds, and what it costs."""
    rows = []
    for rank, system in enumerate(systems, 1):
        row: dict[str, Any] = {"rank": rank, "command": system.command, "seeds": len(system.runs)} | _scores(system)
        costs = system.costs
        row |= {"over seeds": _deviation(system), "training (s)": system.seconds}
        row |= {"size (millions)": costs.size / 1e6 if costs else float("nan")}
        rows.append(row | {"films a second": costs.films_per_second if costs else float("nan")})
    table = pd.DataFrame(rows)
    whole = ["training (s)", "films a second"]
    return table.assign(**{name: table[name].round().astype("Int64") for name in whole})


def genres_table(systems: Sequence[System], models: Sequence[System]) -> pd.DataFrame:
    """A row for each genre: films, F1 of each model's system, and of all systems the best with its interval."""
    run = models[0].runs[0]
    labels = read_labels(run.folder)
    films = run.scores.per_genre.set_index("genre")
    points = np.stack([system.genre_f1 for system in systems])  # (S, L)
    rows = []
    for label in np.argsort(-films["training_films"].reindex(labels).to_numpy(), kind="stable"):
        genre = labels[label]
        best = systems[int(points[:, label].argmax())]
        low, high = _ends(best.genre_values[:, label])
        if low == high:  # of four films that are all found each resample has found all
            low = high = float("nan")
        row = {"genre": genre, "training films": int(films.loc[genre, "training_films"])}
        row |= {"test films": int(films.loc[genre, "support"])}
        row |= {system.model: float(system.genre_f1[label]) for system in models}
        row |= {"best": float(best.genre_f1[label]), "best_low": low, "best_high": high, "of": best.command}
        rows.append(row)
    return pd.DataFrame(rows)


def effects_table(effects: Sequence[Effect]) -> pd.DataFrame:
    """A row for each: what differs, the changed command, the reference, differences with intervals and p, and costs."""
    rows = []
    for effect in effects:
        row: dict[str, Any] = {"what": effect.what, "with": effect.changed.command, "against": effect.reference.command}
        for metric in METRICS:
            tested, title = effect.tested[metric], TITLES[metric]
            row |= {title: effect.difference(metric), f"{title}_low": float(tested.low[0])}
            row |= {f"{title}_high": float(tested.high[0]), f"p ({title})": effect.p[metric]}
            row[f"p ({title})_bound"] = bool(tested.bound[0])
        ratio = effect.changed.seconds / effect.reference.seconds
        row["time"] = f"× {ratio:.2f}" if effect.changed.machine == effect.reference.machine and ratio > 0 else "–"
        rows.append(row | {"verdict": effect.verdict})
    if not rows:
        return pd.DataFrame()
    order = ["what", "against", "Jaccard"]
    return pd.DataFrame(rows).sort_values(order, ascending=[True, True, False], kind="stable", ignore_index=True)


def ways_table(systems: Sequence[System]) -> pd.DataFrame:
    """A row for each: its scores as the cells say, on known cells, and of the genres that whole files tell."""
    rows = []
    for system in systems:
        row: dict[str, Any] = {"command": system.command}
        for part, title in _SCORED_BY.items():
            names = _WITH_INTERVAL if part != "test_files" else ("f1_macro", "mean_average_precision")
            for metric in names:
                if f"{part}/{metric}" not in system.names:
                    continue
                column = f"{METRIC_TITLES[metric]}, {title}"
                row[column] = system.point(metric, part)
                if metric not in BIASED:
                    row[f"{column}_low"], row[f"{column}_high"] = _ends(system.column(metric, part))
        rows.append(row)
    return pd.DataFrame(rows)


def published_table(models: Sequence[System]) -> pd.DataFrame:
    """These systems and those that others have published: system, films, and scores where they are known."""
    file = resources.files("genre.report.results") / "published.csv"
    with file.open(encoding="utf-8") as text:
        published = pd.read_csv(text).rename(columns=_SCORES)
    own = [
        {"system": system.command, "films": "here"}
        | {title: system.point(name, "test") for name, title in _SCORES.items()}
        for system in models
    ]
    return pd.concat([pd.DataFrame(own), published], ignore_index=True)


def _scores(system: System) -> dict[str, float]:
    row = {}
    for metric, title in _SCORES.items():
        row[title] = system.point(metric)
        if metric in _WITH_INTERVAL:
            row[f"{title}_low"], row[f"{title}_high"] = _ends(system.column(metric))
    return row


def _deviation(system: System) -> str:
    return f"{system.deviation:.4f}" if len(system.runs) > 1 else "–"


def _ends(values: Floats) -> tuple[float, float]:
    """95 % interval, from percentile to percentile."""
    low, high = np.quantile(values, TAILS)
    return float(low), float(high)
