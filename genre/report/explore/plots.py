"""The plots of the report: each takes a small table and gives a figure."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import LogNorm, Normalize, to_rgb
from matplotlib.figure import Figure

from genre.report.colours import ink_on
from genre.report.explore.counts import DENIED
from genre.report.explore.films import NO_YEAR, TEXT_GAPS
from genre.report.figures import (
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    PAPER,
    PURPLE,
    WIDTH,
    blank,
    finish,
    legend_above,
    panel_title,
    single,
    whole_numbers,
)
from genre.report.heatmap import heat_map

# years with fewer films have rates that jump for no reason
MIN_FILMS_OF_A_YEAR = 20
MIN_WIDTH_OF_NUMBER = 0.06  # of the plot: in a narrower bar there is no room for one
GAP_COLOURS = dict(zip((*TEXT_GAPS, NO_YEAR), (PURPLE, ORANGE, BLUE, GREEN), strict=True))
KNOWN_COLOURS = {"with it": BLUE, "unknown": ORANGE, DENIED: LINE}
QUANTILE_LABELS = {0.05: "5 %", 0.5: "median", 0.95: "95 %"}


def bars(names: Iterable[str], values: pd.Series, labels: Sequence[str], *, title: str, unit: str) -> Figure:
    """Horizontal bars from top to bottom with a label at each end."""
    figure, axes = single(title, height=1.1 + 0.26 * len(values))
    sns.barplot(x=values, y=list(names), color=BLUE, saturation=1, ax=axes)
    axes.bar_label(axes.containers[0], labels, padding=4)  # type: ignore[arg-type]
    axes.margins(x=0.18)
    axes.set(xlabel=unit, ylabel="")
    finish(axes, grid="x")
    whole_numbers(axes.xaxis)
    return figure


def cooccurrence_heatmap(matrix: pd.DataFrame, *, title: str, unit: str, percent: bool) -> Figure:
    """A square of genres: percentages on a linear scale without the diagonal, or counts on a logarithmic one."""
    side = max(6, 2.4 + 0.36 * len(matrix))
    figure, axes = single(title, height=side - 0.9, width=side)
    hidden = np.eye(len(matrix), dtype=bool) if percent else matrix.to_numpy() == 0
    texts = matrix.map(lambda value: f"{value:.0f}" if percent else _short(value))
    norm = Normalize(0, 100) if percent else LogNorm(1, max(matrix.to_numpy().max(), 10))
    scale = heat_map(axes, matrix.mask(hidden), norm=norm, texts=texts, square=True, size=7.5)
    figure.colorbar(scale, ax=axes, label=unit, shrink=0.6, format="{x:,.0f}")
    axes.tick_params(axis="x", rotation=90)
    return figure


def length_histograms(lengths: pd.DataFrame, *, title: str) -> Figure:
    """One histogram for each column of lengths, with its quantiles, up to the length that 99.5 % do not exceed."""
    figure = blank(title, height=2.7 * lengths.shape[1])
    for axes, name in zip(figure.subplots(lengths.shape[1], squeeze=False)[:, 0], lengths, strict=True):
        values = lengths[name]
        limit = max(float(values.quantile(0.995)), 10)
        width = max(1, round(limit / 60))
        sns.histplot(values[values <= limit], binwidth=width, binrange=(0, limit + width), color=BLUE, alpha=1, ax=axes)
        for quantile, label in QUANTILE_LABELS.items():
            place = values.quantile(quantile)
            axes.axvline(place, color=INK, linewidth=1, linestyle="--")
            text = f"{label}: {place:,.0f}"
            axes.text(place, 1.01, text, transform=axes.get_xaxis_transform(), ha="center", va="bottom", size="small")
        axes.set(xlabel=f"{name} in a description", ylabel="films", xlim=(0, limit))
        finish(axes, grid="y")
        whole_numbers(axes.xaxis)
        whole_numbers(axes.yaxis)
    return figure


def gaps_by_genre(rates: pd.DataFrame, kinds: Sequence[str], *, title: str) -> Figure:
    """Stacked bars of what descriptions lack, and beside them films without a year, for each genre."""
    of_texts = [kind for kind in kinds if kind in TEXT_GAPS]
    parts = [part for part in (of_texts, [kind for kind in kinds if kind == NO_YEAR]) if part]
    figure = blank(title, height=1.6 + 0.26 * len(rates))
    panels = figure.subplots(1, len(parts), sharey=True, squeeze=False)[0]
    for axes, part in zip(panels, parts, strict=True):
        start = np.zeros(len(rates))
        for kind in part:
            axes.barh(rates["genre"], rates[kind], left=start, color=GAP_COLOURS[kind], label=kind)
            start += rates[kind].to_numpy()
        axes.bar_label(axes.containers[-1], [f"{total:.0f} %" for total in start], padding=3)
        axes.set(xlabel="% of the genre's films", xlim=(0, max(start.max() * 1.2, 1)))
        legend_above(axes, columns=len(part))
        finish(axes, grid="x")
    panels[0].invert_yaxis()
    panels[0].margins(y=0.02)
    return figure


def gaps_by_year(rates: pd.DataFrame, kinds: Sequence[str], *, title: str) -> Figure:
    """A line for each kind of gap over the years that have enough films."""
    figure, axes = single(title, height=3.4)
    enough = rates[rates["films"] >= MIN_FILMS_OF_A_YEAR]
    for kind in kinds:
        axes.plot(enough["year"], enough[kind], color=GAP_COLOURS[kind], linewidth=2, label=kind)
    axes.set(xlabel="year", ylabel="% of the year's films", ylim=(0, None))
    legend_above(axes, columns=len(kinds))
    whole_numbers(axes.xaxis, style="{x:.0f}")
    finish(axes, grid="y")
    return figure


def known(shares: pd.DataFrame, *, title: str) -> Figure:
    """Stacked bars: films that have a genre, of which it is unknown, and which only its file says not to have it.

    Args:
        shares: genre, and percentages named as in `KNOWN_COLOURS`, of which some may be absent.
        title: of the figure.
    """
    figure, axes = single(title, height=1.4 + 0.26 * len(shares))
    start = np.zeros(len(shares))
    for part in (part for part in KNOWN_COLOURS if part in shares):
        bars = axes.barh(shares["genre"], shares[part], left=start, color=KNOWN_COLOURS[part], label=part)
        if part == "unknown":
            ink = ink_on(to_rgb(KNOWN_COLOURS[part]))  # which stays on a dark screen, as the bar does
            numbers = axes.bar_label(bars, fmt="{:.0f} %", label_type="center", color=ink)
        start += shares[part].to_numpy()
    for number, share in zip(numbers, shares["unknown"], strict=True):
        number.set_visible(share >= MIN_WIDTH_OF_NUMBER * start.max())
    axes.set(xlabel="% of all films", xlim=(0, start.max() * 1.02))
    legend_above(axes, columns=len(KNOWN_COLOURS))
    finish(axes, grid="x")
    axes.invert_yaxis()
    axes.margins(y=0.02)
    return figure


def films_per_year(films: pd.DataFrame, *, title: str) -> Figure:
    """One bar for each year."""
    figure, axes = single(title, height=3.4)
    axes.bar(films["year"], films["films"], width=1, color=BLUE, edgecolor=PAPER, linewidth=0.3)
    axes.set(xlabel="year", ylabel="films")
    axes.margins(x=0.01)
    finish(axes, grid="y")
    whole_numbers(axes.xaxis, style="{x:.0f}")
    whole_numbers(axes.yaxis)
    return figure


def word_panels(words: pd.DataFrame, genres: Sequence[str], *, top: int, title: str) -> Figure:
    """A small plot for each genre: its `top` words and their z-scores."""
    columns = min(4, len(genres))
    rows = -(-len(genres) // columns)
    figure = blank(title, height=(0.75 + 0.19 * top) * rows + 0.4, width=max(WIDTH, 2.5 * columns))
    panels = figure.subplots(rows, columns, squeeze=False).flat
    for genre, axes in zip(genres, panels, strict=False):
        own = words[words["genre"] == genre].head(top)
        panel_title(axes, genre, loc="left", weight="bold")
        axes.barh(own["word"], own["z"], color=BLUE)
        axes.set_ylim(top - 0.4, -0.6)  # genres with fewer words keep the width of their bars
        axes.set_xlim(left=0)
        whole_numbers(axes.xaxis, ticks=3)
        finish(axes, grid="x")
    for axes in panels:  # what is left over in the last row
        axes.set_visible(False)
    return figure


def funnel(steps: pd.DataFrame, films: int, *, title: str) -> Figure:
    """Films left after each rule, and beside them those that it took."""
    figure, axes = single(title, height=1.3 + 0.28 * (len(steps) + 1))
    names = ["all films", *steps["rule"].str.replace("_", " ")]
    left = [films, *steps["left"]]
    dropped = [0, *steps["dropped"]]
    axes.barh(names, left, color=BLUE, label="left")
    axes.barh(names, dropped, left=left, color=ORANGE, label="dropped by the rule")
    labels = [f"{kept:,} (−{taken:,})" if taken else f"{kept:,}" for kept, taken in zip(left, dropped, strict=True)]
    axes.bar_label(axes.containers[-1], labels, padding=4)  # type: ignore[arg-type]
    axes.set(xlabel="films", xlim=(0, films * 1.25))
    axes.invert_yaxis()
    legend_above(axes, columns=2)
    finish(axes, grid="x")
    whole_numbers(axes.xaxis)
    return figure


def _short(count: int) -> str:
    """At most four characters: 950, 1.2k, 15k."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"
