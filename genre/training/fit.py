"""What is trained and on what, and the training itself, by one process or several."""

import logging

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from pytorch_lightning.loggers import Logger

from genre.config import TrainConfig, instantiate
from genre.data.datamodule import GenreDataModule
from genre.data.features import FeatureDataModule
from genre.data.sources import Source, prepared
from genre.errors import UserError
from genre.evaluation import machine_of
from genre.lightning import interrupts, quiet_lightning, together, trainer_arguments
from genre.losses import Distillation
from genre.machine import keep_freed_memory
from genre.metrics.names import lower_is_better
from genre.models import GenreClassifier, Probe, TextModel
from genre.runs import RunFolder
from genre.training.averaging import MovingAverage
from genre.training.callbacks import StaysStopped, StopBelow
from genre.training.oversample import oversample
from genre.training.prior import best_constant, set_prior
from genre.training.teacher import taught_log_odds
from genre.training.team import Team

log = logging.getLogger(__name__)


def module_and_data(cfg: TrainConfig, source: Source, run: RunFolder | None) -> tuple[GenreClassifier, GenreDataModule]:
    """What is trained and on what, the same in each process that trains; the first one gives the folder of the run.

    Raises:
        UserError: when the data are broken, or their texts too long for the model.
    """
    pl.seed_everything(cfg.seed, verbose=False)
    model: TextModel = instantiate(cfg.model, labels=source.label_names)
    if run:
        run.architecture.mkdir(exist_ok=True)
        model.save(run.architecture)
    if model.longest_input and cfg.data.max_tokens > model.longest_input:
        raise UserError(f"data.max_tokens={cfg.data.max_tokens}: the model reads at most {model.longest_input} tokens")
    machine = machine_of(cfg)
    if model.overflows_in_half and machine.precision == "16-mixed":
        told = "auto, which is 16-mixed here" if cfg.trainer.precision == "auto" else "16-mixed"
        raise UserError(f"trainer.precision={told}: this model overflows in that; take trainer.precision=32-true")
    keep_freed_memory()
    data = _data(source, cfg, model, machine.device)
    corpus = data.corpus
    sizes = [len(part) for part in corpus.split]
    log.info("Films: %d training, %d validation, %d test; %d labels", *sizes, len(corpus.label_names))
    if isinstance(model, Probe):
        assert isinstance(data, FeatureDataModule)
        model.head.standardise(torch.from_numpy(data.features[corpus.split.train]).float())
    oversample(cfg, data, run)
    distillation = None
    if cfg.teacher.run:
        data.taught = taught_log_odds(cfg.teacher.run, corpus)
        distillation = Distillation(cfg.teacher.share, cfg.teacher.temperature)
    truth = data.train_truth  # with clones and synthetic films
    targets, known = torch.from_numpy(truth.labels).float(), None  # (B, L)
    if corpus.masked:
        known = torch.from_numpy(truth.known)
    films = len(targets) if known is None else known.sum(dim=0)
    loss = instantiate(cfg.loss, label_counts=targets.sum(dim=0).long(), num_examples=films)
    if model.new_head:
        set_prior(model, best_constant(loss, targets, known))
    module = GenreClassifier(
        model,
        len(corpus.label_names),
        loss,
        instantiate(cfg.decision),
        cfg.optimizer,
        seed=cfg.seed,
        fused=machine.fused_optimizer,
        mask=corpus.masked,
        metric=cfg.metric,
        distillation=distillation,
    )
    return module, data


def fit(
    cfg: TrainConfig,
    run: RunFolder,
    module: GenreClassifier,
    data: GenreDataModule,
    loggers: list[Logger],
    team: Team,
    *,
    going_on: bool,
    resuming: bool,
) -> pl.Trainer:
    """Train, alone or as one of several processes.

    Args:
        cfg: the settings.
        run: where checkpoints lie.
        module: to train.
        data: to train it on.
        loggers: of the first process.
        team: which process this is.
        going_on: whether the run has a checkpoint to go on from.
        resuming: whether that is one of its own.
    """
    machine = machine_of(cfg)
    data.process, data.processes = team.process, team.processes
    settings = trainer_arguments(machine, progress_bar=cfg.trainer.progress_bar and team.process == 0)
    if team.processes > 1:
        settings |= together(machine, team.process, team.processes, team.port)
    metric = data.corpus.part_truth("val").recorded(cfg.metric)
    batches = len(data.train_dataloader())
    mode = "min" if lower_is_better(metric) else "max"
    average = [MovingAverage(cfg.trainer.ema)] if cfg.trainer.ema else []
    best = ModelCheckpoint(
        run.checkpoints,
        "best",
        monitor=metric,
        mode=mode,
        save_weights_only=not average,  # see `keep_weights_alone`
        enable_version_counter=False,
    )
    last = ModelCheckpoint(run.checkpoints, "last", enable_version_counter=False)
    patience = EarlyStopping(metric, mode=mode, patience=cfg.trainer.patience)
    stops = [patience, StopBelow(cfg.trainer.stop_below), StaysStopped(heed=resuming)]
    settings["callbacks"] += [*average, best, last, *stops]
    trainer = pl.Trainer(
        **settings,
        max_epochs=cfg.trainer.max_epochs,
        limit_train_batches=cfg.trainer.limit_batches,
        limit_val_batches=cfg.trainer.limit_batches,
        limit_predict_batches=cfg.trainer.limit_batches,
        logger=loggers,
        num_sanity_val_steps=0,
        log_every_n_steps=min(10, batches) if cfg.trainer.limit_batches is None else 1,
        use_distributed_sampler=False,
        deterministic="warn",
    )
    with interrupts():
        trainer.fit(module, data, ckpt_path=run.last_checkpoint if going_on else None, weights_only=True)
    return trainer


def fit_with_others(cfg: TrainConfig, run: RunFolder, team: Team, *, going_on: bool, resuming: bool) -> None:
    """What a process does that is not the first: it trains, and records nothing."""
    quiet_lightning()
    module, data = module_and_data(cfg, prepared(cfg.data), None)
    fit(cfg, run, module, data, [], team, going_on=going_on, resuming=resuming)


def _data(source: Source, cfg: TrainConfig, model: TextModel, device: str) -> GenreDataModule:
    """The films as the model reads them."""
    tokenizer, encoder, progress = model.tokenizer, model.encoder, cfg.trainer.progress_bar
    data = GenreDataModule(source, cfg.data, tokenizer, seed=cfg.seed, progress=progress)
    if encoder:
        encoder.to(torch.device(device))
        data = FeatureDataModule(source, cfg.data, tokenizer, encoder, seed=cfg.seed, progress=progress)
    data.setup()
    return data
