"""How a run got there: what was logged of each epoch, and what a classical model chose."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from genre.metrics.names import lower_is_better
from genre.runs.folder import RunFolder
from genre.runs.intact import intact, numbers, read_json


def read_epochs(run: RunFolder) -> pd.DataFrame:
    """What was logged of each epoch, counted from 1, such as `val/jaccard`; empty without epochs.

    Of what was logged several times within an epoch, such as the learning rate, or by several starts, the last value.
    """
    with intact(run.history):
        rows = pd.DataFrame(read_history_rows(run))
        if rows.empty:
            return rows
        epochs = rows.groupby("epoch").last()
        return epochs.set_axis(epochs.index.astype(int) + 1)


def read_history(run: RunFolder, metric: str) -> pd.Series:
    """A validation metric by epoch, counted from 1; empty where it was not recorded.

    Args:
        run: with a history.
        metric: such as `val/jaccard`.
    """
    epochs = read_epochs(run)
    return epochs[metric].dropna() if metric in epochs else pd.Series(dtype=float)


def read_history_rows(run: RunFolder) -> list[dict[str, float]]:
    """What was logged together, row by row: `epoch`, counted from 0, `step`, and losses or metrics, by their names.

    A run that was started several times has as many files; what a later one says comes later.
    """
    with intact(run.history):
        versions = sorted(run.history.glob("version_*/metrics.csv"), key=lambda file: int(file.parent.name[8:]))
        rows = [row for file in versions for row in _rows(file)]
        return [{name: float(value) for name, value in row.items() if value} for row in rows]


def chosen_by(run: RunFolder) -> pd.Series:
    """The metric that chose the epoch, by epoch, with its name in the history; empty for a run without epochs."""
    epochs, metric = read_epochs(run), run.config().metric
    name = metric if metric in epochs else f"val/{metric.partition('/')[2]}"  # where all is known
    return epochs[name].dropna() if name in epochs else pd.Series(dtype=float)


def best_epoch(run: RunFolder) -> int | None:
    """The epoch that the run's `metric` prefers, counted from 1; None for a run without epochs."""
    scores = chosen_by(run)
    if scores.empty:
        return None
    best = scores.min() if lower_is_better(str(scores.name)) else scores.max()
    return int(scores.index[scores == best][0])


@dataclass(frozen=True)
class Choice:
    """What a classical model chose on validation films.

    Attributes:
        name: of the setting, such as `C`.
        setting: the one that was taken.
        metric: by which.
        scores: of each setting that was tried, in the order of trying.
    """

    name: str
    setting: float
    metric: str
    scores: dict[float, float]


def read_choice(run: RunFolder) -> Choice | None:
    """What a classical model chose; None for another run.

    Raises:
        UserError: when the file is damaged.
    """
    return read_json(run.choice_file, _choice) if run.choice_file.is_file() else None


def _choice(content: Any) -> Choice:
    scores = {float(tried): score for tried, score in numbers(content["scores"]).items()}
    choice = Choice(str(content["name"]), float(content["setting"]), str(content["metric"]), scores)
    if choice.setting not in scores:
        raise ValueError("the chosen setting was not tried")
    return choice


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
