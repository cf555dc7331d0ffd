"""Batches of texts of nearly one length, so that little of a batch is padding."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.utils.data import Sampler

Batch = dict[str, Tensor]

_POOL = 50  # batches sorted by length together: enough for little padding, few enough to keep batches random
_EVAL_TOKENS = 8_192  # padded tokens per batch where no gradient is kept


class LengthPoolSampler(Sampler[list[int]]):
    """Training batches: films are shuffled, pools of 50 batches sorted by length, the batches shuffled.

    Clones of a film are as long as the film and would meet in one batch: the sorted rows of a pool are dealt out, like
    cards, among as many batches at a time as its most frequent film has clones in it, so that no two of them share one.

    The order depends on `seed` and the epoch alone. `set_epoch` is called by the Trainer.

    Args:
        lengths: tokens of each row (B,).
        batch_size: rows a batch.
        seed: of the order.
        films: equal numbers (B,) for rows that are the same film; None where all films differ.
    """

    def __init__(
        self,
        lengths: npt.NDArray[np.int64],
        batch_size: int,
        seed: int,
        films: npt.NDArray[np.int64] | None = None,
    ) -> None:
        self.lengths = lengths
        self.batch_size = batch_size
        self.seed = seed
        self.films = np.arange(len(lengths)) if films is None else films
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of this epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-len(self.lengths) // self.batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        random = np.random.default_rng([self.seed, self.epoch])
        order = random.permutation(len(self.lengths))
        pool = _POOL * self.batch_size
        batches: list[list[int]] = []
        for start in range(0, len(order), pool):
            batches += self._batches(order[start : start + pool])
        for number in random.permutation(len(batches)):
            yield batches[number]

    def _batches(self, rows: npt.NDArray[np.int64]) -> list[list[int]]:
        """The rows of one pool, in batches of nearly one length."""
        # by length, rows of equal length in their random order, but clones side by side
        _, first, film, times = np.unique(self.films[rows], return_index=True, return_inverse=True, return_counts=True)
        rows = rows[np.lexsort((first[film], self.lengths[rows]))]
        together = int(times.max())  # batches among which rows are dealt out: one where all films differ
        number = -(-len(rows) // self.batch_size)
        starts = [batch * self.batch_size for batch in range(0, number - together + 1, together)] or [0]
        batches: list[list[int]] = []
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
            dealt = -(-(end - start) // self.batch_size)
            batches += [rows[start:end][place::dealt].tolist() for place in range(dealt)]
        return batches


class TokenBudgetSampler(Sampler[list[int]]):
    """Evaluation batches: films from long to short, each batch as many as fit a budget of padded tokens."""

    def __init__(self, lengths: npt.NDArray[np.int64], budget: int = _EVAL_TOKENS) -> None:
        order = np.argsort(-lengths, kind="stable")
        self.batches: list[list[int]] = []
        start = 0
        while start < len(order):
            films = max(1, budget // max(1, int(lengths[order[start]])))
            self.batches.append(order[start : start + films].tolist())
            start += films

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[list[int]]:
        return iter(self.batches)


def pad_batch(texts: list[npt.NDArray[np.int32]], pad: int) -> Batch:
    """Token ids of B texts as `input_ids` and `attention_mask` (B, T), T the length of the longest."""
    longest = max(map(len, texts))
    ids = np.full((len(texts), longest), pad, dtype=np.int64)
    mask = np.zeros((len(texts), longest), dtype=np.int64)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
