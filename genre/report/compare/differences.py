"""Whether runs differ on the same films, or could do so by chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch

from genre.metrics import PairedTest, Resampled, bootstrap, holm, paired_bootstrap, paired_test
from genre.metrics.names import METRICS
from genre.metrics.significance import RESAMPLES, SIGNIFICANT
from genre.report.compare.runs import ComparedRun
from genre.runs.predictions import PartPredictions, Predictions, read_predictions

# how to read the table of `metric_differences`
DIFFERENCES_TOLD = (
    "Difference: this run less the other, on the same test films. p: two-sided, by paired bootstrap over these films, "
    "corrected by Holm's method over the metrics of one table, not over several runs. Other seeds are not looked at."
)


@dataclass(frozen=True)
class Difference:
    """A run against the baseline.

    Attributes:
        metric: its interval and p, which is corrected by Holm's method over all runs that are tested together; None for
            a metric that resampled films say nothing about.
        genres: F1 of each genre, in the order of `labels`; p is not corrected.
        labels: the genres.
    """

    metric: PairedTest | None
    genres: PairedTest
    labels: tuple[str, ...]


def differences(
    runs: Sequence[ComparedRun], baseline: ComparedRun, metric: str, resamples: int
) -> dict[str, Difference]:
    """Each run but the baseline against it by paired bootstrap, by name; runs on other films have no entry.

    Args:
        runs: to test.
        baseline: one of them.
        metric: such as `test/jaccard`; genres are tested on what the cells say of test films whatever it is.
        resamples: of the films; all runs see the same ones. They are more where so few could show no difference.

    Raises:
        UserError: when a run lacks its predictions.
    """
    others = [run for run in runs if run is not baseline]
    resamples = max(resamples, RESAMPLES * len(others))
    part, _, name = metric.partition("/")
    parts = sorted({part, "test"})
    ours = read_predictions(baseline.folder)
    first = {key: resampled(_part(ours, key), key, resamples) for key in parts}
    found = {}
    for run in others:
        theirs = read_predictions(run.folder)
        if not same_films(ours, theirs, parts):
            continue
        second = {key: resampled(_part(theirs, key), key, resamples) for key in parts}
        tested = None
        if name in first[part].intervals():
            column = [first[part].names.index(name)]
            tested = paired_test(first[part].values[:, column], second[part].values[:, column])
        genres = paired_test(first["test"].label_f1, second["test"].label_f1)
        found[run.scores.name] = Difference(tested, genres, ours.genres)
    return _corrected(found)


def metric_differences(own: PartPredictions, other: PartPredictions, resamples: int) -> pd.DataFrame:
    """Metrics of two runs by paired bootstrap: both are asked about the same resampled films.

    Args:
        own: test films of the run.
        other: the same films by the other run.
        resamples: how many; they are more where so few could show no difference.

    Returns:
        metric, this run, other run, difference (this - other) with the ends of its 95 % interval, p (two-sided,
        corrected by Holm's method over the metrics), whether it is at most that, and `significant` (yes or no at 0.05).
    """
    theirs, ours = ((films.probabilities, films.predicted) for films in (other, own))
    enough = max(resamples, RESAMPLES * len(METRICS))
    table = paired_bootstrap(theirs, ours, own.targets, resamples=enough).set_index("metric")
    table = table.loc[[name for name in METRICS if name in table.index and name != "cardinality_true"]]
    p = np.array(holm(table["p_value"].tolist()))
    return pd.DataFrame(
        {
            "metric": [METRICS[name] for name in table.index],
            "this run": table["b"].to_numpy(),
            "other run": table["a"].to_numpy(),
            "difference": table["difference"].to_numpy(),
            "difference_low": table["low"].to_numpy(),
            "difference_high": table["high"].to_numpy(),
            "p": p,
            "p_bound": table["p_value_bound"].to_numpy(),
            "significant": ["yes" if value < SIGNIFICANT else "no" for value in p],
        }
    )


def same_films(one: Predictions, other: Predictions, parts: Sequence[str]) -> bool:
    """Whether two runs were asked the same: the same genres of the same films in the same order.

    Args:
        one: of a run.
        other: of the other run.
        parts: of the films that are looked at, and by what: `val`, `test`, `test_known` and so on.
    """
    return one.genres == other.genres and all(_same(_part(one, part), _part(other, part), part) for part in parts)


def _same(one: PartPredictions, other: PartPredictions, part: str) -> bool:
    ours, theirs = (films.truth.scoring_of(part) for films in (one, other))
    if one.movie_ids != other.movie_ids or not torch.equal(ours.targets, theirs.targets):
        return False
    if ours.known is None or theirs.known is None:
        return ours.known is theirs.known
    return torch.equal(ours.known, theirs.known)


def _part(predictions: Predictions, part: str) -> PartPredictions:
    return predictions.test if part.startswith("test") else predictions.val


def resampled(films: PartPredictions, part: str, resamples: int) -> Resampled:
    """Metrics of resampled films of a part such as `test_known`."""
    scoring = films.truth.scoring_of(part)
    probabilities, predicted = scoring.of_labels(films.probabilities), scoring.of_labels(films.predicted)
    return bootstrap(probabilities, predicted, scoring.targets, resamples=resamples, known=scoring.known)


def _corrected(found: dict[str, Difference]) -> dict[str, Difference]:
    tested = {name: one.metric for name, one in found.items() if one.metric}
    p_values = holm([float(one.p[0]) for one in tested.values()])
    corrected = {
        name: replace(found[name], metric=replace(one, p=np.array([p])))
        for (name, one), p in zip(tested.items(), p_values, strict=True)
    }
    return found | corrected
