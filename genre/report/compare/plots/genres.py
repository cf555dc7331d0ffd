"""Which run is good at which genre."""

import seaborn as sns
from matplotlib.figure import Figure

from genre.report.compare.comparison import Comparison
from genre.report.compare.plots.ranking import shown
from genre.report.compare.run_tables import genre_differences_table, genres_table
from genre.report.document import MOST_SHOWN
from genre.report.figures import BLUE, ORANGE, finish, legend_above, single

_DARK = 45  # F1 in %; numbers on darker cells are white
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
    sns.heatmap(
        values,
        mask=values.isna(),
        annot=True,
        fmt=".0f",
        annot_kws={"size": 9},
        cmap="cividis",
        vmin=0,
        vmax=100,
        linewidths=0.5,
        cbar=False,
        yticklabels=comparison.labels[:count],
        xticklabels=[f"{genre} ({films:,})" for genre, films in table["test films"].items()],
        ax=axes,
    )
    for number in axes.texts:
        number.set_color("black" if float(number.get_text()) > _DARK else "white")
        number.set_in_layout(False)  # it lies inside the axes; measuring hundreds takes seconds
    axes.grid(visible=False)
    axes.set_facecolor("0.9")
    axes.set(xlabel="genre (test films)", ylabel="")
    axes.tick_params(axis="x", rotation=90, length=0)
    axes.tick_params(axis="y", rotation=0, length=0)
    return figure


def genre_differences(comparison: Comparison) -> Figure:
    """F1 of each frequent genre by the best tested run less that of the baseline, with 95 % intervals by genre."""
    best = next(place for place, run in enumerate(comparison.runs) if run.scores.name in comparison.differences)
    name = comparison.runs[best].scores.name
    table = genre_differences_table(comparison).head(MOST_SHOWN)
    table = table.sort_values(name, ascending=False, kind="stable", ignore_index=True)
    low, high = table[f"{name}_low"], table[f"{name}_high"]
    better, worse = int((low > 0).sum()), int((high < 0).sum())
    figure, axes = single(
        f"{comparison.labels[best]}\nbetter than the baseline on {better} genres, worse on {worse}, "
        f"open on {len(table) - better - worse}",
        height=1.6 + 0.26 * len(table),
    )
    sure = (low > 0) | (high < 0)
    for chosen, colour, label in ((sure, BLUE, "interval without 0"), (~sure, "0.55", "interval with 0")):
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
