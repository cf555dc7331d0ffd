"""From probabilities of validation and test films to the records of a run folder."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from genre.config import RunConfig
from genre.data.corpus import Corpus
from genre.data.split import Rows
from genre.decision import decide, fallback_share
from genre.evaluation.inference import Probabilities
from genre.metrics import bootstrap, film_metrics, multilabel_metrics, per_label_metrics
from genre.runs import RunFolder
from genre.runs.films import HeldOut, RunFilms
from genre.runs.records import Records, write_records


@dataclass(frozen=True)
class PartResults:
    """Films of one part with targets and probabilities (B, L), in the films' order."""

    films: pd.DataFrame
    targets: Tensor
    probabilities: Tensor


def part_results(films: RunFilms, part: HeldOut, probabilities: Probabilities) -> PartResults:
    """Put the films and targets beside the probabilities of a part's films."""
    chosen = films.films(part).iloc[probabilities.positions].reset_index(drop=True)
    targets = torch.from_numpy(films.targets(part)[probabilities.positions]).int()
    return PartResults(chosen, targets, probabilities.values)


def row_results(corpus: Corpus, rows: Rows, probabilities: Tensor) -> PartResults:
    """Put the films and targets beside the probabilities (B, L) of the films in these rows (B,)."""
    films = corpus.table.iloc[rows].reset_index(drop=True)
    return PartResults(films, torch.from_numpy(corpus.labels[rows]).int(), probabilities)


def part_records(
    name: str, part: PartResults, thresholds: Tensor, cfg: RunConfig, films: RunFilms
) -> tuple[Records, pd.DataFrame]:
    """Records of a part, and the table of its genres.

    Args:
        name: of the part.
        part: B films.
        thresholds: of all of them (L,), or of each (B, L).
        cfg: settings of the run.
        films: of the run.
    """
    predicted = decide(part.probabilities, thresholds, cfg.decision.fallback)
    scores = film_metrics(part.probabilities, predicted, part.targets)
    scores["fallback_share"] = fallback_share(part.probabilities, thresholds)
    scores["films"] = len(part.films)
    scores["jaccard_most_frequent"] = _always_most_frequent(part.targets, films.label_counts)
    resampled = bootstrap(part.probabilities, predicted, part.targets, resamples=cfg.report.resamples)
    per_genre = per_label_metrics(predicted, part.targets, films.label_names, part.probabilities)
    per_genre["f1_low"], per_genre["f1_high"] = resampled.label_f1_intervals()
    per_genre["training_films"] = films.label_counts.numpy()
    records = Records(
        {f"{name}/{key}": value for key, value in scores.items()},
        {f"{name}/{key}": ends for key, ends in resampled.intervals().items()},
        _predictions(name, part, predicted),
    )
    return records, per_genre


def write_results(
    run: RunFolder,
    val: PartResults,
    test: PartResults,
    thresholds: Tensor,
    cfg: RunConfig,
    films: RunFilms,
    further: Records | None = None,
) -> None:
    """Write metrics, their intervals, per-genre table, thresholds and predictions of a run.

    Args:
        run: where to.
        val: validation films.
        test: test films, of which the per-genre table is.
        thresholds: (L,).
        cfg: settings of the run.
        films: of the run.
        further: of a cross-validation.
    """
    of_val, _ = part_records("val", val, thresholds, cfg, films)
    of_test, per_genre = part_records("test", test, thresholds, cfg, films)
    by_label = dict(zip(films.label_names, map(float, thresholds), strict=True))
    write_records(run, [of_val, of_test, *([further] if further else [])], per_genre, by_label)


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
