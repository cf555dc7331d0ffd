"""Where the curves and results of a run go."""

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pytorch_lightning.loggers import CSVLogger, Logger, WandbLogger

from genre.config import RunConfig
from genre.config.schema import WandbConfig
from genre.runs.folder import RunFolder

if TYPE_CHECKING:
    import pandas as pd

    from genre.tracking.wandb_run import WandbRun


def csv_loggers(run: RunFolder, cfg: RunConfig) -> list[Logger]:
    """The history in the run folder, one CSV file per start of the run."""
    return [CSVLogger(run.path, name=run.history.name)]


def wandb_loggers(
    project: str, entity: str | None, mode: str, texts: bool, checkpoint: bool, run: RunFolder, cfg: RunConfig
) -> list[Logger]:
    """The history in the run folder, and W&B: offline unless credentials are configured or `mode` is `online`.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached, before any training.
    """
    from genre.tracking.wandb_run import WandbRun  # a second to import, and logger=csv does without

    logger = WandbConfig(project=project, entity=entity, mode=mode, texts=texts, checkpoint=checkpoint)
    return [*csv_loggers(run, cfg), WandbRun(run, cfg, logger)]


def record_finished(run: RunFolder, cfg: RunConfig) -> None:
    """Let W&B, where it is asked for, have a run that was finished before, as far as it has not.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """
    if isinstance(cfg.logger, WandbConfig):
        from genre.tracking.wandb_run import record_finished_run

        record_finished_run(run, cfg, cfg.logger)


def record_seeds(folder: Path, runs: Sequence[RunFolder], summary: "pd.DataFrame", cfg: RunConfig) -> None:
    """Let W&B, where it is asked for, have the mean over seeds as a run of its own.

    Args:
        folder: of this run.
        runs: finished, of different seeds.
        summary: metric, mean, low, high and whatever else is known of each metric.
        cfg: settings of the runs.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """
    if isinstance(cfg.logger, WandbConfig):
        from genre.tracking.wandb_run import record_mean

        record_mean(folder, runs, summary, cfg, cfg.logger)


def log_results(loggers: Sequence[Logger]) -> None:
    """Give the W&B run, if there is one, what the folder of the finished run holds."""
    for record in _wandb_runs(loggers):
        record.log_results()


def close_loggers(loggers: Sequence[Logger], *, failed: bool) -> None:
    """End the W&B run, if there is one."""
    for record in _wandb_runs(loggers):
        record.close(failed=failed)


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


def _wandb_runs(loggers: Sequence[Logger]) -> "list[WandbRun]":
    return [cast("WandbRun", logger) for logger in loggers if isinstance(logger, WandbLogger)]
