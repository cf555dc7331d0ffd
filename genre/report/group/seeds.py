"""The page of runs that differ in their seed alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from genre.config import ReportConfig
from genre.files import write_text
from genre.metrics.names import METRICS
from genre.report.document import Section
from genre.report.group.page import group_page
from genre.report.pages import link
from genre.report.run.learning import epochs_of
from genre.report.run.page import origin_of, settings_section
from genre.report.seeds import seed_summary, seeds_folder
from genre.runs import RunFolder
from genre.runs.history import read_history
from genre.runs.scores import read_scores

_MEAN = "Mean over the seeds with its 95 % interval by Student's t, standard deviation, and the score of each seed."
_GENRES = "F1 of the test films: mean and standard deviation over the seeds, and that of each seed."
_FACTS = ("jaccard", "f1_samples", "f1_micro", "f1_macro")


def seeds_page(runs: Sequence[RunFolder]) -> Path:
    """Where the page of runs that differ in their seed alone lies."""
    folder = seeds_folder(runs)
    return folder.with_name(f"{folder.name}.html")


def write_seeds_page(runs: Sequence[RunFolder], settings: ReportConfig) -> Path:
    """Write the page, which leads to those of the runs.

    Args:
        runs: two or more finished runs that differ in their seed alone.
        settings: `plots=False` leaves the picture out.
    """
    file = seeds_page(runs)
    summary = seed_summary(runs).set_index("metric")
    seeds = [f"seed {run.config().seed}" for run in runs]
    epochs = [epochs_of(run) for run in runs]
    metric = next((one.metric for one in epochs if one), "val/jaccard")
    sections = [
        _runs(runs, summary, metric, file),
        settings_section(runs[0]),
        _means(summary, "test", "Test films"),
        _means(summary, "val", "Validation films"),
        _genres(runs, seeds),
    ]
    page = group_page(
        title=f"{runs[0].path.name.rpartition('_')[0]} over {len(runs)} seeds",
        facts=[(METRICS[name], _mean(summary, f"test/{name}")) for name in _FACTS],
        origin=origin_of(runs[0], read_scores(runs[:1])[0]),
        told=[
            "Each score is the mean over the seeds. Intervals say how far other seeds would move it, not other films."
        ],
        sections=[section for section in sections if not section.table.empty],
        curves=list(zip(seeds, [read_history(run, metric) for run in runs], strict=True)) if settings.plots else [],
        metric=metric,
        marked={},
    )
    write_text(file, page)
    return file


def _runs(runs: Sequence[RunFolder], summary: pd.DataFrame, metric: str, file: Path) -> Section:
    rows = []
    for run in runs:
        seed, epochs, scores = run.config().seed, epochs_of(run), read_scores([run])[0]
        low, high = scores.intervals["test/jaccard"]
        row: dict[str, Any] = {
            "seed": seed,
            metric: scores.metrics[metric],
            "test/jaccard": scores.metrics["test/jaccard"],
        }
        row |= {"test/jaccard_low": low, "test/jaccard_high": high, "run": run.path.name}
        rows.append(row | ({"best epoch": epochs.best} if epochs else {}))
    links = {"run": [link(run.page, file.parent) for run in runs]}
    text = "Each has a page of its own. In brackets: 95 % bootstrap intervals over films."
    return Section("runs", "Runs", pd.DataFrame(rows), text, links=links)


def _means(summary: pd.DataFrame, part: str, heading: str) -> Section:
    names = [name for name in METRICS if f"{part}/{name}" in summary.index]
    table = summary.loc[[f"{part}/{name}" for name in names]].reset_index(drop=True)
    table = table.rename(columns={"low": "mean_low", "high": "mean_high"})
    table.columns = table.columns.str.replace("seed_", "seed ")
    table.insert(0, "metric", [METRICS[name] for name in names])
    return Section(part, heading, table, _MEAN)


def _genres(runs: Sequence[RunFolder], seeds: Sequence[str]) -> Section:
    tables = [scores.per_genre.set_index("genre") for scores in read_scores(runs)]
    f1 = pd.DataFrame({seed: table["f1"] for seed, table in zip(seeds, tables, strict=True)}).loc[tables[0].index]
    table = tables[0][["training_films", "support"]].set_axis(["training films", "test films"], axis="columns")
    table = table.assign(mean=f1.mean(axis=1), deviation=f1.std(axis=1, ddof=1)).join(f1)
    return Section("genres", "Genres", table.reset_index(), _GENRES)


def _mean(summary: pd.DataFrame, name: str) -> str:
    mean, low, high = summary.loc[name, ["mean", "low", "high"]]
    return f"{mean:.3f}\n{low:.3f}–{high:.3f}"
