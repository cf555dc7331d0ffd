"""Runs read from their files alone, tests and corrections of its own, and the count of what was confirmed."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

RESAMPLES, LEVEL = 20_000, 0.05
ENDS, P, ROUNDED = 0.015, 0.05, 0.00051
INCIDENTAL = ("paths", "logger", "report", "seed", "seeds", "overwrite", "code", "on_failure", "checkpoint", "metric")
INCIDENTAL_OF_TRAINER = ("accelerator", "keep_last", "precision", "progress_bar", "threads")
PLACES = ("data.dir", "data.raw", "data.crawl")
NUMBER = r"[-+]?\d+\.\d+"
Floats = npt.NDArray[np.float64]


class Truth:
    """A finished run, read without a line of the package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config: dict[str, Any] = yaml.safe_load((folder / "config.yaml").read_text())
        self.seed = self.config["seed"]
        self.settings = settings_of(self.config)
        self.thresholds: dict[str, float] = json.loads((folder / "thresholds.json").read_text())
        self.genres = list(self.thresholds)
        self.table = pd.read_parquet(folder / "predictions.parquet")
        self.films = {part: self.part(part)["movie_id"].tolist() for part in ("val", "test")}
        self.labels = {part: (self.cells(part, "predicted"), self.cells(part, "targets")) for part in ("val", "test")}
        log = (folder / "train.log").read_text()
        self.training_films = int(re.findall(r"Films: (\d+) training", log)[-1])

    def part(self, part: str) -> pd.DataFrame:
        """Its rows of predictions."""
        return self.table[self.table["split"] == part]

    def cells(self, part: str, column: str) -> npt.NDArray[np.bool_]:
        """A column of labels of a part (B, L)."""
        return np.stack(self.part(part)[column].tolist()).astype(bool)

    def jaccards(self, part: str) -> Floats:
        """Of each film."""
        predicted, targets = self.labels[part]
        jaccards: Floats = (predicted & targets).sum(axis=1) / (predicted | targets).sum(axis=1)
        return jaccards

    def genre_f1(self, part: str = "test") -> Floats:
        """Of each genre."""
        predicted, targets = self.labels[part]
        found: Floats = 2 * (predicted & targets).sum(0) / np.maximum(1, predicted.sum(0) + targets.sum(0))
        return found

    def says(self, label: str) -> bool:
        """Whether a short name tells the truth: each of its parts is the seed or a value of a setting, or was typed."""
        if "=" in label:
            return all(self._has(*item.split("=", 1)) for item in label.split())
        values = {value.strip("'[]").lower() for value in self.settings.values()}
        words = {re.sub("[^a-z0-9.]", "", value.rpartition(".")[2]) for value in values} | values
        for part in label.split(", "):
            head, _, value = part.rpartition(" ")
            if head == "seed" and int(value) != self.seed:
                return False
            bare = value.replace("_", "").lower()
            number = re.fullmatch(r"[\d.]+", value) is not None
            if head != "seed" and number and not {value, f"{value}.0", str(float(value))} & values:
                return False
            if not number and bare not in ("none", "–") and not any(bare in word.replace("_", "") for word in words):
                return label in self.folder.name or bare in self.folder.name.replace("_", "").lower()
        return True

    def _has(self, name: str, value: str) -> bool:
        """Whether the run has what was typed; of an option the folder's name tells, where overrides stand in a row."""
        if name == "seed":
            return int(value) == self.seed
        if name in self.settings:
            return self.settings[name].strip("'") in (value, f"{value}.0")
        return f"{name}-{value}" in self.folder.name


def settings_of(config: dict[str, Any]) -> dict[str, str]:
    """Settings that change what is learnt, by dotted name."""
    told = flat({key: value for key, value in config.items() if key not in INCIDENTAL})
    names = (name for name in told if name not in PLACES and name.removeprefix("trainer.") not in INCIDENTAL_OF_TRAINER)
    return {name: repr(told[name]) for name in names}


def flat(config: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Settings by dotted name."""
    found: dict[str, Any] = {}
    for key, value in config.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def paired(first: Floats, second: Floats) -> tuple[float, float, float]:
    """Ends of the interval of the mean difference of films, and its two-sided p."""
    gaps = second - first
    drawn = np.random.default_rng(7).multinomial(len(gaps), np.full(len(gaps), 1 / len(gaps)), RESAMPLES) @ gaps
    drawn = drawn / len(gaps)
    against = min((drawn <= 1e-12).sum(), (drawn >= -1e-12).sum())
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high), float(min(1, 2 * (against + 1) / (RESAMPLES + 1)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Corrected p-values."""
    order = np.argsort(p_values)
    corrected, highest = [0.0] * len(order), 0.0
    for place, number in enumerate(order):
        highest = max(highest, min(1, p_values[number] * (len(order) - place)))
        corrected[number] = highest
    return corrected


class Checks:
    """What was confirmed, and what was not."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.false: list[str] = []

    def that(self, kind: str, told: str, right: bool) -> None:
        """Count a statement."""
        self.counts[kind] += 1
        if not right:
            self.false.append(f"{kind}: {told}")


def near(told: str | float, true: float, tolerance: float = ROUNDED) -> bool:
    """Whether a number is that one, as it is rounded."""
    return abs(float(told) - true) <= tolerance
