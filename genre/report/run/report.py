"""From a finished run to its report."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pandas as pd

from genre.config import ReportConfig
from genre.files import new_folder
from genre.report.compare.differences import metric_differences
from genre.report.document import Section, as_text, markdown, write_table
from genre.report.run import score_tables
from genre.report.run.curves import curve_table
from genre.report.run.films import film_page, film_table
from genre.report.run.imbalance import imbalance_table
from genre.report.weights import Interpretation, interpret, sections
from genre.runs import RunFolder
from genre.runs.films import read_films
from genre.runs.predictions import Predictions, read_predictions, require_same_test_films
from genre.runs.scores import Scores, read_scores


def write_report(run: RunFolder, settings: ReportConfig, beside: Sequence[RunFolder] = ()) -> None:
    """Write tables (Markdown, CSV) and the page of films into report/ of the run, and its plots into plots/.

    Args:
        run: finished, with predictions, metrics and intervals.
        settings: `plots=False` leaves them out, and those of an earlier report where they are.
        beside: other runs on the same test films; the tables and heat maps show them too.

    Raises:
        UserError: when a run lacks one of its records, the runs cannot be compared or the films have changed.
    """
    scores = read_scores([run, *beside])
    predictions = read_predictions(run)
    for other in beside:
        require_same_test_films(run, other)
    films = read_films(run, predictions.test.movie_ids)
    tests = [read_predictions(other).test for other in beside]
    against = [metric_differences(predictions.test, other, settings.resamples) for other in tests]
    learnt = interpret(run, settings.reference_genre)
    drawn = _write_plots(run.plots, scores, predictions, films, learnt) if settings.plots else []
    with new_folder(run.report) as folder:
        page = film_page(scores[0].name, predictions.test, films, predictions.genres)
        (folder / "errors.html").write_text(page, encoding="utf-8")
        write_table(film_table(predictions.test, films, predictions.genres), folder / "films.csv")
        write_table(curve_table(predictions.test, predictions.genres), folder / "precision_recall.csv")
        _write_tables(folder, scores, against, imbalance_table(run, scores[0].per_genre), learnt, drawn)


def _write_plots(
    folder: Path,
    scores: Sequence[Scores],
    predictions: Predictions,
    films: pd.DataFrame,
    learnt: Interpretation | None,
) -> list[str]:
    """Write every plot as PNG and SVG; return their names."""
    # seconds to import, and a report without plots does without
    from genre.report.figures import save, style
    from genre.report.run.plots import draw
    from genre.report.weights.plots import draw_weights

    names = []
    with new_folder(folder) as new, style():
        figures = chain(draw(scores, predictions, films), draw_weights(learnt) if learnt else ())
        for name, figure in figures:
            save(figure, new / name)
            names.append(name)
    return names


def _write_tables(
    folder: Path,
    scores: Sequence[Scores],
    against: Sequence[pd.DataFrame],
    imbalance: pd.DataFrame,
    learnt: Interpretation | None,
    plots: Sequence[str],
) -> None:
    run = scores[0]
    files = score_tables.files_table(run)
    parts = [
        Section("metrics", "Metrics", score_tables.metrics_table(run)),
        *([] if files is None else [Section("files", "Genres that whole files tell", files)]),
        Section("averages", "Averages", score_tables.averages_table(run)),
        Section("per_genre", "Genres of the test films", run.per_genre),
        Section("imbalance", "Imbalance of the training films", imbalance),
    ]
    if len(scores) > 1:
        by_genre = score_tables.genre_comparison(scores)
        parts.append(Section("comparison", "Beside other runs", score_tables.comparison(scores)))
        parts.append(Section("comparison_per_genre", "F1 of each genre beside other runs", by_genre))
    for number, (other, table) in enumerate(zip(scores[1:], against, strict=True), 1):
        parts.append(Section(f"difference_{number}", f"Paired bootstrap against {other.name}", table))
    parts += sections(learnt) if learnt else []
    text = [f"# {run.name}\n", f"{score_tables.summary(run)} In brackets: 95 % bootstrap intervals over films.\n"]
    note = score_tables.scoring_note(run)
    text += [f"{note}\n"] if note else []
    for part in parts:
        write_table(part.table, folder / f"{part.name}.csv")
        text += [f"## {part.heading}\n", markdown(as_text(part.shown))]
    text += [f"![{name}](../plots/{name}.png)\n" for name in plots]
    (folder / "report.md").write_text("\n".join(text), encoding="utf-8")
