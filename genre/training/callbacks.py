"""Ends of a training before its last epoch."""

import logging
from collections.abc import Sequence
from typing import Any

import pytorch_lightning as pl

log = logging.getLogger(__name__)


class StopBelow(pl.Callback):
    """Ends training after the first epoch whose validation Jaccard lies below that epoch's bound.

    Args:
        bounds: of the first epochs; later ones have none.
    """

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Compare the epoch that has just ended."""
        epoch = trainer.current_epoch
        if epoch >= len(self.bounds):
            return
        jaccard = float(trainer.callback_metrics["val/jaccard"])
        if jaccard < self.bounds[epoch]:
            log.info("Stopped after epoch %d: val/jaccard %.4f is below %.4f", epoch + 1, jaccard, self.bounds[epoch])
            trainer.should_stop = True


class StaysStopped(pl.Callback):
    """A training that had been stopped early stays so when its run is started again.

    Keeps in each checkpoint whether training was to end there: Lightning itself would go on after it.

    Args:
        heed: whether a checkpoint that says so ends the training that goes on from it.
    """

    def __init__(self, *, heed: bool) -> None:
        self.heed = heed
        self.stopped = False

    def on_save_checkpoint(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Checkpoints are written after all other callbacks have looked at the epoch."""
        checkpoint["stopped_early"] = bool(trainer.should_stop)

    def on_load_checkpoint(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Remember it."""
        self.stopped = self.heed and checkpoint["stopped_early"]

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """End before the first epoch."""
        trainer.should_stop = trainer.should_stop or self.stopped
