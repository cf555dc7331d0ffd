"""The embedded sample is what its README says."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import pytest

from genre.config import compose
from genre.imdb.descriptions import is_cut, is_placeholder
from genre.imdb.genres import GENRES, canonical_genre, parse_genres
from genre.imdb.merge import merge_films
from genre.imdb.raw import raw_files, read_raw

KAGGLE_COLUMNS = [
    "movie_id",
    "movie_name",
    "year",
    "certificate",
    "runtime",
    "genre",
    "rating",
    "description",
    "director",
    "director_id",
    "star",
    "star_id",
    "votes",
    "gross(in $)",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(compose("train").data.raw)


@pytest.fixture(scope="module")
def raw(folder: Path) -> pd.DataFrame:
    return read_raw(raw_files(folder))


@pytest.fixture(scope="module")
def films(raw: pd.DataFrame) -> pd.DataFrame:
    return merge_films(raw, counted=(), whole=(), cell_size=None)


@pytest.fixture(scope="module")
def texts(films: pd.DataFrame, folder: Path) -> list[str]:
    own = films["description"]
    usable = own[~is_placeholder(own) & ~is_cut(own)]
    crawled = pd.read_csv(folder.parent / "crawl_data.csv")["description"]
    return [*usable, *crawled]


def test_layout_is_that_of_the_kaggle_files(folder: Path) -> None:
    assert {canonical_genre(file.stem) for file in raw_files(folder)} == set(GENRES)
    for file in raw_files(folder):
        with file.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            assert reader.fieldnames == KAGGLE_COLUMNS
            assert any(", \n" in row["star"] for row in reader)


def test_films_stand_in_the_file_of_each_genre(raw: pd.DataFrame, films: pd.DataFrame) -> None:
    genres = dict(zip(films["movie_id"], films["genres"], strict=True))
    in_files = raw.groupby("movie_id")["file"].agg(set)
    assert all(set(genres[film].split("|")) == files for film, files in in_files.items())


def test_size_and_tail(films: pd.DataFrame) -> None:
    assert len(films) == 1520
    counts = Counter(genre for cell in films["genres"] for genre in cell.split("|"))
    assert set(counts) == set(GENRES)
    assert min(counts.values()) == 41
    assert counts["Drama"] == 670
    assert films["genres"].str.count(r"\|").between(0, 2).all()


def test_faults_are_those_of_the_readme(raw: pd.DataFrame, films: pd.DataFrame) -> None:
    own = films["description"]
    assert (own == "Add a Plot").sum() == 274
    assert is_cut(own).sum() == 228
    assert is_placeholder(own).sum() == 274 + 14
    plain = own[~is_cut(own)]
    assert plain.str.contains("\xa0").sum() >= 20
    assert raw["year"].str.fullmatch("[IVX]+").any()
    differing = raw.groupby("movie_id").agg({"description": "nunique", "genre": "nunique"})
    assert (differing["description"] > 1).sum() == 5
    assert (differing["genre"] > 1).sum() == 3


def test_texts_are_of_ordinary_length(texts: list[str]) -> None:
    assert len(texts) > 1400
    assert all(15 <= len(text.split()) <= 60 for text in texts)


def test_no_two_texts_are_of_one_mould(texts: list[str]) -> None:
    """Word 4-grams shared by any two descriptions: at most a third of the shorter one's."""
    grams = []
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        grams.append({tuple(words[at : at + 4]) for at in range(len(words) - 3)})
    texts_with = defaultdict(list)
    for number, own in enumerate(grams):
        for gram in own:
            texts_with[gram].append(number)
    shared = Counter((a, b) for numbers in texts_with.values() for i, b in enumerate(numbers) for a in numbers[:i])
    assert max(count / min(len(grams[a]), len(grams[b])) for (a, b), count in shared.items()) <= 1 / 3


def test_genre_cells_parse(raw: pd.DataFrame) -> None:
    assert all(1 <= len(parse_genres(cell, ",")) <= 3 for cell in raw["genre"])
