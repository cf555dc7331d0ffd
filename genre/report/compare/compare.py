"""From settings to the folder of a comparison."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from genre.config import CompareConfig
from genre.files import short_hash
from genre.report.compare import run_tables
from genre.report.compare.comparison import Comparison, read_comparison
from genre.report.compare.page import page
from genre.report.compare.paper import paper
from genre.report.compare.text import notes, verdict
from genre.report.document import Picture, Section, as_text, markdown, new_document, write_table

_CONTENT = {
    *("compare.html", "compare.md", "compare.tex", "plots"),
    *(f"{name}.csv" for name in ("runs", "seeds", "genres", "genre_differences", "left_out")),
}

_SORTING = "Click a head to sort by it, once more for the other way round."
_SEEDS = "Runs that differ in their seed alone: mean of the metric, with the 95 % interval of that mean by Student's t."
_GENRES = (
    "Differences with 95 % intervals by paired bootstrap, each genre by itself: of 20 genres that do not differ one "
    "is to be expected to have an interval without 0."
)
_LEFT_OUT = "Runs and jobs without numbers to compare."


def compare(cfg: CompareConfig) -> tuple[Comparison, list[Section], Path]:
    """Compare runs; write page, tables (Markdown, CSV) and plots.

    Returns:
        The comparison, its tables and its folder.

    Raises:
        UserError: when nothing can be compared, or the folder holds other files.
    """
    comparison = read_comparison(cfg.runs, cfg.metric, cfg.against, cfg.report.resamples)
    output = Path(cfg.output) if cfg.output else _default_output(cfg, comparison)
    with new_document(output, _CONTENT, "a comparison") as folder:
        shown = _tables(comparison)
        for table in shown:
            write_table(table.table, folder / f"{table.name}.csv")
        pictures = _draw(folder / "plots", comparison, pdf=cfg.latex) if cfg.report.plots else []
        if cfg.latex:
            (folder / "compare.tex").write_text(paper(comparison, cfg.columns), encoding="utf-8")
        (folder / "compare.md").write_text(_document(comparison, shown, pictures), encoding="utf-8")
        (folder / "compare.html").write_text(page(comparison, shown, pictures), encoding="utf-8")
    return comparison, shown, output


def _default_output(cfg: CompareConfig, comparison: Comparison) -> Path:
    names = sorted(run.folder.path.name for run in comparison.runs)
    return Path(cfg.paths.outputs) / "reports" / f"compare_{short_hash(names)}"


def _tables(comparison: Comparison) -> list[Section]:
    """The tables that have rows, in the order of the page."""
    columns = {run.scores.name: label for run, label in zip(comparison.runs, comparison.labels, strict=True)}

    def section(name: str, heading: str, text: str, table: pd.DataFrame, heads: dict[str, str]) -> Section:
        shown = as_text(table).drop(columns="folder", errors="ignore").rename(columns=heads)
        return Section(name, heading, table, text, excerpt=shown)

    found = [
        section("runs", "Runs", " ".join([_SORTING, *notes(comparison)]), run_tables.runs_table(comparison), {}),
        section("seeds", "Over seeds", _SEEDS, run_tables.seeds_table(comparison), {}),
        section("genres", "F1 of the genres", "Of the test films.", run_tables.genres_table(comparison), columns),
    ]
    if comparison.differences:
        against = run_tables.genre_differences_table(comparison)
        found.append(section("genre_differences", "F1 of the genres against the baseline", _GENRES, against, columns))
    found.append(section("left_out", "Left out", _LEFT_OUT, run_tables.left_out_table(comparison), {}))
    return [one for one in found if not one.table.empty]


def _draw(folder: Path, comparison: Comparison, *, pdf: bool) -> list[Picture]:
    """Write every plot as PNG and SVG, and as PDF where that is wanted."""
    # seconds to import, and a comparison without plots does without
    from genre.report.compare.plots import draw
    from genre.report.figures import picture, save_pdf, style

    folder.mkdir()
    pictures = []
    with style():
        for name, heading, figure in draw(comparison):
            pictures.append(picture(figure, folder, name, heading))
            if pdf:
                save_pdf(figure, folder / name)
    return pictures


def _document(comparison: Comparison, shown: Sequence[Section], pictures: Sequence[Picture]) -> str:
    parts = [f"# Runs by {comparison.metric_name}\n", f"{verdict(comparison)} {' '.join(notes(comparison))}\n"]
    for table in shown:
        parts += [f"## {table.heading}\n", markdown(table.shown)]
    parts += [f"![{picture.heading}](plots/{picture.name}.png)\n" for picture in pictures]
    return "\n".join(parts)
