"""Batches of texts of nearly one length, so that little of a batch is padding."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from torch.utils.data import Sampler

_POOL = 50  # batches sorted by length together: enough for little padding, few enough to keep batches random
_EVAL_TOKENS = 8_192  # padded tokens per batch where no gradient is kept


class LengthPoolSampler(Sampler[list[int]]):
    """Training batches: films are shuffled, pools of 50 batches sorted by length, the batches shuffled.

    The order depends on `seed` and the epoch alone. `set_epoch` is called by the Trainer.
    """

    def __init__(self, lengths: npt.NDArray[np.int64], batch_size: int, seed: int) -> None:
        self.lengths = lengths
        self.batch_size = batch_size
        self.seed = seed
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
            rows = order[start : start + pool]
            rows = rows[np.argsort(self.lengths[rows], kind="stable")]
            batches += [rows[at : at + self.batch_size].tolist() for at in range(0, len(rows), self.batch_size)]
        for number in random.permutation(len(batches)):
            yield batches[number]


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
