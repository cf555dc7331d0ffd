"""How the jobs of a sweep ended, on the console and as a file."""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from genre.config.overrides import command
from genre.console import duration, say_next, shows_steps
from genre.files import atomic_path
from genre.metrics.names import lower_is_better
from genre.report.document import as_text, write_table
from genre.report.group import write_sweep_page
from genre.report.seeds import seeds_folder
from genre.runs.records import read_intervals
from genre.sweep.job import Job
from genre.tracking import sync_hint

_COLOURS = {"completed": "green", "failed": "red", "interrupted": "yellow", "waiting": "yellow"}
_ORDER = ["failed", "interrupted", "waiting", "completed"]  # what needs a look comes first
_WORDS = ("job", "state", "best", "error")


def jobs_table(jobs: Sequence[Job], metric: str) -> pd.DataFrame:
    """What failed or waits first, then the finished jobs, best first on validation films; of equals in their order.

    number, job, state, best (of the finished ones, where there are several), seconds, the metric that ranks them, the
    same of test films with the ends of its interval, error. A job of several seeds has their means, without interval.

    Args:
        jobs: of a sweep.
        metric: of validation films, such as `val/jaccard`.
    """
    tested = f"test{metric.removeprefix('val')}"
    numbers = ["seconds", metric, tested, f"{tested}_low", f"{tested}_high"]
    rows = []
    for job in jobs:
        row: dict[str, Any] = {"number": job.number, "job": " ".join(job.varied) or "default", "state": job.state}
        row["seconds"] = sum(run.seconds or 0 for run in job.runs)
        if job.finished:
            scores = [run.metrics() for run in job.runs]
            row |= {name: mean(own[name] for own in scores) for name in (metric, tested)}
            if len(job.runs) == 1:
                ends = read_intervals(job.runs[0]).get(tested, (None, None))  # errors of calibration have none
                row |= dict(zip(numbers[-2:], ends, strict=True))
        rows.append(row | {"error": job.error})
    sign = 1 if lower_is_better(metric) else -1
    rows.sort(key=lambda row: (_ORDER.index(row["state"]), sign * row.get(metric, 0)))
    finished = [row for row in rows if row["state"] == "completed"]
    for row in rows:
        row["best"] = "best" if len(finished) > 1 and row is finished[0] else ""
    columns = ["number", "job", "state", "best", *numbers, "error"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, float))


def print_jobs(jobs: Sequence[Job], folder: Path, metric: str, typed: str, *, plots: bool, overwrite: bool) -> None:
    """Print the table of all jobs, write it as jobs.csv and as a page, and say what can be done next."""
    table = jobs_table(jobs, metric)
    runs = {job.number: job.runs for job in jobs}
    page = write_sweep_page(folder, table, [runs[number] for number in table["number"]], metric, typed, plots=plots)
    with atomic_path(folder / "jobs.csv") as file:
        write_table(table.assign(seconds=table["seconds"].map("{:.1f}".format)), file, digits=4)
    times = [duration(seconds) for seconds in table["seconds"]]
    texts = as_text(table.assign(seconds=times).drop(columns="number")).rename(columns={"seconds": "time"})
    texts = texts.drop(columns=[name for name in ("best", "error") if not texts[name].any()])
    shown = Table(title="Jobs", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in map(str, texts):
        shown.add_column(name, justify="left" if name in _WORDS else "right", overflow="fold")
    for row in texts.itertuples(index=False):
        shown.add_row(*(f"[{_COLOURS[cell]}]{cell}[/]" if cell in _COLOURS else escape(cell) for cell in row))
    console = Console()
    console.print(shown)
    counts = table["state"].value_counts()
    console.print(", ".join(f"{counts[state]} {state}" for state in _ORDER if state in counts), highlight=False)
    console.print(f"Sweep folder: {folder}", soft_wrap=True, markup=False)
    console.print(f"Page: {page}", soft_wrap=True, markup=False)
    if (table["state"] != "completed").any():
        same = "The same command without overwrite=true" if overwrite else "The same command again"
        console.print(f"{same} goes on: finished jobs are skipped, the others done.")
    if (folder / "best.yaml").is_file():
        console.print(f"The best settings: {folder / 'best.yaml'}", soft_wrap=True, markup=False)
    if (table["state"] == "completed").any():
        say_next("To compare them", command("compare", runs=[folder]))
    several = [seeds_folder(job.runs) for job in jobs if len(job.runs) > 1]
    hint = sync_hint([*(run.path for job in jobs for run in job.runs), *several])
    if hint and shows_steps():
        console.print(f"W&B runs kept offline; to send them: {hint}", soft_wrap=True, markup=False)
