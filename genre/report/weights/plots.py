"""Plots of what a linear baseline has learnt."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from genre.report.figures import BLUE, INK, ORANGE, blank, finish, legend_above, panel_title, single
from genre.report.heatmap import heat_map
from genre.report.weights.feature_tables import reference_table, top_features
from genre.report.weights.interpretation import Floats, Interpretation, cosines

_BARS = 8  # words for and as many against a genre
_COLUMNS = 3
_PAGE = 12  # genres in a figure


def draw_weights(found: Interpretation) -> Iterator[tuple[str, Figure]]:
    """The plots by name."""
    top = top_features(found)
    words = top[(top["kind"] == "words") & (top["place"] <= _BARS)]
    for page, start in enumerate(range(0, len(found.genres), _PAGE), 1):
        yield f"words_{page}", word_bars(words, found.genres[start : start + _PAGE])
    if len(found.genres) > 1:
        yield "similarity_weights", similarity_heatmap(found, found.weights, "weights")
        yield "similarity_centroids", similarity_heatmap(found, found.centroids, "centroids")
        yield "similarity_to_reference", reference_dots(found)


def word_bars(words: pd.DataFrame, genres: Sequence[str]) -> Figure:
    """A panel for each genre: its words with their weights, those for it on top.

    Args:
        words: rows of `top_features`.
        genres: in reading order.
    """
    rows = -(-len(genres) // _COLUMNS)
    figure = blank(
        f"Words for (right) and against (left) {genres[0]} to {genres[-1]}: weights in log odds",
        height=0.6 + 2.6 * rows,
        width=9,
    )
    panels = figure.subplots(rows, _COLUMNS, squeeze=False)
    for axes in panels.flat[len(genres) :]:
        axes.set_axis_off()
    for axes, genre in zip(panels.flat, genres, strict=False):
        own = words[words["genre"] == genre].sort_values("weight", ascending=True)
        colours = [BLUE if weight > 0 else ORANGE for weight in own["weight"]]
        axes.barh(own["ngram"], own["weight"], color=colours, height=0.75)
        axes.axvline(0, color=INK, linewidth=0.8)
        panel_title(axes, genre, fontsize="medium")
        axes.tick_params(axis="y", labelsize="small", length=0)
        finish(axes, grid="x")
    return figure


def similarity_heatmap(found: Interpretation, rows: Floats, what: str) -> Figure:
    """Cosines between genres.

    Args:
        found: the genres.
        rows: of each genre (L, F).
        what: these are.
    """
    similarities = cosines(rows)
    others = ~np.eye(len(similarities), dtype=bool)
    one, other = np.unravel_index(np.where(others, similarities, -2).argmax(), similarities.shape)
    size = len(found.genres)
    figure, axes = single(
        f"{found.genres[one]} and {found.genres[other]} most alike by {what}: cosine {similarities[one, other]:.2f}",
        height=1.2 + 0.26 * size,
    )
    low, high = similarities[others].min(), similarities[others].max()
    limit = max(-low, high)
    norm = Normalize(-limit, limit) if low < 0 else Normalize(low, high)  # zero is white
    shown = pd.DataFrame(similarities, index=list(found.genres), columns=list(found.genres)).where(others)
    scale = heat_map(axes, shown, norm=norm, colours="vlag" if low < 0 else "cividis", square=True)
    figure.colorbar(scale, ax=axes, label=f"cosine of {what}", shrink=0.7)
    axes.tick_params(axis="x", rotation=90)
    return figure


def reference_dots(found: Interpretation) -> Figure:
    """How alike each genre is to the reference, by weights and by centroids."""
    table = reference_table(found)
    figure, axes = single(
        f"By weights {table['genre'].iloc[0]} is most like {found.reference}, {table['genre'].iloc[-1]} least",
        height=1.5 + 0.25 * len(table),
    )
    places = np.arange(len(table))
    for column, colour, marker in (("by_weights", BLUE, "o"), ("by_centroids", ORANGE, "s")):
        axes.plot(table[column], places, marker, color=colour, label=column.replace("_", " "))
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(places, table["genre"])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set(xlabel=f"cosine to {found.reference}")
    legend_above(axes, columns=2)
    finish(axes, grid="x")
    return figure
