"""Whether runs differ from one of them, the baseline, or could do so by chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from genre.errors import UserError
from genre.metrics import Resampled, bootstrap
from genre.report.compare.runs import ComparedRun
from genre.runs.predictions import PartPredictions, Predictions, read_predictions

Floats = npt.NDArray[np.float64]

SIGNIFICANT = 0.05
_TAILS = (0.025, 0.975)  # of a 95 % interval
_RESAMPLES = 40  # for each test, at least; with fewer no p could be significant after the correction


@dataclass(frozen=True)
class Tested:
    """K scores of a run against those of the baseline on the same films.

    Attributes:
        low: lower end of the 95 % interval of each difference (K,).
        high: upper end (K,).
        p: two-sided p-value of each difference (K,), none of them corrected.
    """

    low: Floats
    high: Floats
    p: Floats


@dataclass(frozen=True)
class Difference:
    """A run against the baseline.

    Attributes:
        metric: its interval and p, which is corrected by Holm's method over all runs; None for a metric that resampled
            films say nothing about.
        genres: F1 of each genre, in the order of `labels`; p is not corrected.
        labels: the genres.
    """

    metric: Tested | None
    genres: Tested
    labels: tuple[str, ...]


def differences(
    runs: Sequence[ComparedRun], baseline: ComparedRun, metric: str, resamples: int
) -> dict[str, Difference]:
    """Each run but the baseline against it by paired bootstrap, by name; runs on other films have no entry.

    Args:
        runs: to test.
        baseline: one of them.
        metric: such as `test/jaccard`; genres are tested on the test films whatever it is.
        resamples: of the films; all runs see the same ones.

    Raises:
        UserError: when a run lacks its predictions, or `resamples` are too few for so many runs.
    """
    others = [run for run in runs if run is not baseline]
    if resamples < _RESAMPLES * len(others):
        raise UserError(
            f"report.resamples={resamples}: with fewer than {_RESAMPLES * len(others):,} none of {len(others)} "
            "differences from the baseline could be significant; ask for that many"
        )
    part, _, name = metric.partition("/")
    parts = sorted({part, "test"})
    ours = read_predictions(baseline.folder)
    first = {key: _resampled(ours, key, resamples) for key in parts}
    found = {}
    for run in others:
        theirs = read_predictions(run.folder)
        if not same_films(ours, theirs, parts):
            continue
        second = {key: _resampled(theirs, key, resamples) for key in parts}
        tested = None
        if name in first[part].intervals():
            column = [first[part].names.index(name)]
            tested = paired(first[part].values[:, column], second[part].values[:, column])
        genres = paired(first["test"].label_f1, second["test"].label_f1)
        found[run.scores.name] = Difference(tested, genres, ours.genres)
    return _corrected(found)


def paired(first: Floats, second: Floats) -> Tested:
    """Scores of two systems in the same resamples of the same films, as `genre.metrics.paired_bootstrap` tests them.

    Args:
        first: (R, K) of one.
        second: (R, K) of the other, whose difference from `first` is asked for.
    """
    # scores that are equal but for the order in which they were summed do not differ
    gaps = (second - first).round(12)  # (R, K)
    low, high = np.quantile(gaps, _TAILS, axis=0)
    against = np.minimum((gaps <= 0).sum(axis=0), (gaps >= 0).sum(axis=0))
    return Tested(low, high, np.minimum(1, 2 * (against + 1) / (len(gaps) + 1)))


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values of m tests corrected by Holm's (1979) method: the chance of any false finding stays that of one test.

    The smallest is multiplied by m, the next by m - 1 and so on; none is smaller than the one before it, or above 1.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return [float(value) for value in corrected]


def same_films(one: Predictions, other: Predictions, parts: Sequence[str]) -> bool:
    """Whether two runs were asked the same: the same genres of the same films in the same order.

    Args:
        one: of a run.
        other: of the other run.
        parts: of the films that are looked at, `val` or `test`.
    """
    pairs = [(_part(one, part), _part(other, part)) for part in parts]
    return one.genres == other.genres and all(
        mine.movie_ids == theirs.movie_ids and torch.equal(mine.targets, theirs.targets) for mine, theirs in pairs
    )


def _part(predictions: Predictions, part: str) -> PartPredictions:
    return predictions.test if part == "test" else predictions.val


def _resampled(predictions: Predictions, part: str, resamples: int) -> Resampled:
    films = _part(predictions, part)
    return bootstrap(films.probabilities, films.predicted, films.targets, resamples=resamples)


def _corrected(found: dict[str, Difference]) -> dict[str, Difference]:
    tested = {name: one.metric for name, one in found.items() if one.metric}
    p_values = holm([float(one.p[0]) for one in tested.values()])
    corrected = {
        name: replace(found[name], metric=replace(one, p=np.array([p])))
        for (name, one), p in zip(tested.items(), p_values, strict=True)
    }
    return found | corrected
