"""Texts as vectors of a frozen encoder, computed once, kept on disk and memory-mapped afterwards."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track
from torch import Tensor

from genre.config import DataConfig
from genre.data.batching import TokenBudgetSampler
from genre.data.datamodule import Batch, GenreDataModule, PartDataset, pad_batch, truth_batch
from genre.data.sources import Source
from genre.data.split import Rows
from genre.data.tokens import Tokens
from genre.data.truth import Truth
from genre.files import atomic_path, short_hash

Features = npt.NDArray[np.float16]

_BATCH_TOKENS = 4_096  # padded tokens per batch: with more, a processor's cache no longer holds the layers' outputs


class Encoder(Protocol):
    """Makes a vector of each text."""

    @property
    def fingerprint(self) -> str:
        """Equal for encoders that make equal vectors."""
        ...

    def __call__(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Features (B, D) of token ids (B, T), without gradients."""
        ...


def encode(tokens: Tokens, encoder: Encoder, pad: int, *, progress: bool) -> Features:
    """Features (B, D) of B texts.

    Args:
        tokens: of the texts.
        encoder: that reads them.
        pad: the tokenizer's padding id.
        progress: show a bar.
    """
    batches = TokenBudgetSampler(tokens.lengths, _BATCH_TOKENS).batches
    features: dict[int, Features] = {}
    for rows in track(batches, "Encoding", disable=not progress or len(batches) < 2, transient=True):
        vectors = encoder(**pad_batch([tokens[row] for row in rows], pad))
        features.update(zip(rows, vectors.half().cpu().numpy(), strict=True))
    return np.stack([features[row] for row in range(len(features))])


def cached_features(tokens: Tokens, encoder: Encoder, pad: int, folder: Path, *, progress: bool) -> Features:
    """The same as `encode`, read from `folder` when this encoder has read these texts before."""
    texts = [hashlib.sha256(part.tobytes()).hexdigest() for part in (tokens.ids, tokens.offsets)]
    file = folder / f"features-{short_hash([texts, encoder.fingerprint])}.npy"
    if not file.is_file():
        features = encode(tokens, encoder, pad, progress=progress)
        with atomic_path(file) as temporary:
            np.save(temporary, features)
    cached: Features = np.load(file, mmap_mode="r")
    return cached


@dataclass
class FeatureDataset(PartDataset):
    """Films of one part as vectors of an encoder.

    Attributes:
        features: of all films, (films, D).
        truth: their labels; None where there are none.
        rows: rows of this part in `features` and `truth`.
    """

    features: Features
    truth: Truth | None
    rows: Rows

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """All one (B,): nothing is padded."""
        return np.ones(len(self.rows), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, positions: list[int]) -> Batch:
        rows = self.rows[positions]
        features = torch.from_numpy(self.features[rows]).float()  # (B, D)
        return {"features": features, "position": torch.tensor(positions)} | truth_batch(self.truth, rows)


class FeatureDataModule(GenreDataModule):
    """The films of a source as vectors of a frozen encoder.

    Args:
        source: of the films.
        cfg: the `data` section.
        tokenizer: of the encoder.
        encoder: that reads the texts.
        seed: of the order of training batches.
        progress: show a bar while tokenising and encoding.
    """

    def __init__(
        self, source: Source, cfg: DataConfig, tokenizer: Any, encoder: Encoder, *, seed: int, progress: bool = False
    ) -> None:
        super().__init__(source, cfg, tokenizer, seed=seed, progress=progress)
        self.encoder = encoder

    def setup(self, stage: str | None = None) -> None:
        """The same as without features, and compute these; further calls do nothing.

        Raises:
            UserError: when the data are broken.
        """
        if self._ready:
            return
        super().setup(stage)
        pad = self.tokenizer.pad_token_id
        self.features = cached_features(self.tokens, self.encoder, pad, self.corpus.cache, progress=self.progress)

    def add_training_films(self, features: Features, truth: Truth) -> None:
        """Let training batches hold S synthetic films as well: features (S, D) and their labels."""
        films = len(self.features)
        self.features = np.concatenate([self.features, features])
        self.truth = self.truth.with_films(truth)
        self.train_rows = np.concatenate([self.train_rows, np.arange(films, films + len(features))])

    def _dataset(self, rows: Rows) -> FeatureDataset:
        return FeatureDataset(self.features, self.truth, rows)
