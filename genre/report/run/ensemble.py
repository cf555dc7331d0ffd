"""What an ensemble is made of, what it brings and what it costs."""

from typing import NamedTuple

import pandas as pd

from genre.config import EnsembleConfig
from genre.evaluation.costs import prediction_costs
from genre.metrics.names import lower_is_better
from genre.report.compare.differences import DIFFERENCES_TOLD, metric_differences
from genre.report.document import Section
from genre.runs import RunFolder
from genre.runs.ensemble import kept_members, read_members
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.runs.records import read_labels

_SHOWN = ("jaccard", "f1_samples", "f1_macro")
_TOLD = (
    "Members by weight, and the best of them by validation films. Speed was measured when the ensemble was made, from "
    "descriptions to probabilities; a busy machine is slower. Size: millions of numbers that a model consists of."
)
_TEST = (
    "The ensemble (this run) against its best member (other run, chosen by validation films) on the same test films. "
    f"{DIFFERENCES_TOLD}"
)


class EnsembleTables(NamedTuple):
    """What is told of an ensemble.

    Attributes:
        members: a row for the ensemble and each member.
        best: name of the best member.
        difference: of the ensemble from it, see `metric_differences`.
    """

    members: pd.DataFrame
    best: str
    difference: pd.DataFrame


def ensemble_tables(run: RunFolder, resamples: int) -> EnsembleTables | None:
    """Those of an ensemble; None for another run.

    Args:
        run: finished.
        resamples: of the test films.

    Raises:
        UserError: when a file of it is missing or damaged.
    """
    cfg = run.config()
    if not isinstance(cfg, EnsembleConfig):
        return None
    films, labels = kept_films(run), read_labels(run)
    chosen = films.part_truth("val").recorded(cfg.metric)
    members = sorted(kept_members(run, labels), key=lambda pair: -pair[0].weight)
    rows = []
    for name, weight, folder in [("ensemble", 1.0, run), *((one.name, one.weight, at) for one, at in members)]:
        metrics, costs = folder.metrics(), prediction_costs(folder, films)
        row = {"model": name, "weight": f"{weight:.3f}", chosen: metrics[chosen]}
        row |= {f"test/{key}": metrics[f"test/{key}"] for key in _SHOWN}
        rows.append(row | {"size": f"{costs.size / 1e6:.1f}M", "films a second": f"{costs.films_per_second:,.0f}"})
    sign = -1 if lower_is_better(chosen) else 1
    best = max((folder for _, folder in members), key=lambda folder: sign * folder.metrics()[chosen])
    difference = metric_differences(read_predictions(run).test, read_predictions(best).test, resamples)
    return EnsembleTables(pd.DataFrame(rows), best.path.name, difference)


def ensemble_sections(run: RunFolder, resamples: int) -> list[Section]:
    """The same for the run's report; nothing for another run."""
    found = ensemble_tables(run, resamples)
    if found is None:
        return []
    unchosen = sum(one.weight == 0 for one in read_members(run, read_labels(run)))
    text = f"{_TOLD} {unchosen} more runs were looked at and not chosen." if unchosen else _TOLD
    return [
        Section("ensemble", "Members", found.members, text),
        Section("ensemble_difference", f"Paired bootstrap against {found.best}", found.difference, _TEST),
    ]
