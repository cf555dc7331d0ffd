"""The metrics of a finished run again, from its checkpoint."""

from dataclasses import replace

import pytorch_lightning as pl

from genre.config import EvaluateConfig
from genre.data.datamodule import GenreDataModule
from genre.errors import UserError
from genre.evaluation.inference import load_run, predict_probabilities, quiet_lightning, trainer_settings
from genre.evaluation.results import part_results, read_thresholds, write_results
from genre.tracking import RunFolder


def evaluate(cfg: EvaluateConfig) -> RunFolder:
    """Recompute predictions and metrics with the run's own checkpoint and thresholds; the folder's records are renewed.

    Raises:
        UserError: when the run is not finished or its data have changed since.
    """
    quiet_lightning()
    run = RunFolder.existing(cfg.run)
    settings, module, tokenizer = load_run(run)
    data = GenreDataModule(settings.data, tokenizer, seed=settings.seed, progress=settings.trainer.progress_bar)
    data.setup()
    if data.fingerprint != run.environment()["data_fingerprint"]:
        raise UserError(
            f"{settings.data.dir}/clean_data.csv is no longer the table that this run was trained on; train again"
        )
    trainer = pl.Trainer(**trainer_settings(settings.trainer), logger=False, enable_checkpointing=False)
    val, test = (
        part_results(data, part, predict_probabilities(trainer, module, data.part_dataloader(part)))
        for part in ("val", "test")
    )
    thresholds = read_thresholds(run, settings.data.labels)
    write_results(run, val, test, thresholds, replace(settings, report=cfg.report), data)
    return run
