"""Films with their labels and parts: all that does not depend on what reads their texts."""

from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.config import DataConfig
from genre.data.labels import label_matrix
from genre.data.prepare import clean_file, read_clean
from genre.data.split import Rows, Split, cached_split, training_subset
from genre.files import file_sha256

Part = Literal["train", "val", "test"]


class Corpus:
    """The clean table, labelled and split; what is missing on disk is made.

    Args:
        cfg: the `data` section.

    Attributes:
        cfg: the same.
        fingerprint: SHA-256 of the table's file.
        table: all films, a row each.
        labels: 0/1 (films, L).
        split: rows of the three parts; `data.size` leaves out training films alone.

    Raises:
        UserError: when the data are missing or broken.
    """

    def __init__(self, cfg: DataConfig) -> None:
        self.cfg = cfg
        file = clean_file(cfg)
        self.fingerprint = file_sha256(file)
        self.table: pd.DataFrame = read_clean(file)
        self.labels: npt.NDArray[np.uint8] = label_matrix(self.table["genres"], cfg.labels)
        shares = {"val_share": cfg.val_share, "test_share": cfg.test_share}
        split = cached_split(self.table, self.labels, self.cache, self.fingerprint, seed=cfg.split_seed, **shares)
        subset = training_subset(self.labels[split.train], cfg.size, cfg.split_seed)
        self.split = Split(split.train[subset], split.val, split.test)

    @property
    def cache(self) -> Path:
        """Folder of products that can be made again."""
        return Path(self.cfg.dir) / "cache"

    @property
    def label_counts(self) -> Tensor:
        """Number of training films with each genre (L,)."""
        return torch.from_numpy(self.labels[self.split.train].sum(axis=0, dtype=np.int64))

    def rows(self, part: Part) -> Rows:
        """Rows of the films of one part, ascending."""
        rows: Rows = getattr(self.split, part)
        return rows

    def films(self, part: Part) -> pd.DataFrame:
        """Rows of the clean table of one part, numbered from 0."""
        return self.table.iloc[self.rows(part)].reset_index(drop=True)
