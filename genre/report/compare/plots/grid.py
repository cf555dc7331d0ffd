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
        means, counts = grid_of(comparison, runs)
        yield f"{loss} {name}".strip(), _heatmap(comparison, loss, means, counts)


def _shape(runs: list[ComparedRun]) -> tuple[int, int]:
    """How many values of alpha and of gamma there are."""
    alphas, gammas = ({repr(run.settings[name]) for run in runs} for name in ("loss.alpha", "loss.gamma"))
    return len(alphas), len(gammas)


def grid_of(comparison: Comparison, runs: list[ComparedRun]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mean of the metric and number of runs by alpha (rows) and gamma (columns); numbers ascend, names come after."""
    cells = pd.DataFrame(
        {
            "alpha": [setting_text("loss.alpha", run.settings["loss.alpha"]) for run in runs],
            "gamma": [run.settings["loss.gamma"] for run in runs],
            "value": [comparison.value(run) for run in runs],
        }
    )
    alphas = {setting_text("loss.alpha", run.settings["loss.alpha"]): run.settings["loss.alpha"] for run in runs}
    order = sorted(alphas, key=lambda text: (*_rank(alphas[text]), text))
    by_cell = cells.groupby(["alpha", "gamma"])["value"]
    return by_cell.mean().unstack().loc[order], by_cell.count().unstack().loc[order]


def _rank(alpha: Any) -> tuple[bool, float]:
    """Numbers by size, then names."""
    named = alpha is None or isinstance(alpha, str)
    return named, 0.0 if named else float(alpha)


def _heatmap(comparison: Comparison, loss: str, means: pd.DataFrame, counts: pd.DataFrame) -> Figure:
    lower = lower_is_better(comparison.metric)
    filled = means.to_numpy()
    alpha, gamma = divmod(int(np.nanargmin(filled) if lower else np.nanargmax(filled)), means.shape[1])
    runs = int(np.nanmax(counts.to_numpy()))
    averaged = f" (mean of up to {runs} runs)" if runs > 1 else ""
    figure, axes = single(
        f"{loss}: best {comparison.metric_name} {filled[alpha, gamma]:.3f} at alpha {means.index[alpha]}, "
        f"gamma {means.columns[gamma]:g}{averaged}",
        height=1.5 + 0.5 * len(means),
    )
    low, high = float(np.nanmin(filled)), float(np.nanmax(filled))
    named = means.rename(columns="{:g}".format)
    texts, colours = named.map("{:.3f}".format), "cividis_r" if lower else "cividis"
    scale = heat_map(axes, named, norm=Normalize(low, high), texts=texts, colours=colours)
    figure.colorbar(scale, ax=axes, label=comparison.metric_name)
    axes.set(xlabel="gamma", ylabel="alpha")
    return figure
