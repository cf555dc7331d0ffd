"""The Kaggle set, fetched by kagglehub."""

import logging
import os
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import kagglehub
import requests
from kagglehub.config import CACHE_FOLDER_ENV_VAR_NAME, get_kaggle_credentials
from kagglehub.exceptions import DataCorruptionError
from requests.adapters import HTTPAdapter

from genre.errors import UserError
from genre.imdb.download.fetching import BrokenOffError, UnusableError, progress_on_terminal

# kagglehub announces each of its steps on stdout, among the results
logging.getLogger("kagglehub").setLevel(logging.WARNING)


def fetch_kaggle_set(handle: str, folder: Path, timeout: float) -> list[Path]:
    """Download a data set into `folder`, going on with what an earlier attempt left there; return its CSV files.

    Args:
        handle: OWNER/NAME.
        folder: for the archive, its unfinished beginnings and its unpacked files.
        timeout: longest silence of the server, in seconds.

    Raises:
        BrokenOffError: when there is no connection, or it breaks off.
        UnusableError: when what came is no such set.
        UserError: when Kaggle refuses, or the credentials on this machine cannot be read.
    """
    try:
        get_kaggle_credentials()
    except ValueError as error:
        raise UserError(str(error)) from error
    try:
        with progress_on_terminal(), _cache(folder), _time_limit(timeout):
            unpacked = Path(kagglehub.dataset_download(handle))
    except requests.HTTPError as error:
        raise UserError(f"Kaggle refuses: {_refusal(error)}") from error
    except tarfile.FilterError as error:
        raise UnusableError(f"what came from Kaggle wants to write elsewhere ({error})") from error
    except (DataCorruptionError, zipfile.BadZipFile, tarfile.TarError, ValueError) as error:
        raise UnusableError("what came from Kaggle is no whole archive") from error
    except requests.RequestException as error:
        raise BrokenOffError(f"no connection to Kaggle, or it broke off ({type(error).__name__})") from error
    files = sorted(unpacked.rglob("*.csv"))
    if not files:
        raise UnusableError("what came from Kaggle holds no CSV file")
    by_name = {file.name.casefold(): file for file in files}  # some file systems know no case
    for file in files:
        other = by_name[file.name.casefold()]
        if other != file:
            names = " and ".join(str(one.relative_to(unpacked)) for one in (file, other))
            raise UnusableError(f"what came from Kaggle holds two files of one name, {names}")
    return files


def _refusal(error: requests.HTTPError) -> str:
    """Kaggle's reason in one line; the answer, which kagglehub leaves open, is closed."""
    reason = str(error).splitlines()[0]
    if error.response is not None:
        error.response.close()
        if error.response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return f"{reason} Check KAGGLE_API_TOKEN or ~/.kaggle, or remove them: the set is public"
    return reason


@contextmanager
def _cache(folder: Path) -> Iterator[None]:
    """Let kagglehub work in `folder`: in its shared cache two downloads would write to the same archive."""
    before = os.environ.get(CACHE_FOLDER_ENV_VAR_NAME)
    os.environ[CACHE_FOLDER_ENV_VAR_NAME] = str(folder)
    try:
        yield
    finally:
        del os.environ[CACHE_FOLDER_ENV_VAR_NAME]
        if before is not None:
            os.environ[CACHE_FOLDER_ENV_VAR_NAME] = before


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Give requests a time-out: kagglehub sets none, and would wait for a silent server for ever."""
    send = HTTPAdapter.send

    def send_in_time(
        self: HTTPAdapter, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **kwargs: Any
    ) -> requests.Response:
        return send(self, request, stream=stream, timeout=timeout or seconds, **kwargs)

    HTTPAdapter.send = send_in_time  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        HTTPAdapter.send = send  # type: ignore[method-assign]
