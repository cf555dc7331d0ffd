"""A comparison on the console."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from genre.config.overrides import command
from genre.console import duration, say_next
from genre.metrics.names import MAIN_METRICS
from genre.report.compare.comparison import Comparison
from genre.report.compare.text import notes, verdict
from genre.report.document import Section, as_text

_WIDEST = 100
_LONGEST = 36  # letters of a text in a line; longer ones are folded
_GAP = 2  # between columns


def print_comparison(comparison: Comparison, tables: Sequence[Section], folder: Path) -> None:
    """Print runs, seeds and what was left out, what that means, and where everything lies.

    Args:
        comparison: of runs.
        tables: of the comparison.
        folder: where its files are.
    """
    by_name = {table.name: table.table for table in tables}
    terminal = Console()
    width = min(terminal.width, _WIDEST) if terminal.is_terminal else _WIDEST
    console = Console(width=width)
    columns = [
        "rank",
        "run",
        comparison.ranked_by,
        comparison.metric_name,
        "difference",
        "p",
        "significant",
        *MAIN_METRICS,
    ]
    runs = as_text(by_name["runs"]).assign(run=comparison.labels)
    runs["time"] = ["" if pd.isna(seconds) else duration(seconds) for seconds in by_name["runs"]["seconds"]]
    wanted = [name for name in dict.fromkeys((*columns, "training films", "time")) if name in runs]
    console.print(_fitted(runs[wanted], f"Runs by {comparison.metric_name}, with 95 % intervals", width))
    if "seeds" in by_name:
        texts = as_text(by_name["seeds"])[["rank", "run", "seeds", comparison.ranked_by, "mean", "deviation"]]
        console.print(_fitted(texts, f"{comparison.metric_name} over seeds, with the 95 % interval of the mean", width))
    for one in comparison.left_out:
        reason = f": {one.error}" if one.error else ""
        console.print(escape(f"Left out: {one.name} ({one.state}){reason}"), highlight=False)
    console.print(escape(f"{verdict(comparison)} {' '.join(notes(comparison))}"), highlight=False)
    # one path a line and unbroken, so that it can be copied
    for name in ("compare.html", "runs.csv"):
        console.print(
            f"{'Page' if name.endswith('html') else 'All columns'}: {escape(str(folder / name))}", soft_wrap=True
        )
    best = comparison.runs[0].folder.path.resolve()
    say_next("To use the best", command("predict", run=best, text="A detective looks for her missing brother."))


def _fitted(texts: pd.DataFrame, title: str, width: int) -> Table:
    """As many of the first columns as fit."""
    shown = Table(title=title, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    used = 0
    for name in texts:
        needed = min(_LONGEST, max(map(len, [str(name), *texts[name]]))) + _GAP
        if used + needed > width:
            break
        used += needed
        words = name in ("run", "significant")
        shown.add_column(escape(str(name)), justify="left" if words else "right", overflow="fold", max_width=_LONGEST)
    for row in texts.iloc[:, : len(shown.columns)].itertuples(index=False):
        shown.add_row(*(escape(_folded(cell)) for cell in row))
    return shown


def _folded(text: str) -> str:
    """Broken into lines of `_LONGEST` letters, between the parts of a name rather than inside them."""
    lines = [""]
    for part in re.split(r"(?<=[-_, ])", text):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > _LONGEST:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)
