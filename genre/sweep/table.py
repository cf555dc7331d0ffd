"""How the jobs of a sweep ended, on the console and as a file."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from genre.config.overrides import command
from genre.files import atomic_path
from genre.sweep.job import Job
from genre.tracking import sync_hint

_COLOURS = {"completed": "green", "failed": "red", "interrupted": "yellow", "waiting": "yellow"}
_ORDER = ["failed", "interrupted", "waiting", "completed"]  # what needs a look comes first


def jobs_table(jobs: Sequence[Job], metric: str) -> pd.DataFrame:
    """number, job, state, seconds, mean metric of its runs, error; what failed first, then by number."""
    rows = []
    for job in sorted(jobs, key=lambda job: (_ORDER.index(job.state), job.number)):
        scores = [run.metrics()[metric] for run in job.runs] if job.finished else []
        rows.append(
            {
                "number": job.number,
                "job": " ".join(job.varied) or "default",
                "state": job.state,
                "seconds": sum(run.seconds or 0 for run in job.runs),
                metric: sum(scores) / len(scores) if scores else None,
                "error": job.error,
            }
        )
    return pd.DataFrame(rows)


def print_jobs(jobs: Sequence[Job], folder: Path, metric: str, *, overwrite: bool) -> None:
    """Print the table of all jobs, write it as jobs.csv, and say what can be done next."""
    table = jobs_table(jobs, metric)
    with atomic_path(folder / "jobs.csv") as file:
        table.to_csv(file, index=False, lineterminator="\n")
    shown = Table(title="Jobs", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("job", "state", "seconds", metric, "error"):
        shown.add_column(name, justify="right" if name in ("seconds", metric) else "left", overflow="fold")
    for row in table.to_dict("records"):
        score = "" if pd.isna(row[metric]) else f"{row[metric]:.3f}"
        state = f"[{_COLOURS[row['state']]}]{row['state']}[/]"
        shown.add_row(escape(row["job"]), state, f"{row['seconds']:.0f}", score, escape(row["error"]))
    console = Console()
    console.print(shown)
    counts = table["state"].value_counts()
    console.print(", ".join(f"{counts[state]} {state}" for state in _ORDER if state in counts), highlight=False)
    console.print(f"Sweep folder: {folder}", soft_wrap=True, markup=False)
    if (table["state"] != "completed").any():
        same = "The same command without overwrite=true" if overwrite else "The same command again"
        console.print(f"{same} goes on: finished jobs are skipped, the others done.")
    if (folder / "best.yaml").is_file():
        console.print(f"The best settings: {folder / 'best.yaml'}", soft_wrap=True, markup=False)
    if (table["state"] == "completed").any():
        console.print(f"To compare them: {command('compare', runs=[folder])}", soft_wrap=True, markup=False)
    hint = sync_hint([run for job in jobs for run in job.runs])
    if hint:
        console.print(f"W&B runs kept offline; to send them: {hint}", soft_wrap=True, markup=False)
