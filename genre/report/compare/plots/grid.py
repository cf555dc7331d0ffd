"""A sweep over alpha and gamma of a loss."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from genre.metrics.names import lower_is_better
from genre.report.compare.comparison import Comparison
from genre.report.compare.runs import ComparedRun, alike, group_names, setting_text
from genre.report.figures import single
from genre.report.heatmap import heat_map


def loss_grids(comparison: Comparison) -> Iterator[tuple[str, Figure]]:
    """For runs that differ in alpha, gamma and seeds alone, if in both: what they are, and their heat map."""
    with_both = [run for run in comparison.runs if {"loss.alpha", "loss.gamma"} <= run.settings.keys()]
    groups = [runs for runs in alike(with_both, ("loss.alpha", "loss.gamma")) if min(_shape(runs)) > 1]
    for name, runs in zip(group_names(groups), groups, strict=True):
        loss = setting_text("loss._target_", runs[0].settings["loss._target_"])
        yield f"{loss} {name}".strip(), _heatmap(comparison, loss, *grid_of(comparison, runs))


def _shape(runs: list[ComparedRun]) -> tuple[int, int]:
    """How many values of alpha and of gamma there are."""
    alphas, gammas = ({repr(run.settings[name]) for run in runs} for name in ("loss.alpha", "loss.gamma"))
    return len(alphas), len(gammas)


def grid_of(comparison: Comparison, runs: list[ComparedRun]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Mean of the metric by alpha (rows) and gamma (columns), how sure it is, and the mean of what ranks runs.

    Numbers ascend, names come after. How sure: of a single run its 95 % interval, of several how many they are.
    """
    cells = pd.DataFrame(
        {
            "alpha": [setting_text("loss.alpha", run.settings["loss.alpha"]) for run in runs],
            "gamma": [run.settings["loss.gamma"] for run in runs],
            "value": [comparison.value(run) for run in runs],
            "ranking": [comparison.ranking(run) for run in runs],
            "interval": [_interval(comparison, run) for run in runs],
        }
    )
    alphas = {setting_text("loss.alpha", run.settings["loss.alpha"]): run.settings["loss.alpha"] for run in runs}
    order = sorted(alphas, key=lambda text: (*_rank(alphas[text]), text))
    by_cell = cells.groupby(["alpha", "gamma"])
    notes = by_cell["interval"].agg(lambda ends: ends.iloc[0] if len(ends) == 1 else f"mean of {len(ends)} runs")
    tables = (by_cell["value"].mean(), notes, by_cell["ranking"].mean())
    values, sure, ranking = (table.unstack().loc[order] for table in tables)
    return values, sure, ranking


def _interval(comparison: Comparison, run: ComparedRun) -> str:
    ends = comparison.interval(run)
    return f"{ends[0]:.3f}–{ends[1]:.3f}" if ends else "1 run"


def _rank(alpha: Any) -> tuple[bool, float]:
    """Numbers by size, then names."""
    named = alpha is None or isinstance(alpha, str)
    return named, 0.0 if named else float(alpha)


def _heatmap(
    comparison: Comparison, loss: str, means: pd.DataFrame, notes: pd.DataFrame, ranking: pd.DataFrame
) -> Figure:
    lower = lower_is_better(comparison.metric)
    filled, ranked = means.to_numpy(), ranking.to_numpy()
    alpha, gamma = divmod(int(np.nanargmin(ranked) if lower else np.nanargmax(ranked)), means.shape[1])
    figure, axes = single(
        f"{loss}: best by {comparison.ranked_by} at alpha {means.index[alpha]}, gamma {means.columns[gamma]:g}: "
        f"{comparison.metric_name} {filled[alpha, gamma]:.3f} ({notes.to_numpy()[alpha, gamma]})",
        height=1.3 + 0.5 * len(means),
    )
    texts = means.map("{:.3f}\n".format) + notes
    named = means.rename(columns="{:g}".format)
    norm = Normalize(float(np.nanmin(filled)), float(np.nanmax(filled)))
    scale = heat_map(axes, named, norm=norm, texts=texts, colours="cividis_r" if lower else "cividis")
    figure.colorbar(scale, ax=axes, label=comparison.metric_name)
    axes.set(xlabel="gamma", ylabel="alpha")
    return figure
