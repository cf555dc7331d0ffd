"""Where the curves and results of a run go."""

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pytorch_lightning.loggers import CSVLogger, Logger, WandbLogger

from genre.config import RunConfig
from genre.runs.folder import RunFolder

if TYPE_CHECKING:
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
    from genre.tracking.wandb_run import WandbRun, has_credentials  # a second to import, and logger=csv does without

    online = mode == "online" or (mode == "auto" and has_credentials())
    record = WandbRun(run, cfg, project=project, entity=entity, online=online, texts=texts, checkpoint=checkpoint)
    return [*csv_loggers(run, cfg), record]


def log_results(loggers: Sequence[Logger]) -> None:
    """Give the W&B run, if there is one, what the folder of the finished run holds."""
    for record in _wandb_runs(loggers):
        record.log_results()


def close_loggers(loggers: Sequence[Logger], *, failed: bool) -> None:
    """End the W&B run, if there is one."""
    for record in _wandb_runs(loggers):
        record.close(failed=failed)


def sync_hint(runs: Sequence[RunFolder]) -> str | None:
    """How to send the offline W&B records of runs, one for each start, to the server; None when there are none."""
    kept = [run.path for run in runs if any((run.path / "wandb").glob("offline-run-*"))]
    if not kept:
        return None
    command = "wandb" if shutil.which("wandb") else str(Path(sys.executable).parent / "wandb")
    folder, names = shlex.quote(str(kept[0].parent)), [shlex.quote(path.name) for path in kept]
    which = names[0] if len(names) == 1 else f"{{{','.join(names)}}}"
    return f"{command} sync {folder}/{which}/wandb/offline-run-*"


def _wandb_runs(loggers: Sequence[Logger]) -> "list[WandbRun]":
    return [cast("WandbRun", logger) for logger in loggers if isinstance(logger, WandbLogger)]
