"""The metrics of a finished run again, and probabilities of its films."""

from dataclasses import replace

import pandas as pd
import torch

from genre.config import BaselineConfig, EnsembleConfig, EvaluateConfig, RunConfig, TrainConfig
from genre.data.tokens import join_columns
from genre.evaluation.calibrate import calibrate
from genre.evaluation.inference import Probabilities
from genre.evaluation.results import part_results, write_results
from genre.runs import RunFolder
from genre.runs.calibration import run_calibration
from genre.runs.films import HeldOut, kept_films
from genre.runs.predictions import read_predictions
from genre.runs.records import kept_records, read_labels, read_thresholds
from genre.use import Scorer, scorer_of
from genre.use.scorer import probabilities


def run_probabilities(run: RunFolder, cfg: RunConfig, scorer: Scorer, films: pd.DataFrame) -> Probabilities:
    """Uncalibrated probabilities of B films by the model of a run, of as many of them as it looked at in each part.

    Args:
        run: finished.
        cfg: its settings.
        scorer: its model.
        films: with the columns of `data.text`.
    """
    limit, progress = None, False
    if isinstance(cfg, TrainConfig):
        limit, progress = cfg.trainer.limit_batches, cfg.trainer.progress_bar
    texts = join_columns(films, cfg.data.text, scorer.separator)
    places, values = probabilities(scorer, texts, len(read_labels(run)), limit=limit, progress=progress)
    return Probabilities(places, torch.from_numpy(values))


def evaluate(cfg: EvaluateConfig) -> RunFolder:
    """Recompute predictions and metrics with the run's own model, calibration and thresholds, and renew its records.

    Its films are those that it keeps.

    Raises:
        UserError: when the run is not finished, or a file of it is missing.
    """
    run = RunFolder.existing(cfg.run)
    settings = run.config()
    scorer = scorer_of(run, settings)
    films = kept_films(run)
    parts: tuple[HeldOut, ...] = ("val", "test")
    scored = (run_probabilities(run, settings, scorer, films.films(part)) for part in parts)
    val, test = (part_results(films, part, of_part) for part, of_part in zip(parts, scored, strict=True))
    if isinstance(settings, EnsembleConfig):  # which said of them, fold by fold, what its members alone could not say
        kept = read_predictions(run).val
        val = part_results(films, "val", Probabilities(films.places("val", kept.movie_ids), kept.given))
    # validation films as before, each by a calibration that was fitted without it
    _, honest = calibrate(settings, val.probabilities, val.truth.scoring_of(settings.metric))
    val, test = val.calibrated(honest), test.calibrated(run_calibration(run, settings)(test.probabilities))
    thresholds = read_thresholds(run)
    folds = None
    if isinstance(settings, EnsembleConfig) or (isinstance(settings, BaselineConfig) and settings.cv):
        folds = kept_records(run, "cv")  # their models are gone
    write_results(run, val, test, thresholds, replace(settings, report=cfg.report), films, folds)
    return run
