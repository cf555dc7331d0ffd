"""From settings to the folder of suggestions."""

from pathlib import Path

import numpy as np
import pandas as pd

from genre.config import DoctorConfig, RunConfig
from genre.config.overrides import command
from genre.data.corrections import data_fingerprint, read_corrections
from genre.data.sources import prepared
from genre.errors import UserError
from genre.report.doctor.page import page
from genre.report.doctor.suggestions import Examined, suggestions_and_genres
from genre.report.document import new_document, write_table
from genre.runs import RunFolder
from genre.runs.records import read_labels, read_prediction_table, stacked, truth_in

_CONTENT = {"doctor.html", "suggestions.csv", "genres.csv"}
_COLUMNS = ["movie_id", "title", "year", "genre", "kind", "state", "probability", "margin", "rank", "description"]


def examine(cfg: DoctorConfig) -> tuple[str, Path]:
    """Look for likely errors in the labels of a run's data; write the page, the suggestions and the table of labels.

    Returns:
        What was found, in one line, and the folder.

    Raises:
        UserError: when the run has no cross-validation, its data are gone or have changed, or the folder holds other
            files.
    """
    run = RunFolder.existing(cfg.run)
    settings = run.config()
    predictions = _cross_validation(run)
    texts = _texts(run, settings)
    films = _examined(run, settings, predictions)
    suggestions, genres = suggestions_and_genres(films)
    suggestions = suggestions.join(texts[["title", "year", "description"]], on="movie_id")[_COLUMNS]
    name = run.path.resolve().name
    output = Path(cfg.output) if cfg.output else Path(cfg.paths.outputs) / "reports" / "doctor" / name
    with new_document(output, _CONTENT, "a search for wrong labels") as folder:
        write_table(suggestions, folder / "suggestions.csv")
        write_table(genres, folder / "genres.csv")
        text = page(name, run.provenance()["data_fingerprint"], films, suggestions.head(cfg.limit), genres)
        (folder / "doctor.html").write_text(text, encoding="utf-8")
    return _verdict(len(films.movie_ids), genres), output


def _cross_validation(run: RunFolder) -> pd.DataFrame:
    """What the run says of each film by a model that has not seen it."""
    table = read_prediction_table(run)
    predictions = table[table["split"] == "cv"]
    if predictions.empty:
        raise UserError(
            f"run={run.path}: has no cross-validation, so that its model has seen most of the films; "
            f"make a run with one, of the same data: {command('baseline', cv='5')} ..."
        )
    return predictions


def _texts(run: RunFolder, settings: RunConfig) -> pd.DataFrame:
    """The films of the run's source by movie_id."""
    try:
        source = prepared(settings.data)
        fingerprint = data_fingerprint(source, settings.data)
    except UserError as error:
        raise UserError(f"run={run.path}: its data, from which the texts are read, are gone: {error}") from error
    if fingerprint != run.environment().get("data_fingerprint"):
        raise UserError(f"run={run.path}: its data or the corrections of them have changed since; train it again")
    return source.read().set_index("movie_id")


def _examined(run: RunFolder, settings: RunConfig, predictions: pd.DataFrame) -> Examined:
    movie_ids, labels = predictions["movie_id"].tolist(), read_labels(run)
    truth = truth_in(predictions)
    decided = []
    settled = np.zeros(truth.labels.shape, dtype=bool)
    if settings.data.corrections:
        corrections = read_corrections(Path(settings.data.corrections), movie_ids, labels)
        settled[corrections.films, corrections.labels] = True
        decided = [
            (movie_ids[film], labels[label], int(value)) for film, label, value in zip(*corrections, strict=True)
        ]
    probabilities = stacked(predictions["probabilities"]).astype(np.float64)
    return Examined(movie_ids, labels, probabilities, truth, settled, decided)


def _verdict(films: int, genres: pd.DataFrame) -> str:
    columns = ("suggested_missing", "suggested_missing_unknown", "suggested_wrong")
    missing, unknown, wrong = (f"{genres[column].sum():,}" for column in columns)
    return (
        f"{films:,} films, {len(genres)} genres: likely missing {missing} that the data deny and {unknown} of which "
        f"they say nothing; likely wrong {wrong}"
    )
