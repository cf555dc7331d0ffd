"""What all figures have in common: style, size, colours, files.

Figures are made without pyplot, so that neither a backend nor a window is ever chosen. What a figure shows, its
finding, is its label and stands beside it, in HTML or as a caption: inside it a long one would be cut off.
"""

import base64
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import matplotlib
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, FuncFormatter, MaxNLocator, StrMethodFormatter

from genre.report.colours import THEME
from genre.report.document import Picture, shortened

WIDTH = 7.5  # inches, of most figures
# colours of seaborn's palette "colorblind", whose lightness differs too
BLUE, ORANGE, GREEN, _, PURPLE, *_ = sns.color_palette("colorblind")
# of what is no data; in a browser that prefers dark an SVG has the dark ones
INK, QUIET, PAPER, LINE, EDGE = (THEME[name][0] for name in ("text", "quiet", "page", "line", "edge"))
_PAINTS = ("fill", "stroke")
_CHARACTERS = 11  # to an inch
_LEAST = 20  # characters that a name at an axis is left


@contextmanager
def style() -> Iterator[None]:
    """Make and save figures inside: same data, same files; text in SVG stays text."""
    settings = {
        **sns.axes_style("whitegrid", {"axes.edgecolor": EDGE, "grid.color": LINE, "ytick.left": False}),
        **sns.plotting_context("notebook", font_scale=0.85),
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
        **dict.fromkeys(("figure.facecolor", "savefig.facecolor", "axes.facecolor"), PAPER),
        "savefig.dpi": 150,
        "svg.fonttype": "none",
        "svg.hashsalt": "genre",
        "text.parse_math": False,  # a $ in the name of a label is a $
    }
    with matplotlib.rc_context(settings):
        yield


def blank(finding: str, *, height: float, width: float = WIDTH) -> Figure:
    """A figure that shows `finding`, sizes in inches."""
    return Figure(figsize=(width, height), layout="constrained", label=finding)


def single(finding: str, *, height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """A figure with one plot, sizes in inches."""
    figure = blank(finding, height=height, width=width)
    return figure, figure.subplots()


def finish(axes: Axes, *, grid: Literal["x", "y", "both"]) -> None:
    """Lines only where they help to read values."""
    axes.grid(visible=False)
    axes.grid(axis=grid, visible=True)
    axes.set_axisbelow(True)
    sns.despine(ax=axes, left=grid == "x", bottom=grid == "y")


def panel_title(axes: Axes, name: str, **look: Any) -> None:
    """What one of several plots is of, as much of it as there is room for; `look` is as for `Axes.set_title`."""
    axes.set_title(shortened(name, _characters(axes)[0]), **look)


def legend_above(axes: Axes, *, columns: int) -> None:
    """The legend in a row over the plot."""
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns, frameon=False)


def whole_numbers(axis: Axis, *, style: str = "{x:,.0f}", ticks: int | Literal["auto"] = "auto") -> None:
    """Ticks at whole numbers only."""
    axis.set_major_locator(MaxNLocator(ticks, integer=True, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(StrMethodFormatter(style))


def save(figure: Figure, stem: Path) -> None:
    """Write a figure as `stem`.png and `stem`.svg, with its finding as their title; the same figure, the same files."""
    _shorten_names(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # it is laid out now: once, not for each format
    finding = str(figure.get_label())
    figure.savefig(stem.with_suffix(".png"), metadata={"Title": finding})
    svg = io.StringIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Title": finding})
    text = svg.getvalue()
    end = text.index("</defs>")  # of the first ones, which hold the style of matplotlib
    stem.with_suffix(".svg").write_text(f"{text[:end]} <style>{_DARK}</style>\n {text[end:]}", encoding="utf-8")


def _shorten_names(figure: Figure) -> None:
    """Leave plots their room where names are as long as sentences."""
    for axes in figure.axes:
        wide, high = _characters(axes)
        for axis, most, along in ((axes.xaxis, high // 3, wide), (axes.yaxis, wide // 2, high)):
            names = axis.get_major_formatter()
            if isinstance(names, FuncFormatter | StrCategoryFormatter):  # numbers have formatters of other kinds
                axis.set_major_formatter(partial(_short_name, names, max(most, _LEAST)))
            axis.set_label_text(shortened(axis.get_label_text(), max(along, _LEAST)))


def _characters(axes: Axes) -> tuple[int, int]:
    """How many characters a plot and its names have room for, in width and in height."""
    assert isinstance(axes.figure, Figure)
    width, height = (inches * _CHARACTERS for inches in axes.figure.get_size_inches())
    place = axes.get_subplotspec()
    if place is None:
        return round(width), round(height)
    rows, columns = place.get_gridspec().get_geometry()
    return round(width * len(place.colspan) / columns), round(height * len(place.rowspan) / rows)


def _short_name(names: Formatter, most: int, place: float, number: int | None = None) -> str:
    """The name at a place of an axis."""
    return shortened(names(place, number), most)


def save_pdf(figure: Figure, stem: Path) -> None:
    """Write a figure that was saved as `stem`.pdf too, for a paper; with its fonts."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it says what it leaves out of each font
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        figure.savefig(stem.with_suffix(".pdf"), metadata={"CreationDate": None})


def picture(figure: Figure, folder: Path, name: str, heading: str) -> Picture:
    """Write a figure into `folder`, and give it as a page shows it."""
    save(figure, folder / name)
    svg = base64.b64encode((folder / f"{name}.svg").read_bytes()).decode()
    return Picture(name, heading, str(figure.get_label()), svg, figure.get_figwidth())


def _dark() -> str:
    """The stylesheet of an SVG: neutral colours as pages have them; white text stands on a colour and stays."""
    rules = ""
    for name in ("text", "quiet", "page", "line", "edge"):
        light, dark = THEME[name]
        those = ":not(text)" if name == "page" else ""
        rules += "".join(f'[style*="{kind}: {light}"]{those} {{{kind}: {dark} !important}} ' for kind in _PAINTS)
    return f"@media (prefers-color-scheme: dark) {{ {rules}}}"


_DARK = _dark()
