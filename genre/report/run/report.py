"""From a finished run to its report."""

from collections.abc import Sequence
from itertools import chain

import pandas as pd

from genre.config import ReportConfig
from genre.files import new_folder
from genre.report.compare.differences import DIFFERENCES_TOLD, metric_differences
from genre.report.document import MOST_SHOWN, Picture, Section, markdown, write_table
from genre.report.genres import GENRE_HEADS, genre_scores
from genre.report.run import score_tables
from genre.report.run.curves import curve_table
from genre.report.run.ensemble import ensemble_sections
from genre.report.run.films import film_page, film_table
from genre.report.run.imbalance import imbalance_table
from genre.report.run.learning import learning_sections
from genre.report.run.page import origin_of, page
from genre.report.run.words import words_of
from genre.report.weights import Interpretation, interpret, sections
from genre.runs import RunFolder
from genre.runs.films import read_films
from genre.runs.predictions import PartPredictions, Predictions, read_predictions, require_same_test_films
from genre.runs.scores import Scores, read_scores

_BINS = "Cells of the test films by their probability; the share that is true has Wilson's 95 % interval."
_ERRORS = "Expected calibration error in 15 bins of equal width, and log loss, of the same test films before and after."
_BIN_HEADS = {"mean_probability": "mean probability", "share_positive": "share that is true", "count": "cells"}
_SCORED = (
    "TP: found, FP: wrong, FN: missed, AP: average precision. 95 % intervals: of F1 by bootstrap over films, of "
    "precision and recall Wilson's."
)


def write_report(run: RunFolder, settings: ReportConfig, beside: Sequence[RunFolder] = ()) -> None:
    """Write the pages of a run and of its films and its tables (Markdown, CSV) into report/, its plots into plots/.

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
    pictures = _draw(run, scores, predictions, films, learnt) if settings.plots else []
    parts = [
        *learning_sections(run),
        *ensemble_sections(run, settings.resamples),
        *_sections(scores, predictions, against),
        Section("imbalance", "Imbalance of the training films", imbalance_table(run, scores[0].per_genre)),
        *(sections(learnt) if learnt else []),
    ]
    with new_folder(run.report) as folder:
        for part in parts:
            write_table(part.table, folder / f"{part.name}.csv")
        write_table(film_table(predictions, films), folder / "films.csv")
        write_table(curve_table(predictions.test, predictions.genres), folder / "precision_recall.csv")
        frequent = scores[0].per_genre["genre"].head(MOST_SHOWN).tolist()
        pages = {
            "report.md": _document(scores[0], parts, pictures),
            "report.html": page(run, scores[0], parts, pictures),
            "errors.html": film_page(
                scores[0].name, predictions, films, frequent, origin_of(run, scores[0]), words_of(run, films)
            ),
        }
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")


def _draw(
    run: RunFolder,
    scores: Sequence[Scores],
    predictions: Predictions,
    films: pd.DataFrame,
    learnt: Interpretation | None,
) -> list[Picture]:
    """Write every plot as PNG and SVG."""
    # seconds to import, and a report without plots does without
    from genre.report.figures import picture, style
    from genre.report.run.plots import draw
    from genre.report.run.plots.learning import draw_learning
    from genre.report.weights.plots import draw_weights

    with new_folder(run.plots) as new, style():
        figures = chain(draw_learning(run), draw(scores, predictions, films), draw_weights(learnt) if learnt else ())
        return [picture(figure, new, name, name.replace("_", " ")) for name, figure in figures]


def _sections(scores: Sequence[Scores], predictions: Predictions, against: Sequence[pd.DataFrame]) -> list[Section]:
    """What the run says of validation and test films."""
    run = scores[0]
    files = score_tables.files_table(run)
    thresholds = dict(zip(predictions.genres, predictions.thresholds.tolist(), strict=True))
    genres = genre_scores(run.per_genre).drop(columns="predicted")  # TP and FP together
    genres.insert(3, "threshold", genres["genre"].map(thresholds))
    parts = [
        Section("metrics", "Metrics", score_tables.metrics_table(run), score_tables.INTERVALS_TOLD),
        *([] if files is None else [Section("files", "Genres that whole files tell", files)]),
        Section("averages", "Averages", score_tables.averages_table(run)),
        Section(
            "per_genre", "Genres of the test films", run.per_genre, _SCORED, excerpt=genres, heads=GENRE_HEADS, digits=2
        ),
        *_calibration(run, predictions.test),
    ]
    if len(scores) > 1:
        by_genre = score_tables.genre_comparison(scores)
        parts.append(Section("comparison", "Beside other runs", score_tables.comparison(scores)))
        parts.append(Section("comparison_per_genre", "F1 of each genre beside other runs", by_genre))
    for number, (other, table) in enumerate(zip(scores[1:], against, strict=True), 1):
        parts.append(Section(f"difference_{number}", f"Paired bootstrap against {other.name}", table, DIFFERENCES_TOLD))
    return parts


def _calibration(run: Scores, test: PartPredictions) -> list[Section]:
    """Whether probabilities of test films are what they say, and were before they were calibrated."""
    bins = score_tables.reliability_table(test.probabilities, test.targets)
    found = [Section("reliability", "Calibration", bins, _BINS, heads=_BIN_HEADS)]
    if test.raw is not None:
        before = score_tables.reliability_table(test.raw, test.targets)
        found.append(Section("reliability_raw", "Before calibration", before, _BINS, heads=_BIN_HEADS))
    tables = score_tables.calibration_table(run), score_tables.genre_calibration_table(run)
    headings = ("calibration", "What calibration brought"), ("calibration_per_genre", "What it brought to each genre")
    return found + [
        Section(name, heading, table, _ERRORS)
        for (name, heading), table in zip(headings, tables, strict=True)
        if table is not None
    ]


def _document(run: Scores, parts: Sequence[Section], pictures: Sequence[Picture]) -> str:
    """The report in Markdown."""
    text = [f"# {run.name}\n", f"{score_tables.summary(run)}\n"]
    note = score_tables.scoring_note(run)
    text += [f"{note}\n"] if note else []
    for part in parts:
        text += [f"## {part.heading}\n", *([f"{part.text}\n"] if part.text else []), markdown(part.shown)]
    text += [f"{one.finding}\n\n![{one.name}](../plots/{one.name}.png)\n" for one in pictures]
    return "\n".join(text)
