"""The clean table to lemmas, in one process and in several."""

from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest

from genre.config import compose, instantiate
from genre.errors import UserError
from genre.linguistics import LightLemmatiser, lemmatise, read_documents, read_lemmas, write_conllu
from genre.paths import PROJECT_ROOT

LIGHT = LightLemmatiser()


@pytest.fixture
def clean_table(tmp_path: Path) -> Path:
    """The descriptions of the sample, under ids whose order is not that of the alphabet."""
    films = pd.read_csv(PROJECT_ROOT / "data/sample/crawl_data.csv", dtype=str)[["movie_id", "description"]][:30]
    films = films[::-1].assign(title="T", year="", genres="Drama|War", source="crawl")
    films.to_csv(tmp_path / "clean_data.csv", index=False)
    return tmp_path / "clean_data.csv"


def test_processes_change_nothing_but_the_time(clean_table: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(import_module("genre.linguistics.lemmatise"), "_FILMS", 7)
    counts = [lemmatise(clean_table, tmp_path / f"{n}.parquet", LIGHT, n) for n in (1, 2)]
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()
    assert counts[0] == counts[1] == write_conllu(tmp_path / "1.parquet", tmp_path / "x.conllu", 1)
    write_conllu(tmp_path / "1.parquet", tmp_path / "y.conllu", 2)
    assert (tmp_path / "x.conllu").read_bytes() == (tmp_path / "y.conllu").read_bytes()
    films = pd.read_csv(clean_table)
    documents = list(read_documents(tmp_path / "2.parquet"))
    assert [document.id for document in documents] == films["movie_id"].tolist()
    assert [document.text for document in documents] == films["description"].tolist()
    assert {document.genres for document in documents} == {("Drama", "War")}
    for document, found in zip(documents, read_lemmas(tmp_path / "1.parquet"), strict=True):
        tokens = [token for sentence in document.sentences for token in sentence.tokens]
        assert found == (document.id, [token.lemma for token in tokens], [token.upos for token in tokens])


def test_empty_descriptions_and_genres_are_kept(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('movie_id,description,genres\ntt1,"",Drama\ntt2," \n ",\n')
    counts = lemmatise(tmp_path / "x.csv", tmp_path / "x.parquet", LIGHT, None)
    assert counts == {"documents": 2, "sentences": 0, "tokens": 0}
    assert [(found.id, found.text, found.genres) for found in read_documents(tmp_path / "x.parquet")] == [
        ("tt1", "", ("Drama",)),
        ("tt2", " \n ", ()),
    ]


def test_a_broken_table_leaves_the_product(tmp_path: Path) -> None:
    (tmp_path / "lemmas.parquet").write_text("old")
    (tmp_path / "x.csv").write_text("movie_id,genres\ntt1,Drama\n")
    with pytest.raises(UserError, match="lacks the column 'description'"):
        lemmatise(tmp_path / "x.csv", tmp_path / "lemmas.parquet", LIGHT, 1)
    assert (tmp_path / "lemmas.parquet").read_text() == "old"


def test_lemmas_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="prepare.py"):
        next(read_lemmas(tmp_path / "lemmas.parquet"))


def test_light_is_the_default() -> None:
    cfg = compose("prepare")
    lemmatiser = instantiate(cfg.lemmatiser)
    assert isinstance(lemmatiser, LightLemmatiser)
    versions = {name: version(name) for name in ("nltk", "textblob", "lemminflect")}
    assert lemmatiser.describe() == {"name": "light", **versions}
