"""The metrics of a finished run again, from its model."""

from dataclasses import replace

from genre.config import BaselineConfig, EvaluateConfig
from genre.data.corpus import Corpus
from genre.errors import UserError
from genre.evaluation.models import load_model
from genre.evaluation.results import part_results, write_results
from genre.runs import RunFolder
from genre.runs.records import kept_records, read_thresholds


def evaluate(cfg: EvaluateConfig) -> RunFolder:
    """Recompute predictions and metrics with the run's own model and thresholds; the folder's records are renewed.

    Raises:
        UserError: when the run is not finished or its data have changed since.
    """
    run = RunFolder.existing(cfg.run)
    settings = run.config()
    model = load_model(run, settings)
    corpus = Corpus(settings.data)
    if corpus.fingerprint != run.environment()["data_fingerprint"]:
        raise UserError(
            f"{settings.data.dir}/clean_data.csv is no longer the table that this run was trained on; train again"
        )
    val, test = (
        part_results(corpus, part, model.probabilities(corpus.films(part), limited=True)) for part in ("val", "test")
    )
    thresholds = read_thresholds(run)
    folds = kept_records(run, "cv") if isinstance(settings, BaselineConfig) and settings.cv else None  # without models
    write_results(run, val, test, thresholds, replace(settings, report=cfg.report), corpus, folds)
    return run
