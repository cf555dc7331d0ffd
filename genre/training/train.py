"""One run from data to records."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from pytorch_lightning.loggers import Logger
from torch import nn

from genre.config import TrainConfig, instantiate
from genre.data.datamodule import GenreDataModule
from genre.data.features import FeatureDataModule
from genre.data.sources import Source, prepared
from genre.errors import UserError
from genre.evaluation import calibrate, machine_of, part_results, predict_probabilities, write_results
from genre.lightning import interrupts, quiet_lightning, together, trainer_arguments
from genre.machine import Machine, keep_freed_memory
from genre.metrics.names import lower_is_better
from genre.models import GenreClassifier, Probe, TextModel
from genre.runs import RunFolder
from genre.runs.calibration import keep_calibration
from genre.runs.command import options_of
from genre.runs.films import keep_films
from genre.training.callbacks import StaysStopped, StopBelow
from genre.training.checkpoint import check_checkpoint, take_over
from genre.training.oversample import oversample
from genre.training.prior import best_constant, set_prior
from genre.training.run import Report, recorded_run
from genre.training.team import Team, team

log = logging.getLogger(__name__)


def train(cfg: TrainConfig, report: Report | None = None) -> RunFolder:
    """Train, evaluate and record one run; see `recorded_run`.

    A run that was cut off or failed goes on after its last finished epoch.
    """
    quiet_lightning()
    return recorded_run(cfg, partial(_fit_and_test, cfg), report)


def _fit_and_test(cfg: TrainConfig, source: Source, run: RunFolder, loggers: list[Logger]) -> None:
    resuming = run.last_checkpoint.is_file()
    checkpoint = Path(cfg.checkpoint) if cfg.checkpoint and not resuming else run.last_checkpoint
    machine = machine_of(cfg)
    module, data = _module_and_data(cfg, source, machine, run)
    corpus = data.corpus
    keep_films(run, corpus)
    _log_label_weights(module.loss, corpus.label_names)
    going_on = resuming or bool(cfg.checkpoint)
    if going_on:
        finished = check_checkpoint(checkpoint, module)
        if finished >= cfg.trainer.max_epochs and not run.best_checkpoint.is_file():
            raise UserError(
                f"checkpoint={checkpoint}: has {finished} epochs already; trainer.max_epochs=... asks for more"
            )
        take_over(checkpoint, run)
    metric = corpus.part_truth("val").recorded(cfg.metric)
    parameters = sum(parameter.numel() for parameter in module.model.parameters() if parameter.requires_grad)
    run.note(parameters=parameters)
    _log_plan(run, cfg, parameters, len(data.train_dataloader()))
    part = partial(_fit, cfg, machine, run, metric, going_on=going_on, resuming=resuming)
    with team(cfg.trainer.devices, partial(_fit_with_others, cfg, run, part)) as first:
        trainer = part(module, data, loggers, first)

    best = torch.load(run.best_checkpoint, map_location="cpu", weights_only=True)
    module.load_state_dict(best["state_dict"])
    score = trainer.checkpoint_callback.best_model_score  # type: ignore[union-attr]
    log.info(
        "Best epoch: %d of %d, %s %.4f; its weights are tested", best["epoch"] + 1, trainer.current_epoch, metric, score
    )
    tester = trainer if cfg.trainer.devices == 1 else _tester(cfg, machine)
    val = part_results(corpus, "val", predict_probabilities(tester, module, data.part_dataloader("val")))
    scoring = val.truth.scoring_of(cfg.metric)
    # before any test film is looked at
    calibration, honest = calibrate(cfg, val.probabilities, scoring)
    thresholds = module.decision.fit(honest, scoring.targets, scoring.known)
    keep_calibration(run, cfg, calibration, corpus.label_names)
    test = part_results(corpus, "test", predict_probabilities(tester, module, data.part_dataloader("test")))
    val, test = val.calibrated(honest), test.calibrated(calibration(test.probabilities))
    write_results(run, val, test, thresholds, cfg, corpus)


def _module_and_data(
    cfg: TrainConfig, source: Source, machine: Machine, run: RunFolder | None
) -> tuple[GenreClassifier, GenreDataModule]:
    """What is trained and on what, the same in each process that trains; the first one gives the folder of the run."""
    pl.seed_everything(cfg.seed, verbose=False)
    model: TextModel = instantiate(cfg.model, labels=source.label_names)
    if run:
        run.architecture.mkdir(exist_ok=True)
        model.save(run.architecture)
    if model.longest_input and cfg.data.max_tokens > model.longest_input:
        raise UserError(f"data.max_tokens={cfg.data.max_tokens}: the model reads at most {model.longest_input} tokens")
    keep_freed_memory()
    data = _data(source, cfg, model, machine)
    corpus = data.corpus
    sizes = [len(part) for part in corpus.split]
    log.info("Films: %d training, %d validation, %d test; %d labels", *sizes, len(corpus.label_names))
    if isinstance(model, Probe):
        assert isinstance(data, FeatureDataModule)
        model.head.standardise(torch.from_numpy(data.features[corpus.split.train]).float())
    oversample(cfg, data, run)
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
    )
    return module, data


def _fit(
    cfg: TrainConfig,
    machine: Machine,
    run: RunFolder,
    metric: str,
    module: GenreClassifier,
    data: GenreDataModule,
    loggers: list[Logger],
    team: Team,
    *,
    going_on: bool,
    resuming: bool,
) -> pl.Trainer:
    """Train, alone or as one of several processes."""
    data.process, data.processes = team.process, team.processes
    trainer = _trainer(cfg, metric, machine, run, loggers, len(data.train_dataloader()), team, resuming=resuming)
    with interrupts():
        trainer.fit(module, data, ckpt_path=run.last_checkpoint if going_on else None, weights_only=True)
    return trainer


def _fit_with_others(cfg: TrainConfig, run: RunFolder, part: Callable[..., pl.Trainer], team: Team) -> None:
    """What a process does that is not the first: it trains, and records nothing."""
    quiet_lightning()
    module, data = _module_and_data(cfg, prepared(cfg.data), machine_of(cfg), None)
    part(module, data, [], team)


def _data(source: Source, cfg: TrainConfig, model: TextModel, machine: Machine) -> GenreDataModule:
    """The films as the model reads them."""
    tokenizer, encoder, progress = model.tokenizer, model.encoder, cfg.trainer.progress_bar
    data = GenreDataModule(source, cfg.data, tokenizer, seed=cfg.seed, progress=progress)
    if encoder:
        encoder.to(torch.device(machine.device))
        data = FeatureDataModule(source, cfg.data, tokenizer, encoder, seed=cfg.seed, progress=progress)
    data.setup()
    return data


def _log_plan(run: RunFolder, cfg: TrainConfig, parameters: int, steps: int) -> None:
    """What is trained, by which loss, for how long, in the words of the command line."""
    options = options_of(run, cfg)
    values = ", ".join(f"{name}={value}" for name, value in vars(cfg.loss).items() if name != "_target_")
    log.info("Model: %s, %.1f million parameters to train", options["model"], parameters / 1e6)
    log.info("Loss: %s (%s); epochs: %d of %d steps", options["loss"], values, cfg.trainer.max_epochs, steps)


def _log_label_weights(loss: nn.Module, labels: Sequence[str]) -> None:
    weights = getattr(loss, "label_weights", None)
    if weights is not None:
        told = ", ".join(f"{label} {weight:.2f}" for label, weight in zip(labels, weights.tolist(), strict=True))
        log.info("Weights of the loss: %s", told)


def _trainer(
    cfg: TrainConfig,
    metric: str,
    machine: Machine,
    run: RunFolder,
    loggers: list[Logger],
    batches: int,
    team: Team,
    *,
    resuming: bool,
) -> pl.Trainer:
    settings = trainer_arguments(machine, progress_bar=cfg.trainer.progress_bar and team.process == 0)
    if team.processes > 1:
        settings |= together(machine, team.process, team.processes, team.port)
    mode = "min" if lower_is_better(metric) else "max"
    best = ModelCheckpoint(
        run.checkpoints, "best", monitor=metric, mode=mode, save_weights_only=True, enable_version_counter=False
    )
    last = ModelCheckpoint(run.checkpoints, "last", enable_version_counter=False)
    patience = EarlyStopping(metric, mode=mode, patience=cfg.trainer.patience)
    stops = [patience, StopBelow(cfg.trainer.stop_below), StaysStopped(heed=resuming)]
    settings["callbacks"] += [best, last, *stops]
    return pl.Trainer(
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


def _tester(cfg: TrainConfig, machine: Machine) -> pl.Trainer:
    """A Trainer of one process, after several have trained together."""
    return pl.Trainer(
        **trainer_arguments(machine, progress_bar=cfg.trainer.progress_bar),
        limit_predict_batches=cfg.trainer.limit_batches,
        logger=False,
        enable_checkpointing=False,
        deterministic="warn",
    )
