"""From probabilities of validation and test films to the records of a run folder."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from genre.config import RunConfig
from genre.data.corpus import Corpus, Part
from genre.data.split import Rows
from genre.decision import decide, fallback_share
from genre.errors import UserError
from genre.evaluation.inference import Probabilities
from genre.files import atomic_path, write_json
from genre.metrics import bootstrap, film_metrics, multilabel_metrics, per_label_metrics
from genre.tracking import RunFolder
from genre.tracking.run_folder import read_json


@dataclass(frozen=True)
class PartResults:
    """Films of one part with targets and probabilities (B, L), in the films' order."""

    films: pd.DataFrame
    targets: Tensor
    probabilities: Tensor


def part_results(corpus: Corpus, part: Part, probabilities: Probabilities) -> PartResults:
    """Put the films and targets beside the probabilities of a part's films."""
    return row_results(corpus, corpus.rows(part)[probabilities.positions], probabilities.values)


def row_results(corpus: Corpus, rows: Rows, probabilities: Tensor) -> PartResults:
    """Put the films and targets beside the probabilities (B, L) of the films in these rows (B,)."""
    films = corpus.table.iloc[rows].reset_index(drop=True)
    return PartResults(films, torch.from_numpy(corpus.labels[rows]).int(), probabilities)


@dataclass(frozen=True)
class Records:
    """What is recorded of the films of one part, or of all of them in a cross-validation.

    Attributes:
        metrics: by name, such as `test/jaccard`.
        intervals: 95 % intervals of metrics by bootstrap, by the same names.
        predictions: movie_id, split, probabilities, targets, predicted.
    """

    metrics: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    predictions: pd.DataFrame


def part_records(
    name: str, part: PartResults, thresholds: Tensor, cfg: RunConfig, corpus: Corpus
) -> tuple[Records, pd.DataFrame]:
    """Records of a part, and the table of its genres.

    Args:
        name: of the part.
        part: B films.
        thresholds: of all of them (L,), or of each (B, L).
        cfg: settings of the run.
        corpus: of the run.
    """
    predicted = decide(part.probabilities, thresholds, cfg.decision.fallback)
    scores = film_metrics(part.probabilities, predicted, part.targets)
    scores["fallback_share"] = fallback_share(part.probabilities, thresholds)
    scores["films"] = len(part.films)
    scores["jaccard_most_frequent"] = _always_most_frequent(part.targets, corpus.label_counts)
    resampled = bootstrap(part.probabilities, predicted, part.targets, resamples=cfg.report.resamples)
    per_genre = per_label_metrics(predicted, part.targets, corpus.label_names, part.probabilities)
    per_genre["f1_low"], per_genre["f1_high"] = resampled.label_f1_intervals()
    per_genre["training_films"] = corpus.label_counts.numpy()
    records = Records(
        {f"{name}/{key}": value for key, value in scores.items()},
        {f"{name}/{key}": ends for key, ends in resampled.intervals().items()},
        _predictions(name, part, predicted),
    )
    return records, per_genre


def kept_records(run: RunFolder, name: str) -> Records:
    """The records that a run already has of a part.

    Raises:
        UserError: when they are missing.
    """
    for file in (run.intervals_file, run.predictions_file):
        if not file.is_file():
            raise UserError(f"{file}: is missing, and with it the cross-validation; train the run again")
    intervals = json.loads(run.intervals_file.read_text(encoding="utf-8"))
    predictions = pd.read_parquet(run.predictions_file)
    return Records(
        {key: value for key, value in run.metrics().items() if key.startswith(f"{name}/")},
        {key: ends for key, ends in intervals.items() if key.startswith(f"{name}/")},
        predictions[predictions["split"] == name],
    )


def write_results(
    run: RunFolder,
    val: PartResults,
    test: PartResults,
    thresholds: Tensor,
    cfg: RunConfig,
    corpus: Corpus,
    further: Records | None = None,
) -> dict[str, float]:
    """Write metrics, their intervals, per-genre table, thresholds and predictions of a run; return the metrics.

    Args:
        run: where to.
        val: validation films.
        test: test films, of which the per-genre table is.
        thresholds: (L,).
        cfg: settings of the run.
        corpus: of the run.
        further: of a cross-validation.
    """
    of_val, _ = part_records("val", val, thresholds, cfg, corpus)
    of_test, per_genre = part_records("test", test, thresholds, cfg, corpus)
    records = [of_val, of_test, *([further] if further else [])]
    metrics = {key: value for part in records for key, value in part.metrics.items()}
    with atomic_path(run.per_genre_file) as file:
        per_genre.to_csv(file, index=False)
    with atomic_path(run.predictions_file) as file:
        pd.concat([part.predictions for part in records]).to_parquet(file, index=False)
    write_json(run.thresholds_file, dict(zip(corpus.label_names, map(float, thresholds), strict=True)))
    write_json(run.intervals_file, {key: ends for part in records for key, ends in part.intervals.items()})
    write_json(run.metrics_file, metrics)
    return metrics


def _always_most_frequent(targets: Tensor, label_counts: Tensor) -> float:
    """Jaccard of always predicting the most frequent training genre."""
    always = torch.zeros_like(targets)
    always[:, label_counts.argmax()] = 1
    return multilabel_metrics(always, targets)["jaccard"]


def _predictions(name: str, part: PartResults, predicted: Tensor) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "movie_id": part.films["movie_id"],
            "split": name,
            "probabilities": list(part.probabilities.numpy().astype(np.float32)),
            "targets": list(part.targets.numpy().astype(np.int8)),
            "predicted": list(predicted.numpy().astype(np.int8)),
        }
    )


def read_labels(run: RunFolder) -> tuple[str, ...]:
    """Names of the L labels that a finished run tells apart, in their order.

    Raises:
        UserError: when its thresholds are missing or broken.
    """
    return tuple(_thresholds(run))


def read_thresholds(run: RunFolder) -> Tensor:
    """The thresholds (L,) of a finished run, in the order of its labels.

    Raises:
        UserError: when they are missing or broken.
    """
    return torch.tensor(list(_thresholds(run).values()))


def _thresholds(run: RunFolder) -> dict[str, float]:
    by_label: dict[str, float] = read_json(run.thresholds_file)
    return by_label
