"""The Kaggle set: kagglehub against a server that does what servers do."""

import io
import json
import os
import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from requests.adapters import HTTPAdapter

from genre.config import DownloadConfig
from genre.errors import UserError
from genre.imdb import download as package
from tests.imdb.download.conftest import KAGGLE_API, RAW_HEADER, Answer, Internet, visible, wish, zipped

ARCHIVE = "https://storage.googleapis.com/kaggle-data-sets/archive.zip"
DRAMA = RAW_HEADER + "tt1,A,1950,Drama,A text.,7\n" * 80_000
WAR = RAW_HEADER + "tt2,B,1951,War,Another text.,6\n"
SET = zipped({"drama.csv": DRAMA, "deeper/war.csv": WAR, "README.txt": "about"})
COMPLETE = {"raw/drama.csv", "raw/war.csv", "downloads.json"}


def tarred(target: str) -> bytes:
    """A tar archive with a table, and a link under the name of another."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        drama = tarfile.TarInfo("drama.csv")
        drama.size = len(DRAMA)
        archive.addfile(drama, io.BytesIO(DRAMA.encode()))
        link = tarfile.TarInfo("war.csv")
        link.type, link.linkname = tarfile.SYMTYPE, target
        archive.addfile(link)
    return written.getvalue()


def download(cfg: DownloadConfig) -> list[str]:
    """In a thread of its own: kagglehub searches the whole call stack, and pytest's is deep."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(list, package.download(cfg)).result()


def test_the_tables_come_once_flat_and_are_recorded(internet: Internet, folder: Path) -> None:
    internet.kaggle(SET)
    lines = download(wish(folder, "kaggle"))
    assert [line.partition(":")[0] for line in lines] == [str(folder / "raw/war.csv"), str(folder / "raw/drama.csv")]
    assert (folder / "raw/drama.csv").read_text() == DRAMA
    assert visible(folder) == COMPLETE
    assert set(json.loads((folder / "downloads.json").read_text())) == {"raw/drama.csv", "raw/war.csv"}
    asked = len(internet.requests)
    assert all(line.endswith("already there") for line in download(wish(folder, "kaggle")))
    assert len(internet.requests) == asked


def test_nothing_is_left_changed_in_the_process(
    internet: Internet, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAGGLEHUB_CACHE", "/elsewhere")
    send = HTTPAdapter.send
    internet.kaggle(SET)
    download(wish(folder, "kaggle"))
    assert os.environ["KAGGLEHUB_CACHE"] == "/elsewhere"
    assert HTTPAdapter.send is send


def test_a_download_that_breaks_off_goes_on_where_it_stopped(internet: Internet, folder: Path) -> None:
    internet.kaggle(Answer(SET, stop=1_200_000), Answer(SET))
    download(wish(folder, "kaggle"))
    assert visible(folder) == COMPLETE
    assert internet.ranges(ARCHIVE) == ["", "", "bytes=1048576-"]


def test_what_has_come_is_kept_for_the_next_time(internet: Internet, folder: Path) -> None:
    internet.kaggle(Answer(SET, stop=1_200_000), Answer(SET, stop=0))
    with pytest.raises(UserError, match=r"^kaggle: no connection to Kaggle, or it broke off .*by hand into .*/raw$"):
        download(wish(folder, "kaggle"))
    assert visible(folder) == set()
    internet.kaggle(SET)
    download(wish(folder, "kaggle"))
    assert visible(folder) == COMPLETE
    assert internet.ranges(ARCHIVE)[-1] == "bytes=1048576-"


@pytest.mark.parametrize("silent", [f"{KAGGLE_API}/GetDataset", ARCHIVE])
def test_a_silent_server_is_given_up(internet: Internet, folder: Path, silent: str) -> None:
    internet.kaggle(SET)
    internet.answers[silent] = [Answer(SET, stop=0, stall=True)]
    with pytest.raises(UserError, match="no connection to Kaggle, or it broke off"):
        download(wish(folder, "kaggle", timeout=0.3))
    assert visible(folder) == set()


def test_a_rest_that_does_not_fit_is_fetched_whole(internet: Internet, folder: Path) -> None:
    other = zipped({"drama.csv": DRAMA.replace("1950", "1960"), "war.csv": WAR})
    internet.kaggle(Answer(SET, stop=1_200_000), Answer(other))
    download(wish(folder, "kaggle"))
    assert (folder / "raw/drama.csv").read_text() == DRAMA.replace("1950", "1960")


def test_an_archive_with_another_checksum_is_refused(internet: Internet, folder: Path) -> None:
    internet.kaggle(Answer(SET, headers={"X-Goog-Hash": "md5=AAAAAAAAAAAAAAAAAAAAAA=="}))
    with pytest.raises(UserError, match="what came from Kaggle is no whole archive"):
        download(wish(folder, "kaggle"))
    assert visible(folder) == set()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!DOCTYPE html><html>Sign in</html>", "what came from Kaggle is no whole archive"),
        (SET[:-30_000], "what came from Kaggle is no whole archive"),
        (zipped({"README.txt": "about"}), "what came from Kaggle holds no CSV file"),
        (zipped({"drama.csv": DRAMA, "war.csv": "movie_id,year\ntt1,1950\n"}), "war.csv lacks the column movie_name"),
        (zipped({"drama.csv": DRAMA, "war.csv": "<html>Sign in</html>"}), "war.csv is a web page"),
        (zipped({"a/war.csv": WAR, "b/War.csv": WAR}), "two files of one name, a/war.csv and b/War.csv"),
        (tarred("/etc/passwd"), "what came from Kaggle wants to write elsewhere .*absolute"),
        (tarred("../../outside"), "what came from Kaggle wants to write elsewhere .*outside"),
    ],
)
def test_what_is_no_such_set_is_refused_whole(internet: Internet, folder: Path, content: bytes, told: str) -> None:
    internet.kaggle(content)
    with pytest.raises(UserError, match=told):
        download(wish(folder, "kaggle"))
    assert visible(folder) == set()
    internet.kaggle(SET)
    download(wish(folder, "kaggle"))
    assert visible(folder) == COMPLETE


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, r"Kaggle refuses: 401 .*Check KAGGLE_API_TOKEN or ~/\.kaggle, or remove them"),
        (403, r"Kaggle refuses: 403 .*Check KAGGLE_API_TOKEN"),
        (404, "Kaggle refuses: 404"),
        (429, "Kaggle refuses: 429"),
        (500, "Kaggle refuses: 500"),
    ],
)
def test_a_refusal_is_told(internet: Internet, folder: Path, status: int, told: str) -> None:
    internet.kaggle(SET)
    internet.answers[f"{KAGGLE_API}/DownloadDataset"] = [Answer(b"", status)]
    with pytest.raises(UserError, match=told) as caught:
        download(wish(folder, "kaggle"))
    assert "\n" not in str(caught.value)


