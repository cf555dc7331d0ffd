"""Losses that change in the course of a training."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class EpochLoss(Protocol):
    """A loss that is told which epoch of the training begins, and keeps nothing else of the training.

    Until it is told, and in eval mode, it is what it is in the first epoch: the starting point of a training and the
    validation loss of all its epochs are of one function.
    """

    def start_epoch(self, epoch: int) -> None:
        """An epoch begins: 0 is the first."""
