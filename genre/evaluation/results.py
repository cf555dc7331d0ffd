"""From probabilities of validation and test films to the records of a run folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from genre.config import TrainConfig
from genre.data.datamodule import GenreDataModule, Part
from genre.decision import decide, fallback_share
from genre.evaluation.inference import Probabilities
from genre.files import atomic_path, write_json
from genre.metrics import bootstrap, film_metrics, multilabel_metrics, per_label_metrics
from genre.tracking import RunFolder


@dataclass(frozen=True)
class PartResults:
    """Films of one part with targets and probabilities (B, L), in the films' order."""

    films: pd.DataFrame
    targets: Tensor
    probabilities: Tensor


def part_results(data: GenreDataModule, part: Part, probabilities: Probabilities) -> PartResults:
    """Put the films and targets beside the probabilities."""
    films = data.films(part).iloc[probabilities.positions].reset_index(drop=True)
    rows = getattr(data.split, part)[probabilities.positions]
    return PartResults(films, torch.from_numpy(data.labels[rows]).int(), probabilities.values)


def write_results(
    run: RunFolder, val: PartResults, test: PartResults, thresholds: Tensor, cfg: TrainConfig, data: GenreDataModule
) -> dict[str, float]:
    """Write metrics, their intervals, per-genre table, thresholds and predictions of a run; return the metrics."""
    metrics: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for name, part in (("val", val), ("test", test)):  # test last: the genres' table below is of its films
        predicted = decide(part.probabilities, thresholds, cfg.decision.fallback)
        scores = film_metrics(part.probabilities, predicted, part.targets)
        scores["fallback_share"] = fallback_share(part.probabilities, thresholds)
        scores["films"] = len(part.films)
        scores["jaccard_most_frequent"] = _always_most_frequent(part.targets, data.label_counts)
        metrics |= {f"{name}/{key}": value for key, value in scores.items()}
        resampled = bootstrap(part.probabilities, predicted, part.targets, resamples=cfg.report.resamples)
        intervals |= {f"{name}/{key}": ends for key, ends in resampled.intervals().items()}
    genres = cfg.data.labels
    per_genre = per_label_metrics(predicted, test.targets, genres, test.probabilities)
    per_genre["f1_low"], per_genre["f1_high"] = resampled.label_f1_intervals()
    per_genre["training_films"] = data.label_counts.numpy()
    with atomic_path(run.per_genre_file) as file:
        per_genre.to_csv(file, index=False)
    with atomic_path(run.predictions_file) as file:
        pd.concat([_predictions("val", val), _predictions("test", test)]).to_parquet(file, index=False)
    write_json(run.thresholds_file, dict(zip(genres, map(float, thresholds), strict=True)))
    write_json(run.intervals_file, intervals)
    write_json(run.metrics_file, metrics)
    return metrics


def _always_most_frequent(targets: Tensor, label_counts: Tensor) -> float:
    """Jaccard of always predicting the most frequent training genre."""
    always = torch.zeros_like(targets)
    always[:, label_counts.argmax()] = 1
    return multilabel_metrics(always, targets)["jaccard"]


def _predictions(name: str, part: PartResults) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "movie_id": part.films["movie_id"],
            "split": name,
            "probabilities": list(part.probabilities.numpy().astype(np.float32)),
            "targets": list(part.targets.numpy().astype(np.int8)),
        }
    )


def read_thresholds(run: RunFolder, genres: Sequence[str]) -> Tensor:
    """The run's thresholds (L,) in the order of `genres`."""
    by_genre = json.loads(run.thresholds_file.read_text(encoding="utf-8"))
    return torch.tensor([by_genre[genre] for genre in genres])
