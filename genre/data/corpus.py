"""Films with their labels and parts: all that does not depend on what reads their texts."""

from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.config import DataConfig
from genre.data.corrections import corrected, data_fingerprint
from genre.data.sources import Source
from genre.data.split import Rows, Split, cached_split, training_subset
from genre.data.truth import Truth

Part = Literal["train", "val", "test"]


class Corpus:
    """The films of a source, labelled and split.

    Args:
        source: prepared.
        cfg: the `data` section.

    Attributes:
        cfg: the same.
        fingerprint: of the source and the corrections.
        label_names: of the L labels.
        table: all films, a row each.
        truth: their labels (films, L), and which of these are known, corrected by `data.corrections`.
        split: rows of the three parts; `data.size` leaves out training films alone.

    Raises:
        UserError: when the data are broken.
    """

    def __init__(self, source: Source, cfg: DataConfig) -> None:
        self.cfg = cfg
        self.fingerprint, self.label_names = data_fingerprint(source, cfg), source.label_names
        self.table = source.read()
        truth = source.truth(self.table)
        shares = {"val_share": cfg.val_share, "test_share": cfg.test_share}
        parts = source.parts(self.table)
        # of what the data say: a correction moves no film to another part
        split = cached_split(
            self.table, truth.labels, self.cache, source.fingerprint, parts, seed=cfg.split_seed, **shares
        )
        subset = training_subset(truth.labels[split.train], cfg.size, cfg.split_seed)
        self.split = Split(split.train[subset], split.val, split.test)
        self.truth = corrected(truth, self.table["movie_id"].tolist(), self.label_names, cfg)

    @property
    def cache(self) -> Path:
        """Folder of products that can be made again."""
        return Path(self.cfg.dir) / "cache"

    @property
    def labels(self) -> npt.NDArray[np.uint8]:
        """0/1 (films, L): 1 where a film is known to have the label."""
        return self.truth.labels

    @property
    def masked(self) -> bool:
        """Whether there are unknown cells, from which nothing is to be learnt."""
        return self.cfg.unknown == "mask" and not bool(self.truth.known.all())

    @property
    def training_films(self) -> int:
        """How many there are."""
        return len(self.split.train)

    @property
    def label_counts(self) -> Tensor:
        """Number of training films with each genre (L,)."""
        return torch.from_numpy(self.labels[self.split.train].sum(axis=0, dtype=np.int64))

    def rows(self, part: Part) -> Rows:
        """Rows of the films of one part, ascending."""
        rows: Rows = getattr(self.split, part)
        return rows

    def part_truth(self, part: Part) -> Truth:
        """Of the films of one part."""
        return self.truth.of(self.rows(part))

    def films(self, part: Part) -> pd.DataFrame:
        """Rows of the table of one part, numbered from 0."""
        return self.table.iloc[self.rows(part)].reset_index(drop=True)
