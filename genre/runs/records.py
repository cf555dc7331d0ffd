"""What a finished run has recorded of its films: metrics and their intervals, thresholds, predictions."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.data.truth import Truth
from genre.files import atomic_path, json_text
from genre.runs.folder import RunFolder, renewed_by_evaluating
from genre.runs.intact import RETRAIN, intact, pairs, read_json, shares

Interval = tuple[float, float]

_OF_GENRES = {"f1", "support"}  # without which nothing can be shown


@dataclass(frozen=True)
class Records:
    """What is recorded of the films of one part, or of all of them in a cross-validation.

    Attributes:
        metrics: by name, such as `test/jaccard`.
        intervals: 95 % intervals of metrics by bootstrap, by the same names.
        predictions: movie_id, split, probabilities, predicted, and the columns of `with_truth`; where probabilities are
            calibrated also `raw_probabilities`, those that the model gave.
    """

    metrics: dict[str, float]
    intervals: dict[str, Interval]
    predictions: pd.DataFrame


def with_truth(films: pd.DataFrame, truth: Truth, prefix: str = "") -> pd.DataFrame:
    """Films with their labels as columns of lists: `targets`, as the cells say, and where not all is known `truth` and
    `known`.

    Args:
        films: a row for each.
        truth: their labels.
        prefix: of the columns' names.
    """
    columns = {"targets": list(truth.cells.astype(np.int8))}
    if not truth.is_complete:
        columns |= {"truth": list(truth.labels.astype(np.int8)), "known": list(truth.known)}
    films = films.assign(**{prefix + name: values for name, values in columns.items()})
    films.attrs = {**films.attrs, "by_files": truth.by_files.tolist()}
    return films


def truth_in(films: pd.DataFrame, prefix: str = "") -> Truth:
    """What `with_truth` put there."""
    truth = Truth.complete(stacked(films[f"{prefix}targets"]).astype(np.uint8))
    # where all is known of this part alone, another part's columns are empty here
    if f"{prefix}truth" in films and films[f"{prefix}truth"].notna().all():
        labels, known = (stacked(films[prefix + name]) for name in ("truth", "known"))
        labels, known = labels.astype(np.uint8), known.astype(bool)
        truth = replace(truth, labels=labels, known=known)
    return replace(truth, by_files=np.array(films.attrs["by_files"], dtype=bool))


def stacked(column: pd.Series) -> npt.NDArray[Any]:
    """A column of B lists as a matrix (B, L)."""
    return np.stack(column.tolist())


def write_records(
    run: RunFolder, records: Sequence[Records], per_genre: pd.DataFrame, thresholds: dict[str, float]
) -> None:
    """Write all records of a run: without room for one of them the earlier ones stay, all of them; the metrics last.

    Args:
        run: where to.
        records: of validation films, test films, and of a cross-validation where there was one.
        per_genre: a row for each label, of the test films.
        thresholds: by label, in the labels' order.
    """
    texts = {
        run.metrics_file: json_text({key: value for part in records for key, value in part.metrics.items()}),
        run.intervals_file: json_text({key: ends for part in records for key, ends in part.intervals.items()}),
        run.thresholds_file: json_text(thresholds),
        run.per_genre_file: per_genre.to_csv(index=False),
    }
    table = pd.concat([part.predictions for part in records])
    table.attrs = records[0].predictions.attrs
    with ExitStack() as together:  # files take their places in the opposite order, once all are written
        for path, text in texts.items():
            together.enter_context(atomic_path(path)).write_text(text, encoding="utf-8")
        table.to_parquet(together.enter_context(atomic_path(run.predictions_file)), index=False)


def kept_records(run: RunFolder, name: str) -> Records | None:
    """The records that a run already has of a part, in all ways of scoring; None where it has none.

    Raises:
        UserError: when they are missing.
    """
    predictions = read_prediction_table(run, RETRAIN)
    predictions = predictions[predictions["split"] == name]
    if predictions.empty:
        return None

    def of_part(key: str) -> bool:
        return key.partition("/")[0] in (name, f"{name}_known", f"{name}_files")

    metrics = {key: value for key, value in run.metrics().items() if of_part(key)}
    intervals = {key: ends for key, ends in read_json(run.intervals_file, pairs).items() if of_part(key)}
    return Records(metrics, intervals, predictions)


def read_intervals(run: RunFolder) -> dict[str, Interval]:
    """95 % bootstrap intervals of a run's metrics, by name.

    Raises:
        UserError: when they are missing or broken.
    """
    return read_json(run.intervals_file, pairs, renewed_by_evaluating(run))


def read_per_genre(run: RunFolder) -> pd.DataFrame:
    """A row for each label, of the test films; a label may be called 7 or None.

    Raises:
        UserError: when the file is missing or damaged.
    """
    with intact(run.per_genre_file, renewed_by_evaluating(run)):
        table = pd.read_csv(run.per_genre_file, dtype={"genre": "str"}, keep_default_na=False, na_values=[""])
        numeric = table.drop(columns="genre").astype(float)
        if not table["genre"].is_unique or not set(numeric) >= _OF_GENRES:
            raise ValueError("a label stands there twice, or a column is missing")
        return table


def read_prediction_table(run: RunFolder, remedy: str | None = None) -> pd.DataFrame:
    """A row for each film that a run was asked about: see `Records.predictions`.

    Args:
        run: a finished one.
        remedy: for the error; None: evaluating the run makes it anew.

    Raises:
        UserError: when the file is missing or damaged.
    """
    with intact(run.predictions_file, remedy or renewed_by_evaluating(run)):
        table = pd.read_parquet(run.predictions_file)
        labels = len(read_labels(run))
        for name in ("probabilities", "targets"):
            if stacked(table[name]).shape != (len(table), labels):
                raise ValueError(f"{name}: not {labels} a film")
        if "test" not in set(table["split"]) or "by_files" not in table.attrs:  # there may be no validation films
            raise ValueError("the test films are missing")
        return table


def read_labels(run: RunFolder) -> tuple[str, ...]:
    """Names of the L labels that a finished run tells apart, in their order.

    Raises:
        UserError: when its thresholds are missing or broken.
    """
    return tuple(read_json(run.thresholds_file, shares))


def read_thresholds(run: RunFolder) -> Tensor:
    """The thresholds (L,) of a finished run, in the order of its labels.

    Raises:
        UserError: when they are missing or broken.
    """
    return torch.tensor(list(read_json(run.thresholds_file, shares).values()))
