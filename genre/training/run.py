"""What every kind of run does around its fitting: settings checked, one run for each seed, all of it recorded."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import torch
from pytorch_lightning.loggers import Logger

from genre.config import BaselineConfig, EncoderConfig, ReportConfig, RunConfig, TrainConfig, instantiate
from genre.config.explain import suggestion
from genre.config.schema import PublishedConfig, WordVectorsConfig
from genre.data.corrections import data_fingerprint
from genre.data.labels import label_like
from genre.data.sources import Source, prepared
from genre.errors import UserError
from genre.evaluation import machine_of
from genre.files import write_json
from genre.machine import require_devices
from genre.metrics import multilabel_metrics, ranking_metrics
from genre.metrics.names import METRICS
from genre.runs import RunFolder, environment
from genre.runs.code import code_fingerprint, require_same_code
from genre.runs.command import as_typed
from genre.tracking import close_loggers, log_results, open_loggers, record_finished
from genre.training.checkpoint import can_go_on

log = logging.getLogger(__name__)

Fit = Callable[[Source, RunFolder, list[Logger]], None]
Report = Callable[[RunFolder, ReportConfig], None]
Config = TypeVar("Config", bound=RunConfig)

_FILMS, _LABELS = 100, 2  # any numbers: it is the settings' ranges that are checked


def each_seed(cfg: Config) -> Iterator[Config]:
    """The settings of `cfg.seeds` single runs: seed, seed + 1, ...; the split of the films is the same for all.

    Each keeps `seeds`, by which trackers know that it is one of several; in its folder it is a run by itself.
    """
    for seed in range(cfg.seed, cfg.seed + cfg.seeds):
        yield replace(cfg, seed=seed)


def check(cfg: RunConfig) -> None:
    """Look at what is cheap to look at, so that a mistake is found before there is a run, and before a sweep begins.

    Raises:
        UserError: when a part refuses a setting.
    """
    instantiate(cfg.calibration)
    instantiate(cfg.decision)
    name = cfg.metric.partition("/")[2]
    any_films = torch.eye(2)
    metrics = ranking_metrics if isinstance(cfg, BaselineConfig) else multilabel_metrics  # what chooses is one of these
    known = [other for other in metrics(any_films, any_films) if other in METRICS]
    if name not in known:
        raise UserError(f"metric={cfg.metric}: no such metric chooses; {suggestion(name, known)}")
    if isinstance(cfg, BaselineConfig):
        instantiate(cfg.baseline, oversampler=instantiate(cfg.oversample), seed=cfg.seed)
        if isinstance(cfg.features, EncoderConfig):
            _fetch(cfg.features.pretrained, "features.pretrained")
        if isinstance(cfg.features, WordVectorsConfig) and not Path(cfg.features.file).is_file():
            raise UserError(f"features.file={cfg.features.file}: no such file")
    if isinstance(cfg, TrainConfig):
        require_devices(machine_of(cfg).device, cfg.trainer.devices)
        counts = torch.full((_LABELS,), _FILMS // 2)
        instantiate(cfg.loss, label_counts=counts, num_examples=_FILMS)
        if isinstance(cfg.model, PublishedConfig):
            _fetch(cfg.model.pretrained, "model.pretrained")


def _fetch(pretrained: str, setting: str) -> None:
    """See that an encoder is here, or comes from the hub."""
    if pretrained != "minilm":
        from genre.models.hub import model_folder  # seconds to import, which most classical models do without

        model_folder(pretrained, setting)


def check_labels(cfg: RunConfig, labels: Sequence[str]) -> None:
    """Refuse data with one label alone, and a genre to compare the others with that is none of the data's.

    Raises:
        UserError: naming it.
    """
    if len(labels) < 2:
        raise UserError(f"the data have one label alone, {labels[0]}: at least two are needed")
    reference = cfg.report.reference_genre
    if reference is not None and label_like(reference, labels) is None:
        chosen = f"report.reference_genre={reference}"
        raise UserError(f"{chosen}: is not among the chosen genres; {suggestion(reference, labels)}")


def recorded_run(cfg: RunConfig, fit: Fit, report: Report | None = None) -> RunFolder:
    """Fit, report and record one run; a run that is finished is left as it is unless `overwrite=true`.

    Args:
        cfg: settings of a single seed.
        fit: fits and tests the model and writes the results; with a checkpoint in the folder it goes on from there.
        report: writes the run's report before the run counts as completed.

    Raises:
        UserError: for what a person can mend, such as missing data, a run that is under way elsewhere or one of other
            code.
    """
    machine = machine_of(cfg)
    check(cfg)
    source = prepared(cfg.data)
    check_labels(cfg, source.label_names)
    fingerprint = data_fingerprint(source, cfg.data)
    run = RunFolder.of(cfg, fingerprint)
    require_same_code(run, cfg)
    if not cfg.overwrite and run.state == "completed":
        log.info("Finished before: %s (overwrite=true trains it again, evaluate.py renews its report)", run.path)
        record_finished(run, cfg)
        return run
    resuming = not cfg.overwrite and can_go_on(run)
    if resuming:
        log.info("Going on after the last finished epoch of %s", run.path)
    fingerprints = {"data_fingerprint": fingerprint, "code_fingerprint": code_fingerprint(cfg)}
    keep_last = isinstance(cfg, TrainConfig) and cfg.trainer.keep_last
    with run.recording(replace(cfg, seeds=1), resuming=resuming, keep_last=keep_last):
        log.info("Computing on: %s", machine)
        log.info("Run folder: %s", run.path)
        write_json(run.environment_file, environment(machine) | fingerprints | as_typed(cfg))
        loggers = open_loggers(run, cfg)
        failed = True
        try:
            fit(source, run, loggers)
            if report:
                report(run, cfg.report)
            log_results(loggers)
            failed = False
        finally:
            close_loggers(loggers, failed=failed)
    return run
