"""Where the curves and results of a run go."""

import importlib
import logging
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pytorch_lightning.loggers import CSVLogger, Logger

from genre.config import RunConfig, instantiate
from genre.config.schema import MLflowConfig, TensorBoardConfig, WandbConfig
from genre.extras import extra
from genre.runs.folder import RunFolder

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)


@runtime_checkable
class Tracker(Protocol):
    """A logger of Lightning that also takes what the folder of a finished run holds.

    Attributes:
        place: where it keeps the run, in words.
    """

    place: str

    def log_results(self) -> None:
        """Log it."""

    def close(self, *, failed: bool) -> None:
        """End the run, so that the next job of a sweep opens its own."""


def open_loggers(run: RunFolder, cfg: RunConfig) -> list[Logger]:
    """The history in the run folder, one CSV file per start of the run, and every logger that the settings name.

    Raises:
        UserError: when a server is wanted and cannot be reached, or an extra is not installed; before any training.
    """
    loggers: list[Logger] = [CSVLogger(run.path, name=run.history.name)]
    for section in cfg.logger.values():
        loggers += instantiate(section, run=run, cfg=cfg)
    places = [tracker.place for tracker in loggers if isinstance(tracker, Tracker)]
    log.info("Tracked by: %s", ", ".join(places) or "the run folder alone")
    return loggers


def csv_loggers(run: RunFolder, cfg: RunConfig) -> list[Logger]:
    """None but the history, which the run folder has in any case."""
    return []


def wandb_loggers(
    project: str, entity: str | None, mode: str, texts: bool, checkpoint: bool, run: RunFolder, cfg: RunConfig
) -> list[Logger]:
    """W&B: offline unless credentials are configured or `mode` is `online`.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached, before any training.
    """
    from genre.tracking.wandb_run import WandbRun  # a second to import, and logger=csv does without

    logger = WandbConfig(project=project, entity=entity, mode=mode, texts=texts, checkpoint=checkpoint)
    return [WandbRun(run, cfg, logger)]


def tensorboard_loggers(run: RunFolder, cfg: RunConfig) -> list[Logger]:
    """TensorBoard's event files in the run folder.

    Raises:
        UserError: without the extra.
    """
    return [_tensorboard_run().TensorBoardRun(run, cfg)]


def mlflow_loggers(experiment: str, uri: str | None, run: RunFolder, cfg: RunConfig) -> list[Logger]:
    """A run in an MLflow store.

    Raises:
        UserError: without the extra, or when the store cannot be opened, before any training.
    """
    return [_mlflow_run().MlflowRun(run, cfg, MLflowConfig(experiment=experiment, uri=uri))]


def record_finished(run: RunFolder, cfg: RunConfig) -> None:
    """Let the trackers that are asked for have a run that was finished before, as far as they have not.

    Raises:
        UserError: when a server is wanted and cannot be reached, or an extra is not installed.
    """
    for logger in cfg.logger.values():
        if isinstance(logger, WandbConfig):
            from genre.tracking.wandb_run import record_finished_run

            record_finished_run(run, cfg, logger)
        elif isinstance(logger, TensorBoardConfig):
            _tensorboard_run().record_finished_run(run, cfg)
        elif isinstance(logger, MLflowConfig):
            _mlflow_run().record_finished_run(run, cfg, logger)


def record_seeds(folder: Path, runs: Sequence[RunFolder], summary: "pd.DataFrame", cfg: RunConfig) -> None:
    """Let the trackers that are asked for have the mean over seeds.

    Args:
        folder: of this mean.
        runs: finished, of different seeds.
        summary: metric, mean, low, high and whatever else is known of each metric.
        cfg: settings of the runs.

    Raises:
        UserError: when a server is wanted and cannot be reached, or an extra is not installed.
    """
    for logger in cfg.logger.values():
        if isinstance(logger, WandbConfig):
            from genre.tracking.wandb_run import record_mean

            record_mean(folder, runs, summary, cfg, logger)
        elif isinstance(logger, TensorBoardConfig):
            _tensorboard_run().record_mean(folder, runs, summary, cfg)
        elif isinstance(logger, MLflowConfig):
            _mlflow_run().record_mean(runs, summary, cfg, logger)


def log_results(loggers: Sequence[Logger]) -> None:
    """Give the trackers what the folder of the finished run holds."""
    for tracker in loggers:
        if isinstance(tracker, Tracker):
            tracker.log_results()


def close_loggers(loggers: Sequence[Logger], *, failed: bool) -> None:
    """End the run in every tracker."""
    for tracker in loggers:
        if isinstance(tracker, Tracker):
            tracker.close(failed=failed)


def _tensorboard_run() -> ModuleType:
    with extra("tensorboard", "logger=tensorboard"):
        return importlib.import_module("genre.tracking.tensorboard_run")


def _mlflow_run() -> ModuleType:
    # what MLflow does unasked: it calls its makers, and writes to the console what tells a person nothing
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_CONFIGURE_LOGGING", "false")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")  # seconds, not minutes, until a server is missed
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with extra("mlflow", "logger=mlflow"):
        return importlib.import_module("genre.tracking.mlflow_run")


def sync_hint(folders: Sequence[Path]) -> str | None:
    """How to send what W&B kept offline in the folders of runs to the server; None when there is nothing.

    The parts of a run that was cut off and went on belong to one command, for they are sent in their order.
    """
    kept: dict[Path, list[str]] = {}
    for folder in folders:
        if any((folder / "wandb").glob("offline-run-*")):
            kept.setdefault(folder.parent, []).append(shlex.quote(folder.name))
    if not kept:
        return None
    command = "wandb" if shutil.which("wandb") else str(Path(sys.executable).parent / "wandb")
    which = {parent: names[0] if len(names) == 1 else f"{{{','.join(names)}}}" for parent, names in kept.items()}
    places = [f"{shlex.quote(str(parent))}/{names}/wandb/offline-run-*" for parent, names in which.items()]
    return " ".join([command, "sync", *places])
