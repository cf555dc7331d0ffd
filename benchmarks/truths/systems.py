"""Runs that differ in their seed alone as one system, and pairs of systems that differ in one thing."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from truths.documents import run_command
from truths.scores import Scored, scored, ways
from truths.truth import Floats, Truth, settings_of

INDEPENDENT = ("data", "optimizer")  # sections whose settings mean the same whatever their class


class System:
    """Runs with the same settings.

    Args:
        runs: with different seeds.
        weights: how often each test film is drawn (R, B).
    """

    def __init__(self, runs: Sequence[Truth], weights: Floats) -> None:
        self.runs = runs
        self.ways = ways(runs[0])
        self.way = self.ways[1] if len(self.ways) > 1 else ""
        self.parts: dict[str, list[Scored]] = {way: [scored(run, "test", way) for run in runs] for way in self.ways}
        self.draws = {way: [part.resampled(weights) for part in parts] for way, parts in self.parts.items()}
        self.points = {way: [part.points() for part in parts] for way, parts in self.parts.items()}
        self.validation = float(np.mean([scored(run, "val", self._val(run)).points()["jaccard"] for run in runs]))
        self.baseline = "baseline" in runs[0].config
        self.command = ""  # as the document calls it

    @property
    def model(self) -> str:
        """What is trained."""
        config = self.runs[0].config
        section = config["baseline"] if self.baseline else config["model"]
        return repr((section["_target_"], section.get("pretrained")))

    def _val(self, run: Truth) -> str:
        return "_known" if self.way and len(ways(run, "val")) > 1 else ""

    def point(self, metric: str, way: str | None = None) -> float:
        """Mean of a test metric over the seeds."""
        return float(np.mean([one[metric] for one in self.points[self.way if way is None else way]]))

    def column(self, metric: str, way: str | None = None) -> Floats:
        """The same in each resample (R,) or of each genre (R, L)."""
        found: Floats = np.mean([one[metric] for one in self.draws[self.way if way is None else way]], axis=0)
        return found

    def genre_f1(self) -> Floats:
        """Mean over the seeds (L,)."""
        found: Floats = np.mean([part.genre_f1() for part in self.parts[self.way]], axis=0)
        return found

    def deviation(self) -> float:
        """Over seeds, of the test Jaccard."""
        return float(np.std([one["jaccard"] for one in self.points[self.way]], ddof=1))

    def seconds(self) -> float:
        """Mean of the runs that were timed whole."""
        told = [status(run.folder) for run in self.runs]
        return float(np.mean([one["seconds"] for one in told if "resumed" not in one] or [np.nan]))

    def machine(self) -> tuple[Any, ...]:
        """Of the first run."""
        known = json.loads((self.runs[0].folder / "environment.json").read_text())
        return known["processor"], known["threads"], known["gpu"]

    def costs(self) -> dict[str, Any]:
        """As they were measured."""
        files = (run.folder / "costs.json" for run in self.runs)  # of one of them
        found: dict[str, Any] = json.loads(next(file for file in files if file.is_file()).read_text())
        return found

    def things(self) -> dict[str, Any]:
        """Settings, those of a section that chooses a class as one."""
        return by_thing(self.runs[0].settings)


class Lacking(NamedTuple):
    """A run that is no part of the results, and why."""

    name: str
    reason: str


def status(folder: Path) -> dict[str, Any]:
    """What a run says of its own course."""
    found: dict[str, Any] = json.loads((folder / "status.json").read_text())
    return found


def runs_in(folder: Path) -> tuple[list[Truth], list[Lacking]]:
    """Finished runs on whole batches of the same films, and the others with why they are no such."""
    runs, others = [], []
    for own in sorted(path for path in folder.iterdir() if (path / "status.json").is_file()):
        told = status(own)
        if told["state"] == "completed":
            runs.append(Truth(own))
        elif told["state"] == "running":
            others.append(Lacking(own.name, "running" if Path(f"/proc/{told['pid']}").exists() else "cut off"))
        else:
            others.append(Lacking(own.name, told["error"].strip().partition("\n")[0]))
    few = [run for run in runs if run.config.get("trainer", {}).get("limit_batches") is not None]
    if len(few) < len(runs):
        others += [Lacking(run.folder.name, "a few batches alone") for run in few]
        runs = [run for run in runs if run not in few]
    kinds = [repr((run.films, [run.labels[part][1].tolist() for part in run.films])) for run in runs]
    most = max(kinds, key=kinds.count)
    others += [
        Lacking(run.folder.name, "other films or genres") for run, kind in zip(runs, kinds, strict=True) if kind != most
    ]
    return [run for run, kind in zip(runs, kinds, strict=True) if kind == most], others


def systems_of(runs: Sequence[Truth], weights: Floats) -> list[System]:
    """The systems, those first that validation films prefer."""
    groups: dict[str, list[Truth]] = {}
    for run in runs:
        groups.setdefault(repr(sorted(run.settings.items())), []).append(run)
    return sorted((System(group, weights) for group in groups.values()), key=lambda own: -own.validation)


def by_thing(settings: dict[str, str]) -> dict[str, Any]:
    """Settings by name, or by the section where that chooses a class."""
    sections = {name.partition(".")[0] for name in settings if name.endswith("._target_")} - set(INDEPENDENT)
    whole: dict[str, Any] = {
        section: {name: value for name, value in settings.items() if name.startswith(f"{section}.")}
        for section in sections
    }
    return whole | {name: value for name, value in settings.items() if name.partition(".")[0] not in sections}


@cache
def settings_by_command(script: str, overrides: tuple[str, ...]) -> dict[str, str]:
    """The settings that a command would train with."""
    text = run_command(script, [*overrides, "--cfg", "job", "--resolve"])
    return settings_of(yaml.safe_load(text))


def changes(systems: Sequence[System]) -> dict[tuple[int, int], str]:
    """What is different of pairs (reference, changed) that differ in one thing, of which the first has the default."""
    found = {}
    for reference, ours in enumerate(systems):
        default = by_thing(settings_by_command("baseline" if ours.baseline else "train", ()))
        for changed, theirs in enumerate(systems):
            one, other = ours.things(), theirs.things()
            differing = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
            if len(differing) == 1 and one.get(differing[0]) == default.get(differing[0]):
                found[reference, changed] = differing[0]
    return found
