"""A public file of Google Drive, fetched by gdown."""

from pathlib import Path

import gdown
import requests
from gdown.exceptions import DownloadError, FileURLRetrievalError

from genre.errors import UserError
from genre.imdb.download.fetching import BrokenOffError, UnusableError, progress_on_terminal


def fetch_drive_file(file_id: str, name: str, folder: Path, timeout: float) -> list[Path]:
    """Download a file into `folder`, going on with what an earlier attempt left there.

    Args:
        file_id: of Google Drive.
        name: to give to the file.
        folder: for the file and its unfinished beginnings, of this file alone.
        timeout: longest silence of the server, in seconds.

    Raises:
        BrokenOffError: when there is no connection, or it breaks off.
        UnusableError: when the server does not go on where the last attempt ended.
        UserError: when Google Drive does not give the file.
    """
    target = folder / name
    try:
        with progress_on_terminal():
            gdown.download(id=file_id, output=str(target), resume=True, timeout=timeout, use_cookies=False)
    except FileURLRetrievalError as error:
        # gdown wraps the sentences of Google's page into advice of several lines
        reason = str(error.__context__ or error).split(". ")[0].rstrip(".")
        raise UserError(f"Google Drive does not give the file: {reason}") from error
    except requests.HTTPError as error:
        raise UserError(f"Google Drive does not give the file: {error}") from error
    except (requests.RequestException, DownloadError) as error:
        network = error.__cause__ if isinstance(error, DownloadError) else error
        if network is None:
            raise UnusableError("Google Drive does not resume the download") from error
        raise BrokenOffError(f"no connection to Google Drive, or it broke off ({type(network).__name__})") from error
    return [target]
