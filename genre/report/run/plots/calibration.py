"""Whether probabilities are what they say."""

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, PercentFormatter, StrMethodFormatter

from genre.metrics import reliability
from genre.report.figures import BLUE, finish, legend_above, titled
from genre.runs.predictions import PartPredictions
from genre.runs.scores import Scores


def reliability_diagram(scores: Scores, test: PartPredictions) -> Figure:
    """Share of true cells against their mean probability, all genres together, over the number of cells.

    Args:
        scores: of the run.
        test: its test films.
    """
    every = reliability(test.probabilities, test.targets)
    bins = every[every["count"] > 0]
    mean, share = test.probabilities.double().mean(), test.targets.double().mean()
    figure = titled(
        f"Calibration error {scores.metrics['test/calibration_error']:.3f}: "
        f"probabilities say {100 * mean:.1f} % on average, {100 * share:.1f} % are true",
        height=5.2,
    )
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    upper.plot(
        bins["mean_probability"], bins["share_positive"], marker="o", color=BLUE, clip_on=False, label="this run"
    )
    upper.plot((0, 1), (0, 1), color="0.5", linestyle="--", linewidth=1, label="as it should be")
    upper.set(ylabel="share that is true", xlim=(0, 1), ylim=(0, 1))
    legend_above(upper, columns=2)
    width = 1 / len(every)
    lower.bar(bins["bin"] * width, bins["count"], width=width, align="edge", color=BLUE, edgecolor="white")
    lower.set(xlabel="probability", ylabel="cells", yscale="log", ylim=(0.7, None))
    for axes in (upper, lower):
        finish(axes, grid="both")
    for axis in (upper.xaxis, upper.yaxis):
        axis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    lower.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    lower.yaxis.set_minor_formatter(NullFormatter())
    return figure
