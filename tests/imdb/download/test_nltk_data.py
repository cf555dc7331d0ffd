"""NLTK's data: its own downloader against a server that does what servers do."""

import hashlib
from pathlib import Path

import nltk.data
import pytest

from genre.errors import UserError
from genre.imdb.download import download
from genre.imdb.download.nltk_data import PACKAGES
from tests.imdb.download.conftest import Answer, Internet, wish, zipped

SERVER = "https://raw.githubusercontent.com/nltk/nltk_data/gh-pages"


def serve(internet: Internet, *, damaged: str = "", absent: str = "", misplaced: str = "") -> None:
    """An index and packages: the tokeniser and the tagger to be unpacked, WordNet to stay packed."""
    entries = []
    for package, place in PACKAGES.items():
        content = zipped({f"{package}/": "", f"{package}/data.txt": package})
        internet.answers[f"{SERVER}/packages/{place}.zip"] = [
            Answer(content[:-1] + b"x" if package == damaged else content)
        ]
        if package != absent:
            entries.append(
                f'<package id="{package}" subdir="{"elsewhere" if package == misplaced else place.split("/")[0]}" url="{SERVER}/packages/{place}.zip" '
                f'size="{len(content)}" unzipped_size="{len(package)}" unzip="{int(package != "wordnet")}" '
                f'sha256_checksum="{hashlib.sha256(content).hexdigest()}"/>'
            )
    index = f"<nltk_data><packages>{''.join(entries)}</packages><collections/></nltk_data>"
    internet.answers[f"{SERVER}/index.xml"] = [Answer(index.encode())]


def test_packages_come_once_to_where_nltk_finds_them(internet: Internet, folder: Path) -> None:
    serve(internet)
    lines = list(download(wish(folder, "nltk")))
    assert [line.split("NLTK's ")[1] for line in lines] == list(PACKAGES)
    for place in PACKAGES.values():
        nltk.data.find(place)
    asked = len(internet.requests)
    assert all(line.endswith("already there") for line in download(wish(folder, "nltk")))
    assert len(internet.requests) == asked
    assert not folder.exists()


def test_a_package_unpacked_by_hand_is_taken(internet: Internet, folder: Path) -> None:
    for place in PACKAGES.values():
        (Path(nltk.data.path[0]) / place).mkdir(parents=True)
    assert all(line.endswith("already there") for line in download(wish(folder, "nltk")))
    assert internet.requests == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"damaged": "wordnet"}, "nltk: Integrity check failed for 'wordnet'"),
        ({"misplaced": "wordnet"}, "nltk: wordnet was installed, but NLTK does not find it"),
        ({"absent": "punkt_tab"}, "nltk: Error loading punkt_tab: Package 'punkt_tab' not found in index"),
    ],
)
def test_what_cannot_be_had_is_told(internet: Internet, folder: Path, fault: dict[str, str], told: str) -> None:
    serve(internet, **fault)
    with pytest.raises(UserError) as caught:
        list(download(wish(folder, "nltk")))
    assert str(caught.value).startswith(told)
    assert "by hand into" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_without_an_index_is_told(internet: Internet, folder: Path) -> None:
    internet.answers[f"{SERVER}/index.xml"] = [Answer(b"<html>", 404)]
    with pytest.raises(
        UserError, match=r"^nltk: Error loading punkt_tab: HTTP Error 404.* by hand into .*nltk_data/tok"
    ):
        list(download(wish(folder, "nltk")))
