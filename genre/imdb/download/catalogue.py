"""What there is to fetch, where it comes from and where it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from genre.extras import extra
from genre.imdb.download.checks import check_clean, check_conllu, check_crawl, check_raw
from genre.imdb.raw import KAGGLE_PAGE


@dataclass(frozen=True)
class Item:
    """Files that come from one place.

    Args:
        page: where a person can download them.
        files: their place in the data folder, as a pattern.
        fetch: downloads them into a folder, with a time-out in seconds.
        check: refuses a file that is not what was wanted.
    """

    page: str
    files: str
    fetch: Callable[[Path, float], list[Path]]
    check: Callable[[Path], None]


def _drive_file(name: str, file_id: str, check: Callable[[Path], None]) -> Item:
    page = f"https://drive.google.com/file/d/{file_id}/view"
    return Item(page, name, partial(_from_drive, file_id, name), check)


# each asks for a package that nothing else needs
def _from_drive(file_id: str, name: str, folder: Path, timeout: float) -> list[Path]:
    with extra("download", name):
        from genre.imdb.download.drive import fetch_drive_file
    return fetch_drive_file(file_id, name, folder, timeout)


def _from_kaggle(handle: str, folder: Path, timeout: float) -> list[Path]:
    with extra("download", "kaggle=true"):
        from genre.imdb.download.kaggle import fetch_kaggle_set
    return fetch_kaggle_set(handle, folder, timeout)


# by the setting that asks for them
CATALOGUE = {
    "kaggle": Item(
        KAGGLE_PAGE,
        "raw/*.csv",
        partial(_from_kaggle, KAGGLE_PAGE.removeprefix("https://www.kaggle.com/datasets/")),
        check_raw,
    ),
    "crawl_data": _drive_file("crawl_data.csv", "1HAARdniVyolwvwfYjhXTy5EUzd9kYSkE", check_crawl),
    "clean_data": _drive_file("clean_data.csv", "12pSL_4PxiyqGTQm8mfomHGEbB3Il1yZG", check_clean),
    "conllu_data": _drive_file("conllu_data.conllu", "1cyjpL7dXFr_2WhLIlbNPO-PyHeEZBpHI", check_conllu),
}
