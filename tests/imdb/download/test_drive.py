"""Files of Google Drive: gdown against a server that does what servers do."""

import json
import shutil
from pathlib import Path

import pytest

from genre.errors import UserError
from genre.files import file_sha256
from genre.imdb.download import download
from tests.imdb.download.conftest import Answer, Internet, visible, wish

LINK = "https://drive.google.com/uc"
PAGE = "https://drive.google.com/file/d/1HAARdniVyolwvwfYjhXTy5EUzd9kYSkE/view"
CRAWL = b"movie_id,crawled_description\n" + b"tt1,A lighthouse keeper finds a letter.\n" * 50_000
HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"
QUOTA = (
    b'<!DOCTYPE html><html><body><p class="uc-error-caption">Sorry, you can\'t view or download this file at this time.'
    b'</p>\n<p class="uc-error-subcaption">Too many users have viewed or downloaded this file recently. Please try '
    b"accessing the file again later.</p></body></html>"
)
CONFIRM = (
    b'<html><body><form id="download-form" action="https://drive.usercontent.google.com/download" method="get">'
    b'<input type="hidden" name="id" value="x"><input type="hidden" name="confirm" value="t"></form></body></html>'
)


def web_page(content: bytes, status: int = 200) -> Answer:
    return Answer(content, status, {"Content-Type": "text/html; charset=utf-8"})


def test_a_file_comes_once_and_is_recorded(internet: Internet, folder: Path) -> None:
    internet.drive(CRAWL)
    (line,) = download(wish(folder, "crawl_data"))
    file = folder / "crawl_data.csv"
    assert file.read_bytes() == CRAWL
    assert line == f"{file}: {len(CRAWL):,} bytes, sha256 {file_sha256(file)[:12]}"
    (entry,) = json.loads((folder / "downloads.json").read_text()).values()
    assert entry.pop("downloaded").endswith("+00:00")
    assert entry == {"source": PAGE, "size": len(CRAWL), "sha256": file_sha256(file)}
    asked = len(internet.requests)
    (again,) = download(wish(folder, "crawl_data"))
    assert again == f"{line}, already there"
    assert len(internet.requests) == asked
    assert visible(folder) == {"crawl_data.csv", "downloads.json"}
    assert [file.name for file in (folder / ".download").iterdir()] == ["lock"]  # nothing unfinished is left


def test_the_page_that_asks_for_a_confirmation_is_passed(internet: Internet, folder: Path) -> None:
    internet.drive(CRAWL)
    internet.answers["https://drive.usercontent.google.com/download"] = internet.answers[LINK]
    internet.answers[LINK] = [web_page(CONFIRM)]
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL


def test_all_three_files_have_their_names(internet: Internet, folder: Path) -> None:
    conllu = b"# text = Go.\n1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_\n\n"
    clean = b"movie_id,title,year,description,genres,source\ntt1,A,1950,Text.,Drama,kaggle\n"
    internet.drive(CRAWL, clean, conllu)
    assert len(list(download(wish(folder, "crawl_data", "clean_data", "conllu_data")))) == 3
    assert visible(folder) == {"crawl_data.csv", "clean_data.csv", "conllu_data.conllu", "downloads.json"}


def test_a_download_that_breaks_off_goes_on_where_it_stopped(internet: Internet, folder: Path) -> None:
    internet.drive(Answer(CRAWL, stop=1_200_000), Answer(CRAWL))
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL
    assert internet.ranges(LINK) == ["", "", "bytes=1048576-"]


def test_what_has_come_is_kept_for_the_next_time(internet: Internet, folder: Path) -> None:
    internet.drive(Answer(CRAWL, stop=1_200_000), Answer(CRAWL, stop=0))
    with pytest.raises(UserError, match=r"^crawl_data: no connection to Google Drive, or it broke off .*by hand"):
        list(download(wish(folder, "crawl_data")))
    assert visible(folder) == set()
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL
    assert internet.ranges(LINK)[-1] == "bytes=1048576-"


def test_a_silent_server_is_given_up(internet: Internet, folder: Path) -> None:
    internet.drive(Answer(CRAWL, stop=1_200_000, stall=True), Answer(CRAWL, stop=0, stall=True))
    with pytest.raises(UserError, match="no connection to Google Drive, or it broke off"):
        list(download(wish(folder, "crawl_data", timeout=0.3)))
    assert visible(folder) == set()


def test_a_server_that_cannot_resume_gives_the_whole_file(internet: Internet, folder: Path) -> None:
    internet.drive(Answer(CRAWL, stop=1_200_000), Answer(CRAWL, resumable=False))
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL


