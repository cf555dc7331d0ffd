"""By how much two runs differ on the same test films, and whether that could be chance."""

from collections.abc import Sequence

import pandas as pd

from genre.metrics import paired_bootstrap
from genre.report.run.tables import METRICS
from genre.runs import RunFolder
from genre.runs.predictions import PartPredictions, Predictions, read_predictions


def compare(own: Predictions, others: Sequence[RunFolder], resamples: int) -> list[pd.DataFrame]:
    """`differences` to each of the other runs, in their order."""
    return [differences(own.test, read_predictions(other).test, resamples) for other in others]


def differences(own: PartPredictions, other: PartPredictions, resamples: int) -> pd.DataFrame:
    """Metrics of two runs by paired bootstrap: both are asked about the same resampled films.

    Args:
        own: test films of the run.
        other: the same films by the other run.
        resamples: how many.

    Returns:
        metric, this run, other run, difference (this - other) with the ends of its 95 % interval, p (two-sided), and
        `significant` (yes or no at 0.05, each metric taken by itself).
    """
    table = paired_bootstrap(
        (other.probabilities, other.predicted), (own.probabilities, own.predicted), own.targets, resamples=resamples
    ).set_index("metric")
    table = table.loc[[name for name in METRICS if name in table.index and name != "cardinality_true"]]
    return pd.DataFrame(
        {
            "metric": [METRICS[name] for name in table.index],
            "this run": table["b"].to_numpy(),
            "other run": table["a"].to_numpy(),
            "difference": table["difference"].to_numpy(),
            "difference_low": table["low"].to_numpy(),
            "difference_high": table["high"].to_numpy(),
            "p": table["p_value"].to_numpy(),
            "significant": ["yes" if value else "no" for value in table["significant"]],
        }
    )
