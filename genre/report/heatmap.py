"""Tables as coloured cells whose numbers can be read."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from genre.report.colours import Rgb, grey_like, ink_on
from genre.report.figures import LINE, PAPER


def heat_map(
    axes: Axes,
    values: pd.DataFrame,
    *,
    norm: Normalize,
    texts: pd.DataFrame | None = None,
    unsure: pd.DataFrame | None = None,
    colours: str = "cividis",
    square: bool = False,
    size: float = 9,
) -> ScalarMappable:
    """Draw a table as cells, its index and columns as their names; what is missing is left empty.

    Args:
        axes: to draw on.
        values: behind the colours.
        norm: from values to 0 to 1.
        texts: in the cells, if any.
        unsure: bool; these cells are grey, as light as their colour would be.
        colours: a colour map.
        square: whether cells are as high as wide.
        size: of the texts, in points.

    Returns:
        What a colour bar is made of.
    """
    scale = ScalarMappable(norm, colormaps[colours])
    sns.heatmap(
        values,
        mask=values.isna(),
        cmap=colours,
        norm=norm,
        vmin=norm.vmin,  # else it looks for them, where there may be no value
        vmax=norm.vmax,
        square=square,
        linewidths=0 if texts is None else 1,
        linecolor=PAPER,
        cbar=False,
        xticklabels=values.columns,
        yticklabels=values.index,
        ax=axes,
    )
    colours_of = scale.to_rgba(np.ma.masked_invalid(values.to_numpy(dtype=float)))  # (rows, columns, 4)
    for row, column in zip(*np.nonzero(values.notna().to_numpy()), strict=True):
        red, green, blue, _ = map(float, colours_of[row, column])
        colour: Rgb = red, green, blue
        if unsure is not None and unsure.iat[row, column]:
            colour = grey_like(colour)
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, edgecolor=PAPER))
        if texts is not None:
            number = axes.text(column + 0.5, row + 0.5, str(texts.iat[row, column]), color=ink_on(colour), size=size)
            number.set(ha="center", va="center", in_layout=False)  # it lies inside the axes; measuring takes seconds
    axes.grid(visible=False)
    axes.set_facecolor(LINE)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="both", length=0, rotation=0)
    return scale
