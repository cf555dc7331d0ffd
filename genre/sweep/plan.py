"""What a sweep would run, how long that would take and how much disk, judged by earlier runs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from scipy.optimize import nnls

from genre.config import RunConfig
from genre.console import duration
from genre.errors import UserError
from genre.evaluation import machine_of
from genre.runs import RunFolder
from genre.runs.intact import read_yaml
from genre.sweep.job import Job

_KIND = ("model", "baseline", "features", "oversample", "data")  # sections that decide how long a film takes
_NOT_KIND = ("size", "dir", "epochs")  # of `data`


class Cost(NamedTuple):
    """Seconds and bytes on disk."""

    seconds: float
    bytes: float


@dataclass(frozen=True)
class _Known:
    """A finished run: what it is like, how much it had to do, on which machine, what that cost."""

    kind: str
    work: float
    machine: tuple[str, ...]
    cost: Cost


class EarlierRuns:
    """The finished runs in a folder, asked what another one would cost.

    Args:
        folder: of the runs.
    """

    def __init__(self, folder: Path) -> None:
        self.known = list(_finished(folder))

    def cost(self, cfg: RunConfig) -> Cost | None:
        """What a run with these settings would cost, with its seeds; None where no earlier run tells.

        Runs of the same model and data tell, those of this machine alone where there are any. Seconds are a + b x work,
        neither below zero, by least squares; work is the share of the films, or their number, times the epochs.
        """
        values = asdict(cfg)
        machine = _machine(asdict(machine_of(cfg)))
        alike = [run for run in self.known if run.kind == _kind(values)]
        alike = [run for run in alike if run.machine == machine] or alike
        if not alike:
            return None
        works = np.array([run.work for run in alike])
        seconds = np.array([run.cost.seconds for run in alike])
        if len(set(works)) > 1:
            (fixed, slope), _ = nnls(np.stack([np.ones_like(works), works], axis=1), seconds)
        else:
            fixed, slope = 0.0, seconds.mean() / works.mean()
        disk = float(np.mean([run.cost.bytes for run in alike]))
        return Cost(cfg.seeds * float(fixed + slope * _work(values)), cfg.seeds * disk)


def _finished(folder: Path) -> Iterator[_Known]:
    for file in sorted(folder.glob("*/config.yaml")):
        run = RunFolder(file.parent)
        try:
            # an interrupted one tells only how long its last part took
            if run.state != "completed" or run.resumed or run.seconds is None:
                continue
            values = read_yaml(file)
            size = sum(one.stat().st_size for one in run.path.rglob("*") if one.is_file())
            yield _Known(_kind(values), _work(values), _machine(run.environment()), Cost(run.seconds, size))
        except (UserError, KeyError, TypeError, AttributeError):  # damaged, or of another version: it tells nothing
            continue


def _kind(values: dict[str, Any]) -> str:
    told: dict[str, Any] = {section: values.get(section) for section in _KIND}
    size, trainer = values["data"]["size"], values.get("trainer") or {}
    told["data"] = {name: value for name, value in values["data"].items() if name not in _NOT_KIND}
    told |= {"a number of films": size is not None and size > 1, "batches": trainer.get("limit_batches")}
    return json.dumps(told, sort_keys=True, default=str)


def _work(values: dict[str, Any]) -> float:
    epochs = (values.get("trainer") or {}).get("max_epochs", 1)
    return float((values["data"]["size"] or 1) * epochs)


def _machine(values: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(values.get(name)) for name in ("processor", "threads", "gpu", "precision"))


def print_plan(jobs: Sequence[Job], outputs: Path, *, overwrite: bool) -> None:
    """Print the jobs of a grid, what each would cost, and what all would that are to run.

    Args:
        jobs: all of the sweep.
        outputs: where earlier runs are.
        overwrite: whether finished jobs would run again.
    """
    earlier = EarlierRuns(outputs / "runs")
    waiting = [job for job in jobs if overwrite or not job.finished]
    costs = {job.number: earlier.cost(job.cfg) for job in waiting}
    rows = [
        {
            "job": _name(job),
            "state": job.state,
            "time": _told(costs[job.number]) if job.number in costs else "",
        }
        for job in jobs
    ]
    known = [cost for cost in costs.values() if cost]
    untold = len(costs) - len(known)
    beside = f"and {untold} of which no earlier run tells" if known and untold else ""
    _print("Jobs", rows, len(jobs), len(waiting), _total(known), beside)


def print_search_plan(extremes: Sequence[Job], outputs: Path, trials: int, finished: int) -> None:
    """Print what the extremes of a search would cost, and all of its trials as their mean.

    Args:
        extremes: of what the search may choose.
        outputs: where earlier runs are.
        trials: of the search in all.
        finished: of these.
    """
    earlier = EarlierRuns(outputs / "runs")
    costs = [earlier.cost(job.cfg) for job in extremes]
    rows = [{"job": _name(job), "time": _told(cost)} for job, cost in zip(extremes, costs, strict=True)]
    known = [cost for cost in costs if cost]
    left = max(0, trials - finished)
    all_trials = _total(known, left / max(1, len(known)))
    _print("Extremes of the search", rows, trials, left, all_trials, "if none is stopped early")


def _print(
    title: str, rows: Sequence[Mapping[str, str]], jobs: int, to_run: int, cost: Cost | None, beside: str
) -> None:
    shown = Table(title=title, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in rows[0]:
        shown.add_column(name, justify="right" if name == "time" else "left", overflow="fold")
    for row in rows:
        shown.add_row(*map(escape, row.values()))
    console = Console()
    console.print(shown)
    told = f"{jobs} jobs, {jobs - to_run} of them finished before, {to_run} to run"
    if to_run and cost:
        told += f": about {duration(cost.seconds)} one after another, {_size(cost.bytes)} on disk"
        told += f", {beside}" if beside else ""
    elif to_run:
        told += "; for how long is not known: no earlier run is of the same model and data"
    console.print(f"{told}.", highlight=False, soft_wrap=True)
    console.print("Nothing was run: the same command without --dry-run begins.", highlight=False)


def _total(costs: Sequence[Cost], factor: float = 1) -> Cost | None:
    """The sum of costs, times a factor; None of none."""
    if not costs:
        return None
    return Cost(factor * sum(cost.seconds for cost in costs), factor * sum(cost.bytes for cost in costs))


def _name(job: Job) -> str:
    return " ".join(job.varied) or "default"


def _told(cost: Cost | None) -> str:
    return "not known" if cost is None else f"about {duration(cost.seconds)}"


def _size(content: float) -> str:
    return f"{content / 1e9:.1f} GB" if content >= 1e9 else f"{content / 1e6:.0f} MB"
