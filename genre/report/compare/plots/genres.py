"""Which run is good at which genre."""

import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from genre.report.compare.comparison import Comparison
from genre.report.compare.plots.ranking import shown
from genre.report.compare.run_tables import genre_differences_table, genres_table
from genre.report.compare.runs import ComparedRun
from genre.report.document import MOST_SHOWN, counted
from genre.report.figures import BLUE, EDGE, ORANGE, finish, legend_above, single
from genre.report.genres import UNSURE, genre_scores, unsure
from genre.report.heatmap import heat_map

_WIDE = 10.5  # inches: up to 21 columns with numbers, and the names of runs


def genre_heatmap(comparison: Comparison) -> Figure:
    """F1 in per cent of each genre (columns, the most frequent ones) by each run (rows, best first)."""
    count, note = shown(comparison)
    table = genres_table(comparison).head(MOST_SHOWN).set_index("genre")
    names = [run.scores.name for run in comparison.runs[:count]]
    values = 100 * table[names].T
    spread = (values.max() - values.min()).sort_values(kind="stable")
    told = f"; the runs differ most in {spread.index[-1]}" if count > 1 and spread.iloc[-1] > 0 else ""
    figure, axes = single(
        f"F1 of the genres in %{told}{note}",
        height=1.7 + 0.28 * count,
        width=max(_WIDE, len(table) * _WIDE / 21),
    )
    wide = pd.DataFrame({run.scores.name: _unsure(run) for run in comparison.runs[:count]})
    named = values.set_axis(comparison.labels[:count])
    named.columns = [f"{genre} ({films:,})" for genre, films in table["test films"].items()]
    texts = named.map("{:.0f}".format)
    heat_map(axes, named, norm=Normalize(0, 100), texts=texts, unsure=wide.reindex(table.index).T)
    axes.set_xlabel(f"genre (test films); grey: 95 % interval wider than {100 * UNSURE:.0f}")
    axes.tick_params(axis="x", rotation=90)
    return figure


def _unsure(run: ComparedRun) -> pd.Series:
    """Of which genres a run's F1 says little."""
    scores = genre_scores(run.scores.per_genre).set_index("genre")
    return unsure(scores)["f1"]


def genre_differences(comparison: Comparison) -> Figure:
    """F1 of each frequent genre by the best tested run less that of the baseline, with 95 % intervals by genre."""
    best = next(place for place, run in enumerate(comparison.runs) if run.scores.name in comparison.differences)
    name = comparison.runs[best].scores.name
    table = genre_differences_table(comparison).head(MOST_SHOWN)
    table = table.sort_values(name, ascending=False, kind="stable", ignore_index=True)
    low, high = table[f"{name}_low"], table[f"{name}_high"]
    better, worse = int((low > 0).sum()), int((high < 0).sum())
    figure, axes = single(
        f"{comparison.labels[best]}: better than the baseline on {counted(better, 'genre')}, worse on {worse}, "
        f"open on {len(table) - better - worse}",
        height=1.6 + 0.26 * len(table),
    )
    sure = (low > 0) | (high < 0)
    for chosen, colour, label in ((sure, BLUE, "interval without 0"), (~sure, EDGE, "interval with 0")):
        rows = table.index[chosen]
        axes.hlines(rows, low[chosen], high[chosen], color=colour, linewidth=2)
        axes.plot(table[name][chosen], rows, "o", color=colour, label=label)
    axes.axvline(0, color=ORANGE, linestyle="--", linewidth=1, label="baseline")
    axes.set_yticks(
        table.index, [f"{genre} ({films:,})" for genre, films in table[["genre", "test films"]].itertuples(index=False)]
    )
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set(xlabel="difference of F1 and 95 % interval, each genre by itself", ylabel="genre (test films)")
    legend_above(axes, columns=3)
    finish(axes, grid="x")
    return figure
