"""Models of the Hugging Face hub: the local copy first, then the network, with a quick answer when there is none."""

from fnmatch import fnmatch
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import (
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.utils.tqdm import enable_progress_bars

from genre.errors import UserError

_WEIGHTS, _OLDER_WEIGHTS = "*.safetensors", "pytorch_model*.bin"  # models have both, or one of them
_NEEDED = ["*.json", _WEIGHTS, "*.txt", "*.model"]
_NO_NETWORK = {"model.pretrained": "model=distilbert_small", "features.pretrained": "features.pretrained=minilm"}
_TIMEOUT = 8.0  # seconds for the hub's first answer


def model_folder(name: str, setting: str = "model.pretrained") -> Path:
    """Folder with the model `name`: itself a folder, or a hub name whose files are fetched once.

    Args:
        name: of the model.
        setting: that names it.

    Raises:
        UserError: when it is no folder and no reachable model of the hub; one line with the offline way.
    """
    offline_way = f"take {_NO_NETWORK[setting]}, which needs no network, or {setting}=FOLDER"
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise UserError(f"{setting}={name}: that folder holds no config.json, so no transformers model")
        return folder
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise UserError(f"{setting}={name}: no such folder")
    try:
        here = Path(snapshot_download(name, allow_patterns=_NEEDED, local_files_only=True))
        if any(file for pattern in (_WEIGHTS, _OLDER_WEIGHTS) for file in here.glob(pattern)):
            return here
    except (LocalEntryNotFoundError, OfflineModeIsEnabled):
        pass  # not here yet
    try:
        # one short question first: the download itself retries for a minute when there is no network
        files = HfApi().model_info(name, timeout=_TIMEOUT).siblings or []
        enable_progress_bars()  # which transformers' own switch turned off as well
        newer = any(fnmatch(file.rfilename, _WEIGHTS) for file in files)
        return Path(snapshot_download(name, allow_patterns=_NEEDED if newer else [*_NEEDED, _OLDER_WEIGHTS]))
    except RepositoryNotFoundError as error:
        raise UserError(f"{setting}={name}: the Hugging Face hub has no such model; {offline_way}") from error
    except (HfHubHTTPError, OfflineModeIsEnabled, httpx2.HTTPError, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UserError(
            f"{setting}={name}: cannot be fetched from the Hugging Face hub ({reason}); {offline_way}"
        ) from error