def test_the_rest_of_another_file_is_no_dead_end(internet: Internet, folder: Path) -> None:
    internet.drive(Answer(CRAWL, stop=1_200_000), Answer(CRAWL, stop=0))
    with pytest.raises(UserError):
        list(download(wish(folder, "crawl_data")))
    internet.drive(CRAWL[:50_000])  # a shorter one has been published since
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL[:50_000]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (web_page(QUOTA), "Google Drive does not give the file: Too many users have viewed or downloaded this file"),
        (web_page(HTML, 404), "Google Drive does not give the file: Cannot retrieve the public link of the file"),
        (web_page(HTML, 403), "Google Drive does not give the file"),
        (Answer(b"", 403), "Google Drive does not give the file: 403"),
        (Answer(HTML), "crawl_data.csv is a web page"),
        (Answer(b""), "crawl_data.csv lacks the column movie_id"),
        (Answer(b"movie_id,rating\ntt1,7\n"), "crawl_data.csv lacks the column crawled_description or description"),
        (Answer(b"movie_id,plot\n"), "crawl_data.csv holds no row"),
        (Answer(b"PK\x03\x04\xff\xfe\x00"), "crawl_data.csv is no text in UTF-8"),
    ],
)
def test_what_is_no_such_file_is_refused(internet: Internet, folder: Path, answer: Answer, told: str) -> None:
    internet.drive(answer)
    with pytest.raises(UserError) as caught:
        list(download(wish(folder, "crawl_data")))
    line = str(caught.value)
    assert told in line
    assert line.endswith(f"; try again, or download {PAGE} by hand into {folder}")
    assert "\n" not in line
    assert visible(folder) == set()
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL


def test_a_file_put_there_by_hand_is_taken(internet: Internet, folder: Path) -> None:
    folder.mkdir()
    (folder / "crawl_data.csv").write_text("tconst,plot\ntt1,A text.\n")
    (line,) = download(wish(folder, "crawl_data"))
    assert line.endswith("already there")
    assert internet.requests == []


def test_a_web_page_saved_by_hand_is_replaced(
    internet: Internet, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.mkdir()
    (folder / "crawl_data.csv").write_bytes(HTML)
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL
    assert (folder / "crawl_data.csv.old").read_bytes() == HTML
    assert "crawl_data.csv is a web page" in caplog.text


def test_a_damaged_file_is_fetched_again(internet: Internet, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    file = folder / "crawl_data.csv"
    damaged = CRAWL.replace(b"letter", b"lettre")
    file.write_bytes(damaged)  # of the same size, with the right columns
    (line,) = download(wish(folder, "crawl_data"))
    assert file.read_bytes() == CRAWL
    assert (folder / "crawl_data.csv.old").read_bytes() == damaged
    assert f"{file} is not as it was downloaded: fetching it again" in caplog.text
    assert "already there" not in line


def test_a_damaged_file_stays_while_no_better_one_comes(internet: Internet, folder: Path) -> None:
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    (folder / "crawl_data.csv").write_bytes(CRAWL[:100])
    internet.drive(web_page(QUOTA))
    with pytest.raises(UserError, match="Too many users"):
        list(download(wish(folder, "crawl_data")))
    assert (folder / "crawl_data.csv").read_bytes() == CRAWL[:100]


def test_a_damaged_record_is_told(internet: Internet, folder: Path) -> None:
    folder.mkdir()
    (folder / "downloads.json").write_text("{")
    with pytest.raises(UserError, match=r"downloads\.json: is damaged; remove it"):
        list(download(wish(folder, "crawl_data")))


def test_each_item_is_attempted_and_each_failure_told(internet: Internet, folder: Path) -> None:
    internet.kaggle(Answer(status=403))
    internet.drive(CRAWL, web_page(QUOTA))
    lines = []
    with pytest.raises(UserError) as caught:
        lines.extend(download(wish(folder, "kaggle", "crawl_data", "conllu_data")))
    kaggle, conllu = caught.value.args
    assert kaggle.startswith("kaggle: ")
    assert conllu.startswith("conllu_data: Google Drive does not give the file: Too many")
    assert visible(folder) == {"crawl_data.csv", "downloads.json"}


def test_a_folder_that_cannot_be_written_is_named(internet: Internet, folder: Path) -> None:
    folder.write_text("a file stands where the folder should be")
    with pytest.raises(UserError, match=f"{folder}.*: (Not a directory|File exists)"):
        list(download(wish(folder, "crawl_data")))


def test_files_that_are_there_need_no_writable_folder(internet: Internet, folder: Path) -> None:
    internet.drive(CRAWL)
    list(download(wish(folder, "crawl_data")))
    shutil.rmtree(folder / ".download")
    list(download(wish(folder, "crawl_data")))
    assert not (folder / ".download").exists()
