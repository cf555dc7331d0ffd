"""The model of a finished run, whatever its kind, and the run's metrics again."""

from dataclasses import replace
from typing import Protocol

import pandas as pd

from genre.config import BaselineConfig, EvaluateConfig, RunConfig, TrainConfig
from genre.evaluation.baseline import BaselineModel
from genre.evaluation.inference import Probabilities
from genre.evaluation.network import NetworkModel
from genre.evaluation.results import part_results, write_results
from genre.runs import RunFolder
from genre.runs.films import HeldOut, kept_films
from genre.runs.records import kept_records, read_thresholds


class RunModel(Protocol):
    """Gives probabilities as the run did."""

    @property
    def size(self) -> int:
        """How many numbers it consists of."""
        ...

    def probabilities(self, films: pd.DataFrame, *, limited: bool = False) -> Probabilities:
        """Of films with the columns of `data.text`; `limited` to as many as the run itself looked at in each part."""
        ...


def load_model(run: RunFolder, cfg: RunConfig) -> RunModel:
    """The model of a finished run with these settings.

    Raises:
        UserError: when its file is missing or belongs to another model.
    """
    if isinstance(cfg, BaselineConfig):
        return BaselineModel.load(run, cfg)
    assert isinstance(cfg, TrainConfig)
    return NetworkModel(run, cfg)


def evaluate(cfg: EvaluateConfig) -> RunFolder:
    """Recompute predictions and metrics with the run's own model and thresholds; the folder's records are renewed.

    Its films are those that it keeps.

    Raises:
        UserError: when the run is not finished, or a file of it is missing.
    """
    run = RunFolder.existing(cfg.run)
    settings = run.config()
    model = load_model(run, settings)
    films = kept_films(run)
    parts: tuple[HeldOut, ...] = ("val", "test")
    val, test = (part_results(films, part, model.probabilities(films.films(part), limited=True)) for part in parts)
    thresholds = read_thresholds(run)
    folds = kept_records(run, "cv") if isinstance(settings, BaselineConfig) and settings.cv else None  # without models
    write_results(run, val, test, thresholds, replace(settings, report=cfg.report), films, folds)
    return run
