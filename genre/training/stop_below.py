"""An end to runs that fall behind."""

import logging
from collections.abc import Sequence

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
