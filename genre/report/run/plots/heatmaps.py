"""Precision, recall and F1 of each genre, over one or several runs."""

from collections.abc import Sequence
from textwrap import fill

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from genre.metrics.names import SCORES
from genre.report.figures import WIDTH, titled
from genre.runs.scores import Scores

_PANEL = 1.2  # inches, at least, for the three columns of a run
_NAMES = 1.5  # inches for the names of genres
_LETTERS = 12  # to an inch of a run's name
_MIDDLE = 0.45  # where the colours are as far from black as from white
_HEADS, _SHORT_HEADS = ["precision", "recall", "F1"], ["P", "R", "F1"]


def support_sets(per_genre: pd.DataFrame) -> dict[str, list[str]]:
    """Genres by support, `low` and `high`: those with fewer training films than the median genre, and the others.

    Args:
        per_genre: genre and training_films; its order is kept.
    """
    rare = per_genre["training_films"] < per_genre["training_films"].median()
    return {"low": per_genre["genre"][rare].tolist(), "high": per_genre["genre"][~rare].tolist()}


def genre_heatmap(runs: Sequence[Scores], genres: Sequence[str], support: str) -> Figure:
    """A row for each genre, and for each run three columns.

    Args:
        runs: on the same test films.
        genres: from top to bottom.
        support: what the genres have, `low` or `high`.
    """
    parts = [run.per_genre.set_index("genre").loc[list(genres)] for run in runs]
    panel = max(_PANEL, (WIDTH - _NAMES) / len(runs))
    names = [fill(run.name.replace("_", " "), int(panel * _LETTERS)) for run in runs] if len(runs) > 1 else [""]
    figure = titled(
        f"{support.title()}-support genres: {_finding(parts)}",
        height=1.2 + 0.28 * len(genres) + 0.17 * max(name.count("\n") for name in names),
        width=_NAMES + panel * len(runs),
    )
    panels = figure.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    for axes, part, name in zip(panels, parts, names, strict=True):
        values = part[list(SCORES)]
        sns.heatmap(
            values,
            annot=True,
            fmt=".2f",
            cmap="cividis",
            vmin=0,
            vmax=1,
            linewidths=1,
            cbar=False,
            xticklabels=_HEADS if len(runs) == 1 else _SHORT_HEADS,
            yticklabels=[f"{row.Index} ({row.support:,})" for row in part.itertuples()],
            ax=axes,
        )
        for number, value in zip(axes.texts, values.to_numpy().flat, strict=True):
            number.set_color("black" if value > _MIDDLE else "white")
            number.set_in_layout(False)  # it lies inside the axes
        axes.grid(visible=False)
        axes.set_title(name, fontsize=9)
        axes.set_ylabel("")
        axes.tick_params(axis="both", length=0, rotation=0)
    panels[0].set_ylabel("genre (test films)")
    if len(runs) > 1:
        figure.supxlabel("P precision, R recall", fontsize="medium")
    return figure


def _finding(parts: Sequence[pd.DataFrame]) -> str:
    """The mean F1, of several runs the range of means, of a single one also its best and worst genre."""
    means = [part["f1"].mean() for part in parts]
    if len(parts) > 1:
        return f"mean F1 {min(means):.2f} to {max(means):.2f} over {len(parts)} runs"
    ordered = parts[0]["f1"].sort_values(kind="stable")
    ends = [f"{name} {f1:.2f}" for name, f1 in ordered.iloc[[0, -1]].items()]
    return f"mean F1 {means[0]:.2f}" + (f", from {' to '.join(ends)}" if len(ordered) > 1 else "")
