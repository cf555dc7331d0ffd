"""Runs that differ in their seed alone, as one system of the results."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre.config import BaselineConfig
from genre.errors import UserError
from genre.evaluation.costs import Costs, prediction_costs
from genre.metrics.significance import RESAMPLES
from genre.report.compare.differences import resampled, same_films
from genre.report.compare.folders import LeftOut
from genre.report.compare.run_tables import seed_groups
from genre.report.compare.runs import ComparedRun
from genre.report.results.changes import single_changes
from genre.runs import commands, option
from genre.runs.predictions import Predictions, read_predictions
from genre.runs.records import read_labels

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class System:
    """One or more runs with the same settings, the seed aside; their scores are means over the runs.

    Attributes:
        runs: with different seeds.
        model: what is trained, such as `probe` or `logreg`.
        command: that trains it, without `data=...` and seeds.
        part: what its scores are of unless another part is asked for: `test_known`, or `test` where all is known.
        names: of M metrics of the test films in all ways of scoring, such as `test/jaccard`.
        points: their values (M,).
        values: the same of R resamples of the films (R, M); all systems see the same ones.
        genre_f1: F1 of each genre in `part` (L,).
        genre_values: the same of the resamples (R, L).
        costs: of its predictions; None where they cannot be measured.
    """

    runs: list[ComparedRun]
    model: str
    command: str
    part: str
    names: tuple[str, ...]
    points: Floats
    values: Floats
    genre_f1: Floats
    genre_values: Floats
    costs: Costs | None

    def point(self, metric: str, part: str | None = None) -> float:
        """A metric of the test films; nan in a way of scoring that there is not."""
        name = f"{part or self.part}/{metric}"
        return float(self.points[self.names.index(name)]) if name in self.names else float("nan")

    def column(self, metric: str, part: str | None = None) -> Floats:
        """A metric of the resamples (R, 1)."""
        return self.values[:, [self.names.index(f"{part or self.part}/{metric}")]]

    @property
    def validation(self) -> float:
        """Jaccard of the validation films."""
        known = self.part == "test_known" and "val_known/jaccard" in self.runs[0].scores.metrics
        name = "val_known/jaccard" if known else "val/jaccard"
        return float(np.mean([run.scores.metrics[name] for run in self.runs]))

    @property
    def deviation(self) -> float:
        """Standard deviation (n - 1) of the test Jaccard over seeds; nan for one seed."""
        values = [run.scores.metrics[f"{self.part}/jaccard"] for run in self.runs]
        return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")

    @property
    def machine(self) -> tuple[str, int, str | None]:
        """Processor, threads and GPU of its first run."""
        known = self.runs[0].folder.environment()
        return known["processor"], known["threads"], known["gpu"]

    @property
    def seconds(self) -> float:
        """Mean duration of the runs that were timed whole; nan without one."""
        timed = [run.seconds for run in self.runs if run.seconds is not None]
        return float(np.mean(timed)) if timed else float("nan")


def read_systems(runs: Sequence[ComparedRun], resamples: int) -> tuple[list[System], list[LeftOut]]:
    """The systems of all runs on the same test films, best validation Jaccard first, and those that are none.

    Runs on other films are left out, and such as saw a few batches alone, unless all did.

    Args:
        runs: any; the test films that most of them have are the ones.
        resamples: of the films; they are more where with so few no difference could be significant.

    Raises:
        UserError: when a run lacks its predictions.
    """
    groups: list[tuple[Predictions, list[ComparedRun]]] = []
    whole = [run for run in runs if run.settings.get("trainer.limit_batches") is None] or list(runs)
    for run in whole:
        predictions = read_predictions(run.folder)
        for theirs, group in groups:
            if same_films(theirs, predictions, ["val", "test", "test_known"]):
                group.append(run)
                break
        else:
            groups.append((predictions, [run]))
    same = max((group for _, group in groups), key=len)
    others = [LeftOut(run.folder.path.name, "completed", "other films or genres") for run in whole if run not in same]
    others += [LeftOut(run.folder.path.name, "completed", "a few batches alone") for run in runs if run not in whole]
    of_seeds = seed_groups(same)
    told = commands([group[0].folder.config() for group in of_seeds])
    tests = max(len(of_seeds), len(single_changes([group[0] for group in of_seeds])))
    enough = max(resamples, RESAMPLES * tests)
    systems = [_read(group, command[1:], enough) for group, command in zip(of_seeds, told, strict=True)]
    return sorted(systems, key=lambda system: -system.validation), others


def _read(runs: list[ComparedRun], overrides: Sequence[str], resamples: int) -> System:
    cfg = runs[0].folder.config()
    classical = isinstance(cfg, BaselineConfig)
    tests = [read_predictions(run.folder).test for run in runs]
    ways = [f"test{way}" for way in tests[0].truth.ways]
    found = {part: [resampled(test, part, resamples) for test in tests] for part in ways}
    part = ways[1] if len(ways) > 1 else ways[0]
    labels = list(read_labels(runs[0].folder))
    f1 = "f1" if part == "test" else "known_f1"
    per_genre = [run.scores.per_genre.set_index("genre")[f1].reindex(labels) for run in runs]
    return System(
        runs,
        option(cfg, "baseline" if classical else "model"),
        " ".join([f"{'baseline' if classical else 'train'}.py", *overrides]),
        part,
        tuple(f"{part}/{name}" for part, each in found.items() for name in each[0].names),
        np.concatenate([np.mean([one.points for one in each], axis=0) for each in found.values()]),
        np.concatenate([np.mean([one.values for one in each], axis=0) for each in found.values()], axis=1),
        np.mean(per_genre, axis=0),
        np.mean([one.label_f1 for one in found[part]], axis=0),
        _costs(runs[0]),
    )


def _costs(run: ComparedRun) -> Costs | None:
    try:
        return prediction_costs(run.folder)
    except UserError as error:
        log.warning("No size and speed: %s", error)
        return None
