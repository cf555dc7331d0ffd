"""A training that had been stopped early stays so when its run is started again."""

from typing import Any

import pytorch_lightning as pl


class StaysStopped(pl.Callback):
    """Keeps in each checkpoint whether training was to end there: Lightning itself would go on after it.

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
        """Remember it; a checkpoint of an older version does not say."""
        self.stopped = self.heed and checkpoint.get("stopped_early", False)

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """End before the first epoch."""
        trainer.should_stop = trainer.should_stop or self.stopped
