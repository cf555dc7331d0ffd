"""How good a run is at each genre, in counts, and how sure that is."""

import numpy as np
import pandas as pd

from genre.metrics import proportion_interval
from genre.metrics.names import SCORES

# what the columns of `genre_scores` are called where people read them
GENRE_HEADS = {
    "training_films": "training films",
    "support": "test films",
    "f1": "F1",
    "average_precision": "AP",
}
UNSURE = 0.4  # width of an interval from which on a score says little: some twenty films


def genre_scores(per_genre: pd.DataFrame) -> pd.DataFrame:
    """The scores of each genre with what they are made of, of known cells where not all are known.

    Args:
        per_genre: of a run's test films, as it records it.

    Returns:
        genre, training_films, support, predicted, TP (right), FP (wrong), FN (missed), then precision, recall and F1,
        each with the ends of its 95 % interval (Wilson's; of F1 by bootstrap over films, none where all resamples have
        one F1), and average_precision.
    """
    part = "known_" if "known_f1" in per_genre else ""

    def column(name: str) -> pd.Series:
        return per_genre[f"{part}{name}"]

    support, predicted = column("support"), column("predicted")
    right = (column("recall") * support).round().astype(int)
    table = per_genre[["genre", "training_films"]].assign(support=support, predicted=predicted)
    table = table.assign(TP=right, FP=predicted - right, FN=support - right)
    table["precision"] = column("precision")
    table["precision_low"], table["precision_high"] = proportion_interval(right, predicted)
    table["recall"] = column("recall")
    table["recall_low"], table["recall_high"] = proportion_interval(right, support)
    for name in ("f1", "f1_low", "f1_high"):
        table[name] = column(name)
    # of four films that are all found each resample has found all, which says nothing of other films
    table.loc[table["f1_low"] == table["f1_high"], ["f1_low", "f1_high"]] = np.nan
    return table.assign(average_precision=column("average_precision"))


def unsure(scores: pd.DataFrame) -> pd.DataFrame:
    """Which precision, recall and F1 have an interval wider than `UNSURE`; F1 counts where recall does, too."""
    wide = pd.DataFrame({name: scores[f"{name}_high"] - scores[f"{name}_low"] > UNSURE for name in SCORES})
    nothing = scores[["precision_low", "recall_low"]].isna()  # no film was given the genre, or none has it
    wide[["precision", "recall"]] |= nothing.to_numpy()
    return wide.assign(f1=wide["f1"] | wide["recall"])
