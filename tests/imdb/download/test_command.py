"""The command line as a process that finds servers on the loopback interface under their own names."""

import os
import signal
import time
from pathlib import Path

import pytest

from genre.imdb.download import download
from tests.commands import Command, script
from tests.imdb.download.conftest import RAW_HEADER, Answer, Internet, visible, wish, zipped

LINK = "https://drive.google.com/uc"
CRAWL = b"movie_id,plot\n" + b"tt1,A lighthouse keeper finds a letter.\n" * 50_000
SET = zipped({"war.csv": RAW_HEADER + "tt2,B,1951,War,A text.,6\n"})


# as near as a test comes to a full disk
FULL = """
import resource, runpy

resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
runpy.run_path("scripts/download.py", run_name="__main__")
"""


def start(*arguments: str, program: Path | None = None) -> Command:
    return Command(program or script("download"), arguments, os.environ)


def finish(process: Command) -> tuple[int | None, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def wait_for_bytes(folder: Path) -> None:
    """Until a part of the download is on disk."""
    while not any(file.stat().st_size for file in (folder / ".download").rglob("*.part")):
        time.sleep(0.02)


def test_a_line_for_each_file_and_nothing_else(
    internet: Internet, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAGGLE_API_TOKEN", "token")  # kagglehub then tells of newer versions of itself
    internet.kaggle(SET)
    internet.drive(CRAWL)
    code, out, err = finish(start(f"folder={folder}"))
    assert (code, err) == (0, "")
    assert [line.partition(":")[0] for line in out.splitlines()] == [
        str(folder / "raw/war.csv"),
        str(folder / "crawl_data.csv"),
        "To prepare them",
    ]
    assert visible(folder) == {"raw/war.csv", "crawl_data.csv", "downloads.json"}


def test_a_second_download_keeps_out_of_the_way_and_ctrl_c_keeps_what_has_come(
    internet: Internet, folder: Path
) -> None:
    internet.drive(Answer(CRAWL, stop=1_200_000, stall=True))
    first = start(f"folder={folder}", "kaggle=false")
    wait_for_bytes(folder)
    code, out, err = finish(start(f"folder={folder}", "kaggle=false"))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: crawl_data: another download into {folder} is at work; wait for its end")
    first.send_signal(signal.SIGINT)
    assert finish(first) == (130, "", "interrupted\n")
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL
    assert internet.ranges(LINK)[-1] == "bytes=1048576-"


def test_a_killed_download_goes_on(internet: Internet, folder: Path) -> None:
    internet.drive(Answer(CRAWL, stop=1_200_000, stall=True))
    first = start(f"folder={folder}", "kaggle=false")
    wait_for_bytes(folder)
    first.kill()
    finish(first)
    assert visible(folder) == set()
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL


def test_a_disk_that_takes_no_more_is_told(internet: Internet, folder: Path, tmp_path: Path) -> None:
    internet.drive(CRAWL)
    program = tmp_path / "full.py"
    program.write_text(FULL)
    code, out, err = finish(start(f"folder={folder}", "kaggle=false", program=program))
    assert (code, out, err) == (2, "", f"error: {folder}: File too large\n")
    assert visible(folder) == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_permission_is_named(internet: Internet, folder: Path) -> None:
    folder.mkdir(mode=0o500)
    code, _, err = finish(start(f"folder={folder}", "kaggle=false"))
    assert (code, err) == (2, f"error: {folder}/.download: Permission denied\n")
