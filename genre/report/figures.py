"""What all figures have in common: style, size, colours, files.

Figures are made without pyplot, so that neither a backend nor a window is ever chosen.
"""

import base64
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import matplotlib
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from genre.report.document import Picture

WIDTH = 7.5  # inches, of most figures; a title of some 75 letters fits
# colours of seaborn's palette "colorblind", whose lightness differs too
BLUE, ORANGE, GREEN, _, PURPLE, *_ = sns.color_palette("colorblind")
LIGHT = "0.85"  # grey of what is beside the point


@contextmanager
def style() -> Iterator[None]:
    """Make and save figures inside: same data, same files; text in SVG stays text."""
    settings = {
        **sns.axes_style("whitegrid", {"axes.edgecolor": "0.6", "grid.color": "0.9", "ytick.left": False}),
        **sns.plotting_context("notebook", font_scale=0.85),
        "figure.titlesize": 11,
        "figure.titleweight": "bold",
        "savefig.dpi": 150,
        "svg.fonttype": "none",
        "svg.hashsalt": "genre",
        "text.parse_math": False,  # a $ in the name of a label is a $
    }
    with matplotlib.rc_context(settings):
        yield


def titled(title: str, *, height: float, width: float = WIDTH) -> Figure:
    """An empty figure, sizes in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(title)
    return figure


def single(title: str, *, height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """A figure with one plot, sizes in inches."""
    figure = titled(title, height=height, width=width)
    return figure, figure.subplots()


def finish(axes: Axes, *, grid: Literal["x", "y", "both"]) -> None:
    """Lines only where they help to read values."""
    axes.grid(visible=False)
    axes.grid(axis=grid, visible=True)
    axes.set_axisbelow(True)
    sns.despine(ax=axes, left=grid == "x", bottom=grid == "y")


def legend_above(axes: Axes, *, columns: int) -> None:
    """The legend in a row over the plot."""
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns, frameon=False)


def whole_numbers(axis: Axis, *, style: str = "{x:,.0f}", ticks: int | Literal["auto"] = "auto") -> None:
    """Ticks at whole numbers only."""
    axis.set_major_locator(MaxNLocator(ticks, integer=True, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(StrMethodFormatter(style))


def save(figure: Figure, stem: Path) -> None:
    """Write a figure as `stem`.png and `stem`.svg; the same figure gives the same files."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # it is laid out now: once, not for each format
    figure.savefig(stem.with_suffix(".png"))
    figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})


def save_pdf(figure: Figure, stem: Path) -> None:
    """Write a figure that was saved as `stem`.pdf too, for a paper; with its fonts."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it says what it leaves out of each font
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        figure.savefig(stem.with_suffix(".pdf"), metadata={"CreationDate": None})


def picture(figure: Figure, folder: Path, name: str, heading: str) -> Picture:
    """Write a figure into `folder`, and give it as a page shows it."""
    save(figure, folder / name)
    return Picture(name, heading, base64.b64encode((folder / f"{name}.svg").read_bytes()).decode())