def test_a_page_instead_of_the_interface_is_refused(internet: Internet, folder: Path) -> None:
    internet.kaggle(SET)
    internet.answers[f"{KAGGLE_API}/GetDataset"] = [
        Answer(b"<html>Sign in</html>", headers={"Content-Type": "text/html"})
    ]
    with pytest.raises(UserError, match="^kaggle: what came from Kaggle is no whole archive"):
        download(wish(folder, "kaggle"))


def test_credentials_that_cannot_be_read_are_named(internet: Internet, folder: Path) -> None:
    (Path(os.environ["KAGGLE_CONFIG_DIR"]) / "kaggle.json").write_text("{")
    with pytest.raises(UserError, match=r"^kaggle: Invalid Kaggle credentials file at .*kaggle\.json; "):
        download(wish(folder, "kaggle"))


def test_credentials_are_sent(internet: Internet, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAGGLE_API_TOKEN", "token")
    internet.kaggle(SET)
    download(wish(folder, "kaggle"))
    url, headers = internet.requests[0]
    assert url == f"{KAGGLE_API}/GetDataset"
    assert headers["Authorization"] == "Bearer token"


def test_tables_put_there_by_hand_are_taken(internet: Internet, folder: Path) -> None:
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "war.csv").write_text(WAR)
    (line,) = download(wish(folder, "kaggle"))
    assert line.endswith("already there")
    assert internet.requests == []


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_text(WAR + WAR)])
def test_a_set_with_a_missing_or_damaged_table_is_fetched_again(internet: Internet, folder: Path, damage) -> None:
    internet.kaggle(SET)
    download(wish(folder, "kaggle"))
    damage(folder / "raw/war.csv")
    download(wish(folder, "kaggle"))
    assert (folder / "raw/war.csv").read_text() == WAR
    assert not (folder / "raw/drama.csv.old").exists()


def test_a_part_of_the_tables_is_not_taken_for_the_set(
    internet: Internet, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [shutil.copyfile]

    def stopped_at_the_second(source: Path, target: Path) -> None:
        if not copies:
            target.write_bytes(source.read_bytes()[:100])
            raise KeyboardInterrupt
        copies.pop()(source, target)

    internet.kaggle(SET)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", stopped_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            download(wish(folder, "kaggle"))
    assert visible(folder) == {"raw/war.csv", "downloads.json"}
    download(wish(folder, "kaggle"))
    assert visible(folder) == COMPLETE
