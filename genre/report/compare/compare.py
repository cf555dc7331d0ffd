"""From settings to the folder of a comparison."""

from collections.abc import Sequence
from pathlib import Path

from genre.config import CompareConfig
from genre.files import short_hash
from genre.report.compare import run_tables
from genre.report.compare.comparison import Comparison, read_comparison
from genre.report.compare.page import page
from genre.report.compare.paper import paper
from genre.report.compare.text import notes, verdict
from genre.report.document import Picture, Section, markdown, new_document, write_table
from genre.report.pages import link

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
_F1 = "Of the test films, with 95 % bootstrap intervals: few films say little."
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
        shown = _tables(comparison, output)
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


def _tables(comparison: Comparison, output: Path) -> list[Section]:
    """The tables that have rows, in the order of the page.

    Args:
        comparison: of runs.
        output: where the page will lie, from which it links to the runs' own.
    """
    names = {run.scores.name: label for run, label in zip(comparison.runs, comparison.labels, strict=True)}
    pages = {"run": [link(run.folder.page, output) for run in comparison.runs]}
    runs = run_tables.runs_table(comparison)
    found = [
        Section(
            "runs",
            "Runs",
            runs,
            " ".join([_SORTING, *notes(comparison)]),
            excerpt=runs.drop(columns="folder"),
            links=pages,
        ),
        Section("seeds", "Over seeds", run_tables.seeds_table(comparison), _SEEDS),
        Section("genres", "F1 of the genres", run_tables.genres_table(comparison), _F1, heads=names),
    ]
    if comparison.differences:
        against = run_tables.genre_differences_table(comparison)
        heading = "F1 of the genres against the baseline"
        found.append(Section("genre_differences", heading, against, _GENRES, heads=names))
    found.append(Section("left_out", "Left out", run_tables.left_out_table(comparison), _LEFT_OUT))
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
    parts += [f"{one.finding}\n\n![{one.heading}](plots/{one.name}.png)\n" for one in pictures]
    return "\n".join(parts)
