"""Tokens, samplers and the data module."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from genre.config import compose
from genre.data.batching import LengthPoolSampler, TokenBudgetSampler
from genre.data.datamodule import GenreDataModule
from genre.data.sources import prepared
from genre.data.tokens import cached_tokens, join_columns, tokenise
from genre.errors import UserError
from genre.models.minilm import minilm_folder

TEXTS = ["A man walks.", "Two old friends meet again after a war that nobody won.", "Rain."]
lengths_of_films = st.lists(st.integers(1, 60), min_size=1, max_size=300).map(np.array)


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(minilm_folder())


@pytest.fixture(scope="module")
def data(sample_products: Path, tokenizer) -> GenreDataModule:
    cfg = replace(compose("train").data, dir=str(sample_products))
    module = GenreDataModule(prepared(cfg), cfg, tokenizer, seed=1)
    module.setup()
    return module


def test_tokens_are_the_tokenizers_own(tokenizer) -> None:
    tokens = tokenise(TEXTS, tokenizer, max_tokens=8)
    for row, text in enumerate(TEXTS):
        assert tokens[row].tolist() == tokenizer(text, truncation=True, max_length=8)["input_ids"]
    assert tokens.lengths.tolist() == [6, 8, 4]


def test_tokens_are_kept_and_found_again(tokenizer, tmp_path: Path) -> None:
    first = cached_tokens(TEXTS, tokenizer, 16, tmp_path, progress=False)
    folder = next(tmp_path.iterdir())
    stamp = (folder / "ids.npy").stat().st_mtime_ns
    again = cached_tokens(TEXTS, tokenizer, 16, tmp_path, progress=False)
    assert np.array_equal(first.ids, again.ids)
    assert isinstance(again.ids, np.memmap)
    assert (folder / "ids.npy").stat().st_mtime_ns == stamp
    cached_tokens(TEXTS, tokenizer, 8, tmp_path, progress=False)
    cached_tokens(TEXTS[:2], tokenizer, 16, tmp_path, progress=False)
    assert len(list(tmp_path.iterdir())) == 3


def test_columns_are_joined_by_the_separator() -> None:
    table = pd.DataFrame({"title": ["A", ""], "description": ["x y", "z"]})
    assert join_columns(table, ["title", "description"], "[SEP]") == ["A [SEP] x y", "z"]
    with pytest.raises(UserError, match="there is no column 'titel'"):
        join_columns(table, ["titel"], "[SEP]")


def test_no_texts_at_all(tokenizer) -> None:
    assert tokenise([], tokenizer, 8).lengths.tolist() == []


def test_of_a_book_no_more_is_read_than_is_kept(tokenizer) -> None:
    class Recording:
        longest = 0

        def __call__(self, batch: list[str], **settings: Any) -> Any:
            self.longest = max(map(len, batch))
            return tokenizer(batch, **settings)

    recording = Recording()
    book = "a thief loses the map " * 50_000
    assert tokenise([book], recording, 16)[0].tolist() == tokenise([book[:400]], tokenizer, 16)[0].tolist()
    assert recording.longest <= 16 * 100


@given(lengths_of_films, st.integers(1, 40), st.integers(0, 3))
def test_every_film_comes_once_an_epoch(lengths: np.ndarray, batch_size: int, epoch: int) -> None:
    sampler = LengthPoolSampler(lengths, batch_size, seed=0)
    sampler.set_epoch(epoch)
    batches = list(sampler)
    assert sorted(itertools.chain(*batches)) == list(range(len(lengths)))
    assert len(batches) == len(sampler)
    assert max(map(len, batches)) <= batch_size


@given(lengths_of_films, st.integers(1, 500))
def test_evaluation_batches_keep_to_the_budget(lengths: np.ndarray, budget: int) -> None:
    batches = list(TokenBudgetSampler(lengths, budget))
    assert sorted(itertools.chain(*batches)) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * lengths[batch].max() <= budget for batch in batches)


def test_epochs_differ_and_seeds_repeat() -> None:
    lengths = np.arange(200) % 37
    sampler = LengthPoolSampler(lengths, 8, seed=5)
    first = list(sampler)
    assert list(LengthPoolSampler(lengths, 8, seed=5)) == first
    sampler.set_epoch(1)
    assert list(sampler) != first
    assert list(LengthPoolSampler(lengths, 8, seed=6)) != first


def test_pools_spare_padding() -> None:
    lengths = np.random.default_rng(0).integers(10, 100, size=4000)

    def padding(batches: list[list[int]]) -> float:
        padded = sum(len(batch) * lengths[batch].max() for batch in batches)
        return 1 - lengths.sum() / padded

    plain = [list(range(at, at + 32)) for at in range(0, 4000, 32)]
    assert padding(list(LengthPoolSampler(lengths, 32, seed=0))) < 0.1 < padding(plain)


def test_batches_hold_the_films_tokens_and_labels(data: GenreDataModule) -> None:
    seen = 0
    for batch in data.val_dataloader():
        ids, mask, positions = batch["input_ids"], batch["attention_mask"], batch["position"]
        rows = data.corpus.split.val[positions]
        assert ids.shape == mask.shape
        assert ids.shape[1] == data.tokens.lengths[rows].max()  # padded to the batch's own longest text
        for row, text, kept in zip(rows, ids, mask, strict=True):
            assert text[kept.bool()].tolist() == data.tokens[row].tolist()
            assert (text[~kept.bool()] == data.tokenizer.pad_token_id).all()
        assert torch.equal(batch["labels"], torch.from_numpy(data.corpus.labels[rows]).float())
        seen += len(rows)
    assert seen == len(data.corpus.split.val)
