"""Losses that change in the course of a training."""

from torch import nn


class EpochLoss(nn.Module):
    """A loss that is told which epoch of the training begins, and keeps nothing else of the training."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = 0

    def start_epoch(self, epoch: int) -> None:
        """An epoch begins: 0 is the first."""
        self._begun = epoch

    @property
    def epoch(self) -> int:
        """Which epoch it is; the first one until it is told, and in eval mode.

        The starting point of a training and the validation loss of all its epochs are so of one function.
        """
        return self._begun if self.training else 0
