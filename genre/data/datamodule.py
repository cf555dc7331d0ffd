"""From the clean table to padded batches."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader, Dataset

from genre.config import DataConfig
from genre.data.batching import Batch, LengthPoolSampler, TokenBudgetSampler, pad_batch
from genre.data.corpus import Corpus, Part
from genre.data.sources import Source
from genre.data.split import Rows
from genre.data.tokens import Tokens, cached_tokens, join_columns
from genre.data.truth import Truth
from genre.machine import has_cuda

TRUTH = ("labels", "known", "cells")  # of a batch: what `truth_batch` puts there
TAUGHT = "taught"  # of a batch: what `TaughtDataset` puts there


class PartDataset(Dataset[Batch], ABC):
    """Films of one part; indexed by a list of positions it gives one batch."""

    @property
    @abstractmethod
    def lengths(self) -> npt.NDArray[np.int64]:
        """Size of each film of the part in a batch (B,)."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def __getitem__(self, positions: list[int]) -> Batch: ...


@dataclass
class FilmDataset(PartDataset):
    """Films of one part as token ids, padded to the batch.

    Attributes:
        tokens: of all films.
        truth: theirs; None where there are no labels.
        rows: rows of this part in `tokens` and `truth`.
        pad: the tokenizer's padding id.
    """

    tokens: Tokens
    truth: Truth | None
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
        batch["position"] = torch.tensor(positions)  # (B,)
        return batch | truth_batch(self.truth, rows)


@dataclass
class _SameFilms(PartDataset):
    """The films of another data set, of which batches hold something else."""

    films: PartDataset

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Those of all films (B,)."""
        return self.films.lengths

    def __len__(self) -> int:
        return len(self.films)


@dataclass
class TaughtDataset(_SameFilms):
    """Films of one part with what a teacher says of them.

    Attributes:
        films: of the part.
        log_odds: the teacher's, of these films (B, L).
    """

    log_odds: npt.NDArray[np.float32]

    def __getitem__(self, positions: list[int]) -> Batch:
        return self.films[positions] | {TAUGHT: torch.from_numpy(self.log_odds[positions])}


@dataclass
class SharedDataset(_SameFilms):
    """What one process has of each batch of B films that several compute together.

    A batch holds what the network reads of the process's own films, how many films each process has (`shares`), and
    the truth of all B, the films of the first process first. Every n-th film is a process's own, n being their number,
    so that all have texts of nearly equal lengths. A process that would have none reads a film whose logits nobody
    asks for.

    Attributes:
        films: of the part.
        process: which one this is, from 0.
        processes: how many there are.
    """

    process: int
    processes: int

    def __getitem__(self, positions: list[int]) -> Batch:
        shares = [positions[process :: self.processes] for process in range(self.processes)]
        whole = self.films[[position for share in shares for position in share]]
        own = self.films[shares[self.process] or positions[:1]]
        truth = {name: whole[name] for name in (*TRUTH, TAUGHT, "position") if name in whole}
        return own | truth | {"shares": torch.tensor([len(share) for share in shares])}


def truth_batch(truth: Truth | None, rows: Rows) -> Batch:
    """Labels of B films as a batch holds them: `labels` (B, L), and where not all is known `known` and `cells`."""
    if truth is None:
        return {}
    batch = {"labels": torch.from_numpy(truth.labels[rows]).float()}
    if not truth.is_complete:
        batch["known"] = torch.from_numpy(truth.known[rows])
        batch["cells"] = torch.from_numpy(truth.cells[rows])
    return batch


def truth_of(batches: Sequence[Batch]) -> Truth:
    """What `truth_batch` put into batches, put together."""
    told = {name: torch.cat([batch[name] for batch in batches]).numpy() for name in TRUTH if name in batches[0]}
    return replace(Truth.complete(told.pop("labels").astype(np.uint8)), **told)


def batches(dataset: PartDataset, sampler: LengthPoolSampler | TokenBudgetSampler) -> DataLoader[Batch]:
    """Loader of whole batches; tokens lie in memory, so worker processes would only cost."""
    return DataLoader(dataset, sampler=sampler, batch_size=None, pin_memory=has_cuda())


class GenreDataModule(pl.LightningDataModule):
    """The films of a source, tokenised and batched.

    Args:
        source: of the films.
        cfg: the `data` section.
        tokenizer: of the model that will read the texts.
        seed: of the order of training batches.
        progress: show a bar while tokenising.
    """

    def __init__(self, source: Source, cfg: DataConfig, tokenizer: Any, *, seed: int, progress: bool = False) -> None:
        super().__init__()
        self.source = source
        self.cfg = cfg
        self.tokenizer = tokenizer
        self.seed = seed
        self.progress = progress
        self.process, self.processes = 0, 1  # which this is of those that train together
        self.taught: npt.NDArray[np.float32] | None = None  # log odds (films, L) of a teacher
        self._ready = False

    def prepare_data(self) -> None:
        """Let the source make what is missing on disk, once.

        Raises:
            UserError: when the data are missing or broken.
        """
        if not self._ready:
            self.source.prepare()

    def setup(self, stage: str | None = None) -> None:
        """Read, split and tokenise the films; further calls do nothing.

        Raises:
            UserError: when the data are broken.
        """
        if self._ready:
            return
        self.corpus = corpus = Corpus(self.source, self.cfg)
        # rows of the films in training batches, an epoch holding each entry once
        self.train_rows = corpus.split.train
        self.truth = corpus.truth
        texts = join_columns(corpus.table, self.cfg.text, self.tokenizer.sep_token)
        self.tokens = cached_tokens(texts, self.tokenizer, self.cfg.max_tokens, corpus.cache, progress=self.progress)
        self._ready = True

    @property
    def train_truth(self) -> Truth:
        """Labels (B, L) of what `train_rows` names."""
        return self.truth.of(self.train_rows)

    def dataset(self, part: Part) -> PartDataset:
        """The films of one part, each once."""
        return self._dataset(self.corpus.rows(part))

    def train_dataloader(self) -> DataLoader[Batch]:
        """Shuffled batches of `batch_size` films of nearly one length."""
        dataset: PartDataset = self._dataset(self.train_rows)
        if self.taught is not None:
            dataset = TaughtDataset(dataset, self.taught[self.train_rows])
        sampler = LengthPoolSampler(dataset.lengths, self.cfg.batch_size, self.seed, self.train_rows)
        return batches(self._shared(dataset), sampler)

    def val_dataloader(self) -> DataLoader[Batch]:
        """Every validation film once, long ones first."""
        dataset = self.dataset("val")
        return batches(self._shared(dataset), TokenBudgetSampler(dataset.lengths))

    def test_dataloader(self) -> DataLoader[Batch]:
        """Every test film once, long ones first."""
        return self.part_dataloader("test")

    def part_dataloader(self, part: Part) -> DataLoader[Batch]:
        """Every film of one part once, long ones first."""
        dataset = self.dataset(part)
        return batches(dataset, TokenBudgetSampler(dataset.lengths))

    def _shared(self, dataset: PartDataset) -> PartDataset:
        """What this process has of it, where several train together."""
        return SharedDataset(dataset, self.process, self.processes) if self.processes > 1 else dataset

    def _dataset(self, rows: Rows) -> PartDataset:
        return FilmDataset(self.tokens, self.truth, rows, self.tokenizer.pad_token_id)
