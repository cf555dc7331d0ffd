"""What several seeds of the same settings say together."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from scipy import stats

from genre.config import RunConfig
from genre.config.overrides import command
from genre.console import say_next, shows_steps
from genre.files import atomic_path, short_hash
from genre.runs import RunFolder
from genre.tracking import record_seeds, sync_hint

_SHOWN = ("jaccard", "f1_samples", "f1_micro", "f1_macro", "mean_average_precision", "hamming_loss")
_LEVEL = 0.95


def seed_summary(runs: Sequence[RunFolder]) -> pd.DataFrame:
    """Each metric over the seeds: mean, standard deviation (n - 1) and the 95 % interval of the mean by Student's t.

    Args:
        runs: two or more finished runs that differ in their seed alone.

    Returns:
        Columns metric, mean, deviation, low, high, and one `seed_N` for each run.
    """
    values = pd.DataFrame({f"seed_{run.config().seed}": run.metrics() for run in runs})  # (metrics, seeds)
    mean, deviation = values.mean(axis=1), values.std(axis=1, ddof=1)
    half = stats.t.ppf((1 + _LEVEL) / 2, len(runs) - 1) * deviation / np.sqrt(len(runs))
    summary = pd.DataFrame({"mean": mean, "deviation": deviation, "low": mean - half, "high": mean + half})
    return summary.join(values).rename_axis("metric").reset_index()


def seeds_folder(runs: Sequence[RunFolder]) -> Path:
    """Where what concerns all the runs lies, beside their own folders; named by the first run and all seeds."""
    label = runs[0].path.name.rpartition("_")[0]
    name = f"{label}_{short_hash([run.path.name.rpartition('_')[2] for run in runs])}"
    return runs[0].path.parent.parent / "seeds" / name


def write_seed_summary(runs: Sequence[RunFolder], cfg: RunConfig) -> Path:
    """Write `seed_summary` as FOLDER.csv, see `seeds_folder`, and let the tracker know the mean.

    Args:
        runs: two or more finished runs that differ in their seed alone.
        cfg: their settings.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """
    folder, summary = seeds_folder(runs), seed_summary(runs)
    file = folder.with_name(f"{folder.name}.csv")
    with atomic_path(file) as temporary:
        summary.to_csv(temporary, index=False, lineterminator="\n")
    record_seeds(folder, runs, summary, cfg)
    return file


def print_seeds(runs: Sequence[RunFolder], file: Path, page: Path) -> None:
    """Print the main metrics over the seeds, where all of them lie, and where the page of the runs does."""
    summary = seed_summary(runs).set_index("metric")
    table = Table(title=f"Test: {len(runs)} seeds; 95 % interval of their mean")
    for column in ("metric", "mean", "deviation", "interval"):
        table.add_column(column, justify="left" if column == "metric" else "right")
    for name in _SHOWN:
        row = summary.loc[f"test/{name}"]
        interval = f"{row['low']:.3f}–{row['high']:.3f}"
        table.add_row(name, f"{row['mean']:.3f}", f"{row['deviation']:.4f}", interval)
    console = Console()
    console.print(table)
    console.print(f"All metrics over the seeds: {file}", soft_wrap=True, markup=False)
    console.print(f"Page: {page}", soft_wrap=True, markup=False)
    hint = sync_hint([*(run.path for run in runs), seeds_folder(runs)])
    if hint and shows_steps():
        console.print(f"W&B runs and their mean kept offline; to send them: {hint}", soft_wrap=True, markup=False)
    say_next("To compare them", command("compare", runs=[run.path for run in runs]))
