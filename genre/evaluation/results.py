"""From probabilities of validation and test films to the records of a run folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from genre.data.datamodule import GenreDataModule, Part
from genre.decision import decide
from genre.evaluation.inference import Probabilities
from genre.files import atomic_path, write_json
from genre.metrics import multilabel_metrics, per_label_metrics
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


def all_metrics(val: PartResults, test: PartResults, thresholds: Tensor, label_counts: Tensor) -> dict[str, float]:
    """Metrics of both parts under `val/` and `test/`, and of always predicting the most frequent training genre."""
    metrics: dict[str, float] = {}
    always = torch.zeros(len(label_counts), dtype=torch.int)
    always[label_counts.argmax()] = 1
    for name, part in (("val", val), ("test", test)):
        scores = multilabel_metrics(decide(part.probabilities, thresholds), part.targets)
        metrics |= {f"{name}/{key}": value for key, value in scores.items()}
        metrics[f"{name}/films"] = len(part.films)
        constant = multilabel_metrics(always.expand_as(part.targets), part.targets)
        metrics[f"{name}/jaccard_most_frequent"] = constant["jaccard"]
    return metrics


def write_results(
    run: RunFolder, val: PartResults, test: PartResults, thresholds: Tensor, data: GenreDataModule
) -> dict[str, float]:
    """Write metrics, per-genre table, thresholds and predictions of a run; return the metrics."""
    genres = data.cfg.labels
    metrics = all_metrics(val, test, thresholds, data.label_counts)
    per_genre = per_label_metrics(decide(test.probabilities, thresholds), test.targets, genres)
    per_genre["training_films"] = data.label_counts.numpy()
    with atomic_path(run.per_genre_file) as file:
        per_genre.to_csv(file, index=False)
    with atomic_path(run.predictions_file) as file:
        pd.concat([_predictions("val", val), _predictions("test", test)]).to_parquet(file, index=False)
    write_json(run.thresholds_file, dict(zip(genres, map(float, thresholds), strict=True)))
    write_json(run.metrics_file, metrics)
    return metrics


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
