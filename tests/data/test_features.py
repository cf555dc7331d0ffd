"""Texts as vectors of an encoder: what they are, and that they are computed once."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from genre.config import compose
from genre.data.encoding import cached_features, encode
from genre.data.features import FeatureDataModule
from genre.data.sources import prepared
from genre.data.tokens import Tokens, tokenise
from genre.data.truth import Truth

TEXTS = ["A sheriff.", "Two sisters inherit a haunted mill.", "War.", "A long way home through the snow."]


class SumOfIds:
    """An encoder that tells what it was given: number of real tokens, sum of their ids."""

    def __init__(self, fingerprint: str = "sum", fail_after: int = 100) -> None:
        self.fingerprint = fingerprint
        self.calls = 0
        self.fail_after = fail_after

    def __call__(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        self.calls += 1
        if self.calls > self.fail_after:
            raise KeyboardInterrupt
        real = attention_mask.float()
        return torch.stack([real.sum(dim=1), (input_ids * real).sum(dim=1) / 1000], dim=1)


@pytest.fixture(scope="module")
def tokenizer():
    from transformers import AutoTokenizer

    from genre.models.minilm import minilm_folder

    return AutoTokenizer.from_pretrained(minilm_folder())


@pytest.fixture
def tokens(tokenizer) -> Tokens:
    return tokenise(TEXTS, tokenizer, 32)


def test_features_stand_in_the_order_of_the_texts(tokens: Tokens) -> None:
    features = encode(tokens, SumOfIds(), pad=7, progress=False)
    assert features.dtype == np.float16
    assert features[:, 0].tolist() == tokens.lengths.tolist()
    assert features[:, 1] == pytest.approx([tokens[row].sum() / 1000 for row in range(4)], rel=1e-3)


def test_features_are_computed_once(tokens: Tokens, tmp_path: Path) -> None:
    encoder = SumOfIds()
    first = cached_features(tokens, encoder, 0, tmp_path, progress=False)
    again = cached_features(tokens, encoder, 0, tmp_path, progress=False)
    assert encoder.calls == 1
    assert isinstance(again, np.memmap)
    assert np.array_equal(first, again)


def test_what_takes_long_is_foretold(
    tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("genre.data.encoding._TRIED", 1)
    monkeypatch.setattr("genre.data.encoding.monotonic", itertools.count(0, 90).__next__)  # a minute and a half a batch
    cached_features(tokens, SumOfIds(), 0, tmp_path, progress=False)
    assert caplog.messages == [f"Encoding {len(tokens.lengths)} texts, once: about 1 min 30 s"]
    cached_features(tokens, SumOfIds(), 0, tmp_path, progress=False)
    assert len(caplog.messages) == 1


def test_other_texts_or_another_encoder_have_files_of_their_own(tokens: Tokens, tokenizer, tmp_path: Path) -> None:
    cached_features(tokens, SumOfIds(), 0, tmp_path, progress=False)
    cached_features(tokens, SumOfIds("other"), 0, tmp_path, progress=False)
    cached_features(tokenise(TEXTS[::-1], tokenizer, 32), SumOfIds(), 0, tmp_path, progress=False)
    # the same ids, cut elsewhere
    cached_features(replace(tokens, offsets=tokens.offsets[[0, 1, 3, 4]]), SumOfIds(), 0, tmp_path, progress=False)
    assert len(list(tmp_path.iterdir())) == 4


def test_what_breaks_off_leaves_nothing(tokens: Tokens, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        cached_features(tokens, SumOfIds(fail_after=0), 0, tmp_path, progress=False)
    assert not list(tmp_path.iterdir())


def test_batches_hold_features_and_labels(tokenizer, sample_products: Path) -> None:
    cfg = compose("train", [f"data.dir={sample_products}"]).data
    data = FeatureDataModule(prepared(cfg), cfg, tokenizer, SumOfIds(), seed=1)
    data.setup()
    lengths = data.tokens.lengths
    (batch,) = data.val_dataloader()
    rows = data.corpus.split.val[batch["position"]]
    assert batch["features"][:, 0].tolist() == lengths[rows].tolist()
    assert torch.equal(batch["labels"], torch.from_numpy(data.corpus.labels[rows]).float())
    batches = list(data.train_dataloader())
    assert {len(batch["labels"]) for batch in batches[1:]} <= {cfg.batch_size, len(data.train_rows) % cfg.batch_size}
    assert torch.cat([batch["position"] for batch in batches]).sort().values.tolist() == list(
        range(len(data.corpus.split.train))
    )


def test_synthetic_films_are_trained_on_and_nothing_else(tokenizer, sample_products: Path) -> None:
    cfg = compose("train", [f"data.dir={sample_products}"]).data
    data = FeatureDataModule(prepared(cfg), cfg, tokenizer, SumOfIds(), seed=1)
    data.setup()
    before = {part: list(data.part_dataloader(part)) for part in ("val", "test")}
    features = np.full((3, 2), -1, dtype=np.float16)
    labels = np.eye(len(data.corpus.label_names), dtype=np.uint8)[:3]
    data.add_training_films(features, Truth.complete(labels))
    assert len(data.train_rows) == len(data.corpus.split.train) + 3
    assert np.array_equal(data.train_truth.labels[-3:], labels)
    batches = list(data.train_dataloader())
    made_up = torch.cat([batch["labels"][batch["features"][:, 0] == -1] for batch in batches])
    assert sorted(made_up.tolist()) == sorted(labels.tolist())
    for part, batches in before.items():
        for one, other in zip(batches, data.part_dataloader(part), strict=True):
            assert all(torch.equal(one[name], other[name]) for name in one)
