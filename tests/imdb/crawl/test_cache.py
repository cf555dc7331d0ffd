"""Answers on disk."""

import shutil
from pathlib import Path

import pytest

from genre.errors import UserError
from genre.imdb.crawl.cache import open_cache


def test_answers_are_there_before_the_file_is_closed(tmp_path: Path) -> None:
    file, copy = tmp_path / "cache.sqlite", tmp_path / "copy.sqlite"
    with open_cache(file, "omdb") as cache:
        cache.keep("tt1", "A storm.")
        cache.keep("tt2", None)
        shutil.copy(file, copy)  # what a killed process would leave
        shutil.copy(f"{file}-wal", f"{copy}-wal")
    with open_cache(copy, "omdb") as cache:
        assert cache.plots == {"tt1": "A storm.", "tt2": None}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache.sqlite", "copy.sqlite"]


def test_each_provider_has_its_own_answers(tmp_path: Path) -> None:
    with open_cache(tmp_path / "cache.sqlite", "omdb") as cache:
        cache.keep("tt1", None)
    with open_cache(tmp_path / "cache.sqlite", "tmdb") as cache:
        assert cache.plots == {}
        cache.keep("tt1", "A storm.")
    with open_cache(tmp_path / "cache.sqlite", "omdb") as cache:
        assert cache.plots == {"tt1": None}


def test_one_crawl_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    with (
        open_cache(file, "omdb"),
        pytest.raises(UserError, match="another crawl is running"),
        open_cache(file, "omdb"),
    ):
        pass


def test_a_file_that_is_no_cache(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    file.write_text("movie_id,plot\n" * 100)
    with pytest.raises(UserError, match="file is not a database; is it a crawl's cache"), open_cache(file, "omdb"):
        pass
    assert file.read_text().startswith("movie_id,plot")
