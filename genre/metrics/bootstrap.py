"""How far metrics would move with other films: percentile intervals of the bootstrap over films."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from torch import Tensor

from genre.metrics.significance import SIGNIFICANT, TAILS, Floats, paired_test
from genre.metrics.weighted import WeightedMetrics

# repeated films look badly calibrated and, of rare labels, well ranked: what resamples give of these leans upwards, and
# their percentiles are no interval
BIASED = frozenset({"mean_average_precision", "calibration_error", "calibration_error_macro"})
_COUNTS_AT_ONCE = 250_000  # films x resamples in memory at one time: few enough to stay in the cache


@dataclass(frozen=True)
class Resampled:
    """Metrics of the films and of R resamples of them.

    Attributes:
        names: of the M metrics: those of `film_metrics` without the counts of labels.
        points: (M,): of the films themselves.
        values: (R, M): of the resamples.
        label_f1: (R, L): F1 of each label in the resamples.
    """

    names: tuple[str, ...]
    points: Floats
    values: Floats
    label_f1: Floats

    def intervals(self) -> dict[str, tuple[float, float]]:
        """95 % interval of each metric but the `BIASED` ones, from percentile to percentile of the resamples.

        A macro mean loses rare labels in some resamples, so these lie a little to one side of the point.
        """
        low, high = np.quantile(self.values, TAILS, axis=0).tolist()
        ends = zip(self.names, low, high, strict=True)
        return {name: (lower, upper) for name, lower, upper in ends if name not in BIASED}

    def label_f1_intervals(self) -> Floats:
        """95 % interval of each label's F1: its lower and upper end, (2, L)."""
        return np.quantile(self.label_f1, TAILS, axis=0)


def bootstrap(
    probabilities: Tensor,
    predicted: Tensor,
    targets: Tensor,
    known: Tensor | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Resampled:
    """Metrics of resamples: as many films, drawn with repetition; a metric is that of the drawn films.

    The resamples depend on the number of films, `resamples` and `seed` alone. In a resample without a film of a label
    that label has no support: F1 0 in means over all labels, no part in means over supported ones.

    Args:
        probabilities: (B, L), between 0 and 1.
        predicted: 0/1 (B, L).
        targets: 0/1 (B, L).
        known: bool (B, L); what is unknown counts neither way. None: all are known.
        resamples: how many.
        seed: of the draws.
    """
    metrics_of = WeightedMetrics(probabilities, predicted, targets, known)
    films = len(targets)
    points, _ = metrics_of(np.ones((films, 1)))
    random = np.random.default_rng(seed)
    chunk = max(1, _COUNTS_AT_ONCE // films)
    values, label_f1 = [], []
    for done in range(0, resamples, chunk):
        draws = (random.integers(films, size=films) for _ in range(min(chunk, resamples - done)))
        counts = np.stack([np.bincount(draw, minlength=films) for draw in draws], axis=1)  # (B, chunk)
        metrics, f1 = metrics_of(counts.astype(float))
        values.append(np.stack(list(metrics.values()), axis=1))
        label_f1.append(f1.T)
    return Resampled(
        tuple(points), np.concatenate(list(points.values())), np.concatenate(values), np.concatenate(label_f1)
    )


def paired_bootstrap(
    a: tuple[Tensor, Tensor],
    b: tuple[Tensor, Tensor],
    targets: Tensor,
    known: Tensor | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Whether system `b` differs from system `a`: both on the same resamples of the same films.

    Args:
        a: probabilities (B, L), between 0 and 1, and predicted label sets, 0/1 (B, L).
        b: the same of the other system.
        targets: 0/1 (B, L).
        known: bool (B, L); what is unknown counts neither way for either. None: all are known.
        resamples: how many.
        seed: of the draws.

    Returns:
        One row per metric but the `BIASED` ones: `metric`, `a`, `b`, `difference` (b - a), `low` and `high` (its 95 %
        interval), `p_value` and `p_value_bound` (see `paired_test`), and `significant` (p below 0.05, each metric by
        itself).
    """
    first, second = (bootstrap(*system, targets, known, resamples=resamples, seed=seed) for system in (a, b))
    tested = paired_test(first.values, second.values)
    table = pd.DataFrame(
        {
            "metric": first.names,
            "a": first.points,
            "b": second.points,
            "difference": second.points - first.points,
            "low": tested.low,
            "high": tested.high,
            "p_value": tested.p,
            "p_value_bound": tested.bound,
            "significant": tested.p < SIGNIFICANT,
        }
    )
    return table[~table["metric"].isin(BIASED)].reset_index(drop=True)
