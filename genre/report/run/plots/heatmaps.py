"""Precision, recall and F1 of each genre, over one or several runs."""

from collections.abc import Sequence
from textwrap import fill

import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from genre.metrics.names import SCORES
from genre.report.document import listed
from genre.report.figures import QUIET, WIDTH, blank
from genre.report.genres import UNSURE, genre_scores, unsure
from genre.report.heatmap import heat_map
from genre.runs.scores import Scores

_PANEL = 1.2  # inches, at least, for the three columns of a run
_NAMES = 1.5  # inches for the names of genres
_LETTERS = 12  # to an inch of a run's name
_HEADS, _SHORT_HEADS = ["precision", "recall", "F1"], ["P", "R", "F1"]


def support_sets(per_genre: pd.DataFrame) -> dict[str, list[str]]:
    """Genres by support, `high` and `low`: the latter have fewer training films than the median genre.

    Args:
        per_genre: genre and training_films; its order is kept.
    """
    rare = per_genre["training_films"] < per_genre["training_films"].median()
    return {"high": per_genre["genre"][~rare].tolist(), "low": per_genre["genre"][rare].tolist()}


def genre_heatmap(runs: Sequence[Scores], genres: Sequence[str], support: str) -> Figure:
    """A row for each genre, and for each run three columns; those of a single run tell their intervals.

    Args:
        runs: on the same test films.
        genres: from top to bottom.
        support: what the genres have, `low` or `high`.
    """
    alone = len(runs) == 1
    parts = [genre_scores(run.per_genre).set_index("genre").loc[list(genres)] for run in runs]
    panel = max(_PANEL, (WIDTH - _NAMES) / len(runs))
    names = [""] if alone else [fill(run.name.replace("_", " "), int(panel * _LETTERS)) for run in runs]
    figure = blank(
        f"{support.title()}-support genres: {_finding(parts)}",
        height=1.1 + 0.28 * len(genres) + 0.17 * max(name.count("\n") for name in names),
        width=_NAMES + panel * len(runs),
    )
    panels = figure.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    for axes, part, name in zip(panels, parts, names, strict=True):
        heads = dict(zip(SCORES, _HEADS if alone else _SHORT_HEADS, strict=True))
        values = part[list(SCORES)].set_axis([f"{row.Index} ({row.support:,})" for row in part.itertuples()])
        texts = pd.DataFrame({score: _texts(part, score, ends=alone) for score in SCORES})
        heat_map(axes, values.rename(columns=heads), norm=Normalize(0, 1), texts=texts, unsure=unsure(part))
        axes.set_title(name, fontsize=9)
    panels[0].set_ylabel("genre (test films)")
    note = f"grey: 95 % interval wider than {UNSURE}"
    figure.supxlabel(note if alone else f"P precision, R recall; {note}", fontsize="medium", color=QUIET)
    return figure


def _texts(part: pd.DataFrame, score: str, *, ends: bool) -> list[str]:
    rows = part[[score, f"{score}_low", f"{score}_high"]].itertuples(index=False, name=None)
    return [
        f"{value:.2f} ({low:.2f}–{high:.2f})" if ends and not pd.isna(low) else f"{value:.2f}"
        for value, low, high in rows
    ]


def _finding(parts: Sequence[pd.DataFrame]) -> str:
    """The mean F1, of several runs the range of means, of one also its best and worst genres, all that are equal."""
    means = [part["f1"].mean() for part in parts]
    if len(parts) > 1:
        return f"mean F1 {min(means):.2f} to {max(means):.2f} over {len(parts)} runs"
    f1 = parts[0]["f1"]
    worst, best = f1.min(), f1.max()
    ends = [f"{listed(f1.index[f1 == end].tolist(), 'genre')} {end:.2f}" for end in (worst, best)]
    return f"mean F1 {means[0]:.2f}" + (f", from {' to '.join(ends)}" if worst < best else "")
