"""Films as vectors of a frozen encoder."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from genre.config import DataConfig
from genre.data.batching import Batch
from genre.data.datamodule import GenreDataModule, PartDataset, truth_batch
from genre.data.encoding import Encoder, Features, cached_features
from genre.data.sources import Source
from genre.data.split import Rows
from genre.data.truth import Truth


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
