"""A run in W&B: opened anew, or gone on with where its folder knows of an earlier one."""

import os
import tempfile
from pathlib import Path
from typing import Any

import wandb
from pydantic import ValidationError
from wandb.sdk.lib.wbauth import read_netrc_auth

from genre.config.schema import WandbConfig
from genre.errors import UserError
from genre.files import write_json
from genre.runs.intact import read_json

_ONLINE_TIMEOUT = 30  # seconds for the first answer of the W&B server
_UPLOAD_TIMEOUT = 600  # seconds for what is left at the end; a lost network must not hold up a sweep for ever
_STEP = "trainer/global_step"

# where W&B keeps what it is about to send, unless these variables say so
_PLACES = {"WANDB_CACHE_DIR": "~/.cache", "WANDB_CONFIG_DIR": "~/.config", "WANDB_DATA_DIR": "~/.local/share"}


def open_record(folder: Path, logger: WandbConfig, *, group: str | None, content: str = "", **told: Any) -> wandb.Run:
    """Open a W&B run whose files lie in a folder; one that the folder knows already goes on under its id.

    Args:
        folder: of the run.
        logger: settings.
        group: that it belongs to; None for none.
        content: something that tells whether the run is to be recorded again, see `kept_record`.
        told: further arguments of `wandb.init`.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """
    _keep_here(folder)
    os.environ.setdefault("WANDB_SILENT", "true")  # the last lines of a training say what a person needs to know
    known = kept_record(folder, logger)
    # without `resume` the first part of a run can be sent twice and is there once
    again: dict[str, Any] = {"id": known["id"], "resume": "allow"} if known else {}
    online = logger.mode == "online" or (logger.mode == "auto" and has_credentials())
    try:
        record = wandb.init(
            **again,
            **told,
            group=group,
            dir=folder,
            mode="online" if online else "offline",
            project=logger.project,
            entity=logger.entity,
            reinit="create_new",
            settings=wandb.Settings(
                silent=True, console="off", init_timeout=_ONLINE_TIMEOUT, finish_timeout=_UPLOAD_TIMEOUT
            ),
        )
    except ValidationError as error:  # of W&B's own settings, which it takes from the environment
        wrong = error.errors()[0]
        raise UserError(f"WANDB_{str(wrong['loc'][0]).upper()}={wrong['input']}: {wrong['msg']}") from error
    except (wandb.errors.CommError, wandb.errors.AuthenticationError, wandb.errors.UsageError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(
            f"W&B cannot be used online ({reason}); take logger.wandb.mode=offline or logger=csv"
        ) from error
    place = {"project": logger.project, "entity": logger.entity}
    write_json(_record_file(folder), {"id": record.id, "group": group, "content": content} | place)
    record.define_metric(_STEP)
    record.define_metric("*", step_metric=_STEP, step_sync=True)
    return record


def kept_record(folder: Path, logger: WandbConfig) -> dict[str, str | None] | None:
    """Id, group and content of the W&B run that a folder knows, in the project of these settings."""
    file = _record_file(folder)
    known: dict[str, str | None] = read_json(file, dict) if file.is_file() else {}
    return known if (known.get("project"), known.get("entity")) == (logger.project, logger.entity) else None


def has_credentials() -> bool:
    """Whether W&B could log in without asking: by the environment, or by the netrc file that `wandb login` writes."""
    if os.environ.get("WANDB_MODE") in ("offline", "disabled", "dryrun"):
        return False
    if os.environ.get("WANDB_API_KEY") or os.environ.get("WANDB_IDENTITY_TOKEN_FILE"):
        return True
    return read_netrc_auth(host=wandb.Settings().base_url) is not None


def _record_file(folder: Path) -> Path:
    return folder / "wandb" / "run.json"


def _keep_here(folder: Path) -> None:
    """Let W&B keep its files in the run folder where the home folder cannot be written, as in many containers."""
    for variable, place in _PLACES.items():
        nearest = Path(place).expanduser()
        while not nearest.exists():
            nearest = nearest.parent
        try:
            with tempfile.TemporaryDirectory(dir=nearest):
                pass
        except OSError:
            os.environ.setdefault(variable, str(folder / "wandb"))
