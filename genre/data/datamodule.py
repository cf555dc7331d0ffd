"""From the clean table to padded batches."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from genre.config import DataConfig
from genre.data.batching import LengthPoolSampler, TokenBudgetSampler
from genre.data.labels import label_matrix
from genre.data.prepare import clean_file, read_clean
from genre.data.split import Split, cached_split, training_subset
from genre.data.tokens import Tokens, cached_tokens, join_columns
from genre.files import file_sha256

Batch = dict[str, Tensor]
Part = Literal["train", "val", "test"]


@dataclass
class FilmDataset(Dataset[Batch]):
    """Films of one part; indexed by a list of positions it gives one padded batch.

    Attributes:
        tokens: of all films.
        labels: 0/1 matrix (all films, L).
        rows: rows of this part in `tokens` and `labels`.
        pad: the tokenizer's padding id.
    """

    tokens: Tokens
    labels: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.int64]
    pad: int

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of tokens of each film of the part (B,)."""
        return self.tokens.lengths[self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, positions: list[int]) -> Batch:
        rows = self.rows[positions]
        batch = pad_batch([self.tokens[row] for row in rows], self.pad)
        batch["labels"] = torch.from_numpy(self.labels[rows]).float()  # (B, L)
        batch["position"] = torch.tensor(positions)  # (B,)
        return batch


def pad_batch(texts: list[npt.NDArray[np.int32]], pad: int) -> Batch:
    """Token ids of B texts as `input_ids` and `attention_mask` (B, T), T the length of the longest."""
    longest = max(map(len, texts))
    ids = np.full((len(texts), longest), pad, dtype=np.int64)
    mask = np.zeros((len(texts), longest), dtype=np.int64)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}


def batches(dataset: FilmDataset, sampler: LengthPoolSampler | TokenBudgetSampler) -> DataLoader[Batch]:
    """Loader of whole batches; tokens lie in memory, so worker processes would only cost."""
    return DataLoader(dataset, sampler=sampler, batch_size=None, pin_memory=torch.cuda.is_available())


class GenreDataModule(pl.LightningDataModule):
    """The clean table, split, tokenised and batched.

    Args:
        cfg: the `data` section.
        tokenizer: of the model that will read the texts.
        seed: of the order of training batches.
        progress: show a bar while tokenising.
    """

    def __init__(self, cfg: DataConfig, tokenizer: Any, *, seed: int, progress: bool = False) -> None:
        super().__init__()
        self.cfg = cfg
        self.tokenizer = tokenizer
        self.seed = seed
        self.progress = progress
        self._ready = False

    def setup(self, stage: str | None = None) -> None:
        """Make what is missing on disk, load the rest; further calls do nothing.

        Raises:
            UserError: when the data are missing or broken.
        """
        if self._ready:
            return
        cfg = self.cfg
        file = clean_file(cfg)
        self.fingerprint = file_sha256(file)
        self.table: pd.DataFrame = read_clean(file)
        self.labels = label_matrix(self.table["genres"], cfg.labels)  # (films, L)
        cache = Path(cfg.dir) / "cache"
        shares = {"val_share": cfg.val_share, "test_share": cfg.test_share}
        split = cached_split(self.table, self.labels, cache, self.fingerprint, seed=cfg.split_seed, **shares)
        subset = training_subset(self.labels[split.train], cfg.size, cfg.split_seed)
        self.split = Split(split.train[subset], split.val, split.test)
        texts = join_columns(self.table, cfg.text, self.tokenizer.sep_token)
        self.tokens = cached_tokens(texts, self.tokenizer, cfg.max_tokens, cache, progress=self.progress)
        self._ready = True

    @property
    def label_counts(self) -> Tensor:
        """Number of training films with each genre (L,)."""
        return torch.from_numpy(self.labels[self.split.train].sum(axis=0, dtype=np.int64))

    def dataset(self, part: Part) -> FilmDataset:
        """The films of one part."""
        rows: npt.NDArray[np.int64] = getattr(self.split, part)
        return FilmDataset(self.tokens, self.labels, rows, self.tokenizer.pad_token_id)

    def films(self, part: Part) -> pd.DataFrame:
        """Rows of the clean table of one part, in the order of `dataset(part)`."""
        rows: npt.NDArray[np.int64] = getattr(self.split, part)
        return self.table.iloc[rows].reset_index(drop=True)

    def train_dataloader(self) -> DataLoader[Batch]:
        """Shuffled batches of `batch_size` films of nearly one length."""
        dataset = self.dataset("train")
        return batches(dataset, LengthPoolSampler(dataset.lengths, self.cfg.batch_size, self.seed))

    def val_dataloader(self) -> DataLoader[Batch]:
        """Every validation film once, long ones first."""
        return self.part_dataloader("val")

    def test_dataloader(self) -> DataLoader[Batch]:
        """Every test film once, long ones first."""
        return self.part_dataloader("test")

    def part_dataloader(self, part: Part) -> DataLoader[Batch]:
        """Every film of one part once, long ones first."""
        dataset = self.dataset(part)
        return batches(dataset, TokenBudgetSampler(dataset.lengths))
