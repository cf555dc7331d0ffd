"""Labelled films and their parts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.config import DataConfig, compose
from genre.data.corpus import Corpus
from tests.corpora import corpus_of


@pytest.fixture(scope="module")
def cfg(sample_products: Path) -> DataConfig:
    return replace(compose("train").data, dir=str(sample_products))


@pytest.fixture(scope="module")
def corpus(cfg: DataConfig) -> Corpus:
    return corpus_of(cfg)


def test_label_counts_are_of_training_films_alone(corpus: Corpus) -> None:
    assert corpus.label_counts.tolist() == corpus.labels[corpus.split.train].sum(axis=0).tolist()
    assert corpus.films("test")["movie_id"].tolist() == corpus.table["movie_id"].iloc[corpus.split.test].tolist()


def test_size_changes_training_alone(corpus: Corpus) -> None:
    smaller = corpus_of(replace(corpus.cfg, size=100))
    assert len(smaller.split.train) == 100
    assert set(smaller.split.train) <= set(corpus.split.train)
    assert np.array_equal(smaller.split.val, corpus.split.val)
    assert np.array_equal(smaller.split.test, corpus.split.test)
    assert smaller.label_counts.sum() < corpus.label_counts.sum()


def test_the_split_is_stable_when_raw_rows_are_reordered(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for file in Path(corpus.cfg.raw).glob("*.csv"):
        pd.read_csv(file, dtype=str, keep_default_na=False).sample(frac=1, random_state=1).to_csv(
            tmp_path / "raw" / file.name
        )
    reordered = corpus_of(replace(corpus.cfg, raw=str(tmp_path / "raw"), dir=str(tmp_path / "out")))
    assert reordered.fingerprint == corpus.fingerprint
    assert np.array_equal(reordered.split.test, corpus.split.test)


def test_cut_texts_join_training_and_change_nothing_else(corpus: Corpus, tmp_path: Path) -> None:
    enlarged = corpus_of(replace(corpus.cfg, truncated="train", dir=str(tmp_path / "out")))
    for part in ("val", "test"):
        assert enlarged.films(part)["movie_id"].tolist() == corpus.films(part)["movie_id"].tolist()
    ids, more = (set(one.films("train")["movie_id"]) for one in (corpus, enlarged))
    assert ids < more
    added = enlarged.table[enlarged.table["movie_id"].isin(more - ids)]
    assert set(added["part"]) == {"train"}
    assert added["description"].str.endswith((".", "!", "?")).all()
