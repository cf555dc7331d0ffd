"""Where the curves of a run go."""

import os
import shlex
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from pytorch_lightning.loggers import CSVLogger, Logger, WandbLogger

from genre.config import TrainConfig
from genre.errors import UserError
from genre.tracking.identity import changed_settings, flatten
from genre.tracking.run_folder import RunFolder

_ONLINE_TIMEOUT = 30  # seconds for the first answer of the W&B server


def csv_loggers(run: RunFolder, cfg: TrainConfig) -> list[Logger]:
    """The history in the run folder, one CSV file per start of the run."""
    return [CSVLogger(run.path, name=run.history.name)]


def wandb_loggers(project: str, entity: str | None, mode: str, run: RunFolder, cfg: TrainConfig) -> list[Logger]:
    """The history in the run folder, and W&B: offline unless credentials are configured or `mode` is `online`.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached, before any training.
    """
    os.environ.setdefault("WANDB_SILENT", "true")  # the last lines of a training say what a person needs to know
    import wandb  # a second to import, and logger=csv does without

    try:
        online = mode == "online" or (mode == "auto" and _has_credentials())
        # opened here and now, so that a missing network costs no training
        record = wandb.init(
            name=run.path.name,
            dir=run.path,
            mode="online" if online else "offline",
            project=project,
            entity=entity,
            job_type=cfg.loss._target_.rpartition(".")[2],
            tags=sorted(changed_settings(cfg))[:20],
            config=flatten(asdict(cfg)),
            reinit="create_new",
            settings=wandb.Settings(silent=True, console="off", init_timeout=_ONLINE_TIMEOUT),
        )
    except (wandb.errors.CommError, wandb.errors.AuthenticationError, wandb.errors.UsageError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"W&B cannot be used online ({reason}); take logger.mode=offline or logger=csv") from error
    record.define_metric("trainer/global_step")
    record.define_metric("*", step_metric="trainer/global_step", step_sync=True)
    return [*csv_loggers(run, cfg), WandbLogger(experiment=record)]


def close_loggers(loggers: list[Logger], *, failed: bool) -> None:
    """End the W&B run, if there is one, so that the next job of a sweep starts its own."""
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            cast(Any, logger.experiment).finish(exit_code=int(failed))


def sync_hint(run: RunFolder) -> str | None:
    """How to send a run's offline W&B records, one for each start, to the server; None when there are none."""
    if not any((run.path / "wandb").glob("offline-run-*")):
        return None
    command = "wandb" if shutil.which("wandb") else str(Path(sys.executable).parent / "wandb")
    return f"{command} sync {shlex.quote(str(run.path))}/wandb/offline-run-*"


def _has_credentials() -> bool:
    """Whether W&B could log in without asking: by the environment, or by the netrc file that `wandb login` writes."""
    import wandb
    from wandb.sdk.lib.wbauth import read_netrc_auth

    if os.environ.get("WANDB_MODE") in ("offline", "disabled", "dryrun"):
        return False
    if os.environ.get("WANDB_API_KEY") or os.environ.get("WANDB_IDENTITY_TOKEN_FILE"):
        return True
    return read_netrc_auth(host=wandb.Settings().base_url) is not None
