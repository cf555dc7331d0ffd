"""Whether probabilities are what they say."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, PercentFormatter, StrMethodFormatter

from genre.report.figures import BLUE, EDGE, ORANGE, PAPER, blank, finish, legend_above
from genre.report.run.score_tables import reliability_table
from genre.runs.predictions import PartPredictions
from genre.runs.scores import Scores


def reliability_diagram(scores: Scores, test: PartPredictions) -> Figure:
    """Share of true cells with its 95 % interval against their mean probability, over the number of cells in each bin.

    Args:
        scores: of the run.
        test: its test films.
    """
    every = reliability_table(test.probabilities, test.targets)
    bins = every[every["count"] > 0]
    mean, share = test.probabilities.double().mean(), test.targets.double().mean()
    figure = blank(
        f"Calibration error {scores.metrics['test/calibration_error']:.3f}: "
        f"probabilities say {100 * mean:.1f} % on average, {100 * share:.1f} % are true",
        height=5.2,
    )
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    means, shares = bins["mean_probability"], bins["share_positive"]
    # both ends of Wilson's interval lie about the share, but for rounding
    errors = np.maximum(0, (shares - bins["share_positive_low"], bins["share_positive_high"] - shares))
    label = "this run, 95 % intervals"
    upper.errorbar(means, shares, yerr=errors, color=BLUE, marker="o", capsize=3, clip_on=False, label=label)
    if test.raw is not None:
        before = reliability_table(test.raw, test.targets).query("count > 0")
        upper.plot(before["mean_probability"], before["share_positive"], color=ORANGE, marker="o", label="uncalibrated")
    upper.plot((0, 1), (0, 1), color=EDGE, linestyle="--", linewidth=1, label="as it should be")
    upper.set(ylabel="share that is true", xlim=(0, 1), ylim=(0, 1))
    legend_above(upper, columns=2 if test.raw is None else 3)
    bars = lower.bar(
        bins["from"], bins["count"], width=bins["to"] - bins["from"], align="edge", color=BLUE, edgecolor=PAPER
    )
    lower.bar_label(bars, [f"{count:,}" if count < 100_000 else f"{count / 1000:,.0f}k" for count in bins["count"]])
    lower.set(xlabel="probability", ylabel="cells", yscale="log", ylim=(0.7, 5 * bins["count"].max()))
    for axes in (upper, lower):
        finish(axes, grid="both")
    for axis in (upper.xaxis, upper.yaxis):
        axis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    lower.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    lower.yaxis.set_minor_formatter(NullFormatter())
    return figure
