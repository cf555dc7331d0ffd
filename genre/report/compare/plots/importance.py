"""Which settings a score depends on."""

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from genre.report.figures import BLUE, finish, single


def importance(table: pd.DataFrame, metric: str) -> Figure:
    """A bar for each setting: its share in the variance of the metric.

    Args:
        table: setting, importance; largest first.
        metric: of the trials.
    """
    leading = table.iloc[0]
    title = f"{leading.setting} explains {leading.importance:.0%} of the variance of {metric}"
    figure, axes = single(title, height=0.6 + 0.35 * len(table))
    sns.barplot(table, x="importance", y="setting", color=BLUE, ax=axes)
    axes.set(xlabel="share of the variance (functional ANOVA)", ylabel="", xlim=(0, 1))
    finish(axes, grid="x")
    return figure
