"""One run from data to records."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from pytorch_lightning.loggers import Logger
from torch import nn

from genre.config import ReportConfig, TrainConfig, instantiate
from genre.data.datamodule import GenreDataModule
from genre.data.prepare import clean_file
from genre.decision import Decision
from genre.errors import UserError
from genre.evaluation import (
    interrupts,
    part_results,
    predict_probabilities,
    quiet_lightning,
    trainer_settings,
    write_results,
)
from genre.files import file_sha256, write_json
from genre.models import GenreClassifier, Network, save_architecture
from genre.tracking import RunFolder, close_loggers, environment, log_results
from genre.training.checkpoint import check_checkpoint
from genre.training.prior import best_constant, set_prior
from genre.training.stop_below import StopBelow

log = logging.getLogger(__name__)


def train(cfg: TrainConfig, report: Callable[[RunFolder, ReportConfig], None] | None = None) -> RunFolder:
    """Train, evaluate and record one run; a run that is finished is left as it is unless `overwrite=true`.

    A run that was cut off or failed goes on after its last finished epoch.

    Args:
        cfg: settings of a single seed.
        report: writes the run's report before the run counts as completed.

    Raises:
        UserError: for what a person can mend, such as missing data or a run that is under way elsewhere.
    """
    quiet_lightning()
    fingerprint = file_sha256(clean_file(cfg.data))
    run = RunFolder.of(cfg, fingerprint)
    if run.state == "completed" and not cfg.overwrite:
        log.info("Finished before: %s (overwrite=true trains it again, evaluate.py renews its report)", run.path)
        return run
    checkpoint = Path(cfg.checkpoint) if cfg.checkpoint else None
    if run.last_checkpoint.is_file() and not cfg.overwrite:
        log.info("Going on after the last finished epoch of %s", run.path)
        checkpoint = run.last_checkpoint
    with run.recording(cfg, resuming=checkpoint == run.last_checkpoint):
        write_json(run.environment_file, environment() | {"data_fingerprint": fingerprint})
        loggers: list[Logger] = instantiate(cfg.logger, run=run, cfg=cfg)
        failed = True
        try:
            _fit_and_test(cfg, run, loggers, checkpoint)
            if report:
                report(run, cfg.report)
            log_results(loggers)
            failed = False
        finally:
            close_loggers(loggers, failed=failed)
    return run


def _fit_and_test(cfg: TrainConfig, run: RunFolder, loggers: list[Logger], checkpoint: Path | None) -> None:
    pl.seed_everything(cfg.seed, verbose=False)
    network: Network = instantiate(cfg.model, labels=cfg.data.labels)
    save_architecture(network, run.architecture)
    longest = getattr(network.net.config, "max_position_embeddings", None)
    if longest and cfg.data.max_tokens > longest:
        raise UserError(f"data.max_tokens={cfg.data.max_tokens}: the model reads at most {longest} tokens")
    data = GenreDataModule(cfg.data, network.tokenizer, seed=cfg.seed, progress=cfg.trainer.progress_bar)
    data.setup()
    sizes = [len(part) for part in data.split]
    log.info("Films: %d training, %d validation, %d test", *sizes)

    loss = instantiate(cfg.loss, label_counts=data.label_counts, num_examples=sizes[0])
    targets = torch.from_numpy(data.labels[data.split.train]).float()  # (B, L)
    if network.new_head:
        set_prior(network.net, best_constant(loss, targets))
    _log_label_weights(loss, cfg.data.labels)
    decision: Decision = instantiate(cfg.decision)
    module = GenreClassifier(network.net, loss, decision, cfg.optimizer, seed=cfg.seed)
    if checkpoint:
        finished = check_checkpoint(checkpoint, module)
        if finished >= cfg.trainer.max_epochs and not run.best_checkpoint.is_file():
            raise UserError(
                f"checkpoint={checkpoint}: has {finished} epochs already; trainer.max_epochs=... asks for more"
            )
    trainer = _trainer(cfg, run, loggers)
    with interrupts():
        trainer.fit(module, data, ckpt_path=checkpoint, weights_only=True)

    best = torch.load(run.best_checkpoint, map_location="cpu", weights_only=True)
    module.load_state_dict(best["state_dict"])
    val = part_results(data, "val", predict_probabilities(trainer, module, data.part_dataloader("val")))
    thresholds = decision.fit(val.probabilities, val.targets)  # before any test film is looked at
    test = part_results(data, "test", predict_probabilities(trainer, module, data.part_dataloader("test")))
    write_results(run, val, test, thresholds, cfg, data)


def _log_label_weights(loss: nn.Module, labels: Sequence[str]) -> None:
    weights = getattr(loss, "label_weights", None)
    if weights is not None:
        told = ", ".join(f"{label} {weight:.2f}" for label, weight in zip(labels, weights.tolist(), strict=True))
        log.info("Weights of the loss: %s", told)


def _trainer(cfg: TrainConfig, run: RunFolder, loggers: list[Logger]) -> pl.Trainer:
    settings = trainer_settings(cfg.trainer)
    best = ModelCheckpoint(
        run.checkpoints, "best", monitor="val/jaccard", mode="max", save_weights_only=True, enable_version_counter=False
    )
    last = ModelCheckpoint(run.checkpoints, "last", enable_version_counter=False)
    patience = EarlyStopping("val/jaccard", mode="max", patience=cfg.trainer.patience)
    settings["callbacks"] += [best, last, patience, StopBelow(cfg.trainer.stop_below)]
    return pl.Trainer(
        **settings,
        max_epochs=cfg.trainer.max_epochs,
        gradient_clip_val=cfg.optimizer.gradient_clip,
        limit_train_batches=cfg.trainer.limit_batches,
        limit_val_batches=cfg.trainer.limit_batches,
        logger=loggers,
        num_sanity_val_steps=0,
        log_every_n_steps=10 if cfg.trainer.limit_batches is None else 1,
        use_distributed_sampler=False,
        deterministic="warn",
    )
