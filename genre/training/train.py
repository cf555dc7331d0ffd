"""One run from data to records."""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytorch_lightning as pl
from pytorch_lightning.loggers import Logger
from torch import nn

from genre.config import TrainConfig
from genre.data.sources import Source
from genre.errors import UserError
from genre.evaluation import calibrate, machine_of, part_results, predict_probabilities, write_results
from genre.lightning import quiet_lightning, trainer_arguments
from genre.runs import RunFolder
from genre.runs.calibration import keep_calibration
from genre.runs.command import options_of
from genre.runs.films import keep_films
from genre.training.averaging import keep_weights_alone
from genre.training.checkpoint import check_checkpoint, take_over
from genre.training.fit import fit, fit_with_others, module_and_data
from genre.training.run import Report, recorded_run
from genre.training.team import team

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
    module, data = module_and_data(cfg, source, run)
    corpus = data.corpus
    keep_films(run, corpus)
    _log_label_weights(module.loss, corpus.label_names)
    going_on = resuming or bool(cfg.checkpoint)
    if going_on:
        finished = check_checkpoint(checkpoint, module, average=bool(cfg.trainer.ema))
        if finished >= cfg.trainer.max_epochs and not run.best_checkpoint.is_file():
            raise UserError(
                f"checkpoint={checkpoint}: has {finished} epochs already; trainer.max_epochs=... asks for more"
            )
        take_over(checkpoint, run)
    metric = corpus.part_truth("val").recorded(cfg.metric)
    parameters = sum(parameter.numel() for parameter in module.model.parameters() if parameter.requires_grad)
    run.note(parameters=parameters)
    _log_plan(run, cfg, parameters, len(data.train_dataloader()))
    others = partial(fit_with_others, cfg, run, going_on=going_on, resuming=resuming)
    with team(cfg.trainer.devices, others) as first:
        trainer = fit(cfg, run, module, data, loggers, first, going_on=going_on, resuming=resuming)

    best = keep_weights_alone(run.best_checkpoint)
    module.load_state_dict(best["state_dict"])
    score = trainer.checkpoint_callback.best_model_score  # type: ignore[union-attr]
    log.info(
        "Best epoch: %d of %d, %s %.4f; its weights are tested", best["epoch"] + 1, trainer.current_epoch, metric, score
    )
    tester = trainer if cfg.trainer.devices == 1 else _tester(cfg)
    val = part_results(corpus, "val", predict_probabilities(tester, module, data.part_dataloader("val")))
    scoring = val.truth.scoring_of(cfg.metric)
    # before any test film is looked at
    calibration, honest = calibrate(cfg, val.probabilities, scoring)
    thresholds = module.decision.fit(honest, scoring.targets, scoring.known)
    keep_calibration(run, cfg, calibration, corpus.label_names)
    test = part_results(corpus, "test", predict_probabilities(tester, module, data.part_dataloader("test")))
    val, test = val.calibrated(honest), test.calibrated(calibration(test.probabilities))
    write_results(run, val, test, thresholds, cfg, corpus)


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


def _tester(cfg: TrainConfig) -> pl.Trainer:
    """A Trainer of one process, after several have trained together."""
    return pl.Trainer(
        **trainer_arguments(machine_of(cfg), progress_bar=cfg.trainer.progress_bar),
        limit_predict_batches=cfg.trainer.limit_batches,
        logger=False,
        enable_checkpointing=False,
        deterministic="warn",
    )
