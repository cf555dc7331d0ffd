"""The page of a sweep: its jobs, and where each has its own."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from genre.config.overrides import command
from genre.files import write_text
from genre.report.document import Section, counted
from genre.report.group.page import group_page
from genre.report.group.seeds import seeds_page
from genre.report.pages import link, origin
from genre.runs import RunFolder
from genre.runs.history import read_history

_JOBS = "Finished jobs are ranked by validation films. In brackets: 95 % bootstrap intervals over films."


def write_sweep_page(
    folder: Path, table: pd.DataFrame, runs: Sequence[Sequence[RunFolder]], metric: str, typed: str, *, plots: bool
) -> Path:
    """Write `folder`/report.html, which leads to the pages of the jobs.

    Args:
        folder: of the sweep.
        table: a row for each job: job, state, seconds and so on, finished ones best first.
        runs: of each row: one, or several seeds.
        metric: of validation films, which ranks them.
        typed: the command of the sweep.
        plots: whether there is a picture.
    """
    shown = table.drop(columns=["number", *(name for name in ("best", "error") if not table[name].any())])
    shown["seconds"] = shown["seconds"].round().astype(int)
    pages = [own[0].page if len(own) == 1 else seeds_page(own) for own in runs]
    jobs = zip(table.to_dict("records"), runs, strict=True)
    finished = [(job, own[0]) for job, own in jobs if job["state"] == "completed"]
    facts = [("jobs", str(len(table))), ("completed", str(len(finished)))]
    if finished:
        best, _ = finished[0]
        facts += [(f"best {name}", f"{best[name]:.3f}") for name in (metric, f"test{metric.removeprefix('val')}")]
    page = group_page(
        title=f"Sweep of {counted(len(table), 'job')}",
        facts=facts,
        origin=origin(_data(runs), typed),
        told=[f"To compare them with tests and plots: {command('compare', runs=[folder])}"],
        sections=[Section("jobs", "Jobs", shown, _JOBS, links={"job": [link(page, folder) for page in pages]})],
        curves=[(str(job["job"]), read_history(run, metric)) for job, run in finished if plots],
        metric=metric,
        marked={place: "best" for place, best in enumerate(table["best"]) if best},
    )
    file = folder / "report.html"
    write_text(file, page)
    return file


def _data(runs: Sequence[Sequence[RunFolder]]) -> str:
    """The fingerprints of the films."""
    found = {run.environment().get("data_fingerprint", "unknown")[:10] for own in runs for run in own}
    return f"fingerprint {', '.join(sorted(found))}"
