"""Whether longer descriptions are easier."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.figure import Figure

from genre.report.figures import BLUE, EDGE, finish, legend_above, single

_BINS = 8
_FILMS = 5  # in a bin, at least
_NORMAL = 1.96  # standard errors to either side of a 95 % interval


def jaccard_by_length(words: pd.Series, jaccard: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Mean Jaccard of films in bins of as many films each: shortest, longest, films, mean, margin.

    Args:
        words: in the description of each film (B,).
        jaccard: of each film (B,).

    Returns:
        One row per bin; films with descriptions of one length are in one bin. `margin` is half the width of a 95 %
        interval, 0 where all films of a bin have the same Jaccard.
    """
    bins = min(_BINS, max(1, len(words) // _FILMS))
    edges = np.unique(np.quantile(words, np.arange(1, bins) / bins))
    films = pd.DataFrame({"words": words.to_numpy(), "jaccard": jaccard})
    by_bin = films.groupby(np.digitize(films["words"], edges, right=True))
    table = by_bin.agg(
        shortest=("words", "min"), longest=("words", "max"), films=("words", "size"), mean=("jaccard", "mean")
    )
    spread = by_bin["jaccard"].std(ddof=0)
    return table.assign(margin=_NORMAL * spread / np.sqrt(table["films"])).reset_index(drop=True)


def jaccard_against_length(words: pd.Series, jaccard: npt.NDArray[np.float64]) -> Figure:
    """A point with its interval for each bin of `jaccard_by_length`."""
    table = jaccard_by_length(words, jaccard)
    ends = zip(table["shortest"], table["longest"], strict=True)
    spans = [f"{shortest:,}" if shortest == longest else f"{shortest:,}–{longest:,}" for shortest, longest in ends]
    pairs = zip(table["mean"], table["margin"], strict=True)
    means = [f"{mean:.2f} ± {margin:.2f}" if margin else f"{mean:.2f}" for mean, margin in pairs]
    title = f"Jaccard {means[0]} for descriptions of {spans[0]} words"
    title += f", {means[-1]} for {spans[-1]} words" if len(table) > 1 else ""
    figure, axes = single(title, height=3.6)
    axes.errorbar(
        range(len(table)),
        table["mean"],
        yerr=table["margin"],
        color=BLUE,
        marker="o",
        linestyle="none",
        capsize=4,
        label="mean and 95 % interval",
    )
    axes.axhline(jaccard.mean(), color=EDGE, linestyle="--", linewidth=1, label="mean of all films")
    legend_above(axes, columns=2)
    ticks = [f"{span}\n({films:,})" for span, films in zip(spans, table["films"], strict=True)]
    axes.set_xticks(range(len(table)), ticks)
    axes.set(xlabel="words of the description (films)", ylabel="Jaccard")
    axes.set(xlim=(-0.5, len(table) - 0.5), ylim=(0, None))
    finish(axes, grid="y")
    return figure
