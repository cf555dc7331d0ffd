"""From probabilities of validation and test films to the records of a run folder."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from genre.config import RunConfig
from genre.data.corpus import Corpus
from genre.data.split import Rows
from genre.data.truth import Scoring, Truth
from genre.decision import decide, fallback_share
from genre.evaluation.inference import Probabilities
from genre.metrics import bootstrap, calibration_metrics, film_metrics, multilabel_metrics, per_label_metrics
from genre.metrics.calibration import label_calibration_error, label_log_loss
from genre.metrics.names import OF_LABELS
from genre.runs import RunFolder
from genre.runs.films import HeldOut, RunFilms
from genre.runs.records import Interval, Records, with_truth, write_records


@dataclass(frozen=True)
class PartResults:
    """Films of one part with their labels and probabilities, in the films' order.

    Attributes:
        films: B rows.
        truth: their labels.
        probabilities: (B, L), calibrated where the run is.
        raw: those that the model gave (B, L); None where they are the same.
    """

    films: pd.DataFrame
    truth: Truth
    probabilities: Tensor
    raw: Tensor | None = None

    def calibrated(self, probabilities: Tensor) -> "PartResults":
        """With calibrated probabilities (B, L) in the place of those that the model gave."""
        raw = None if torch.equal(probabilities, self.probabilities) else self.probabilities
        return replace(self, probabilities=probabilities, raw=raw)


def part_results(films: RunFilms, part: HeldOut, probabilities: Probabilities) -> PartResults:
    """Put the films and their labels beside the probabilities of a part's films."""
    chosen = films.films(part).iloc[probabilities.positions].reset_index(drop=True)
    return PartResults(chosen, films.part_truth(part).of(probabilities.positions), probabilities.values)


def row_results(corpus: Corpus, rows: Rows, probabilities: Tensor) -> PartResults:
    """Put the films and their labels beside the probabilities (B, L) of the films in these rows (B,)."""
    films = corpus.table.iloc[rows].reset_index(drop=True)
    return PartResults(films, corpus.truth.of(rows), probabilities)


def part_records(
    name: str, part: PartResults, thresholds: Tensor, cfg: RunConfig, films: RunFilms
) -> tuple[Records, pd.DataFrame]:
    """Records of a part in all ways of scoring (see `Truth`), and the table of its genres.

    Where these ways differ, the table has for each genre what the cells say (`f1`, `support` and so on), and the same
    of known cells (`known_f1`, `known_support`).

    Args:
        name: of the part.
        part: B films.
        thresholds: of all of them (L,), or of each (B, L).
        cfg: settings of the run.
        films: of the run.
    """
    predicted = decide(part.probabilities, thresholds, cfg.decision.fallback)
    metrics: dict[str, float] = {}
    intervals: dict[str, Interval] = {}
    tables = {}
    for way in part.truth.ways:
        scoring = part.truth.scoring(way)
        probabilities, chosen = scoring.of_labels(part.probabilities), scoring.of_labels(predicted)
        scores = film_metrics(probabilities, chosen, scoring.targets, scoring.known)
        resampled = bootstrap(
            probabilities, chosen, scoring.targets, resamples=cfg.report.resamples, known=scoring.known
        )
        ends = resampled.intervals()
        if scoring.labels is None:
            scores["fallback_share"] = fallback_share(part.probabilities, thresholds)
            scores["jaccard_most_frequent"] = _always_most_frequent(scoring, films.label_counts)
            table = per_label_metrics(chosen, scoring.targets, films.label_names, probabilities, scoring.known)
            table["f1_low"], table["f1_high"] = resampled.label_f1_intervals()
            if part.raw is not None:
                table["calibration_error_raw"] = label_calibration_error(part.raw, scoring.targets, scoring.known)
                table["log_loss_raw"] = label_log_loss(part.raw, scoring.targets, scoring.known)
            tables[way] = table
        else:  # most films have none of these labels: only what is said of labels means something
            scores = {key: value for key, value in scores.items() if key in OF_LABELS}
            ends = {key: pair for key, pair in ends.items() if key in OF_LABELS}
        if part.raw is not None:
            before = calibration_metrics(scoring.of_labels(part.raw), scoring.targets, scoring.known)
            scores |= {f"{key}_raw": value for key, value in before.items()}
        scores["films"] = len(part.films)
        metrics |= {f"{name}{way}/{key}": value for key, value in scores.items()}
        intervals |= {f"{name}{way}/{key}": pair for key, pair in ends.items()}
    per_genre = tables[""]
    per_genre["training_films"] = films.label_counts.numpy()
    if "_known" in tables:
        per_genre = per_genre.join(tables["_known"].drop(columns="genre").add_prefix("known_"))
    return Records(metrics, intervals, _predictions(name, part, predicted)), per_genre


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
    of_val.metrics["train/films"] = films.training_films
    of_test, per_genre = part_records("test", test, thresholds, cfg, films)
    by_label = dict(zip(films.label_names, map(float, thresholds), strict=True))
    write_records(run, [of_val, of_test, *([further] if further else [])], per_genre, by_label)


def _always_most_frequent(scoring: Scoring, label_counts: Tensor) -> float:
    """Jaccard of always predicting the most frequent training genre."""
    always = torch.zeros_like(scoring.targets)
    always[:, label_counts.argmax()] = 1
    return multilabel_metrics(always, scoring.targets, scoring.known)["jaccard"]


def _predictions(name: str, part: PartResults, predicted: Tensor) -> pd.DataFrame:
    raw = {} if part.raw is None else {"raw_probabilities": list(part.raw.numpy().astype(np.float32))}
    table = pd.DataFrame(
        {
            "movie_id": part.films["movie_id"],
            "split": name,
            "probabilities": list(part.probabilities.numpy().astype(np.float32)),
            **raw,
            "predicted": list(predicted.numpy().astype(np.int8)),
        }
    )
    return with_truth(table, part.truth)
