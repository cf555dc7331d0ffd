"""A moving average of the weights, in the place of those that the last step left."""

from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import WeightAveraging
from torch.optim.swa_utils import get_ema_multi_avg_fn

from genre.files import atomic_path

_KEPT = ("epoch", "global_step", "pytorch-lightning_version", "state_dict", "loops")  # as in one of weights alone


class MovingAverage(WeightAveraging):
    r"""Validates and keeps an exponential moving average of the weights.

    .. math:: \bar w_1 = w_1, \qquad \bar w_t = d \, \bar w_{t-1} + (1 - d) \, w_t

    with w_t the weights after step t. Source: Polyak and Juditsky, "Acceleration of stochastic approximation by
    averaging" (1992), with exponential weights.

    Thresholds of an epoch are those of the average, so it stays in the model's place until the model has looked at the
    epoch: longer than in Lightning, where they would be kept with the other weights.

    Args:
        decay: d, of a step.
    """

    def __init__(self, decay: float) -> None:
        super().__init__(use_buffers=False, multi_avg_fn=get_ema_multi_avg_fn(decay))  # type: ignore[no-untyped-call]

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Keep the average where the training computes: Lightning asks before the model lies there."""
        self._device = trainer.strategy.root_device
        super().setup(trainer, pl_module, stage)

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Not yet."""

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Go back to the weights that are trained; checkpoints are written after that."""
        super().on_validation_epoch_end(trainer, pl_module)


def averaged(checkpoint: dict[str, Any]) -> bool:
    """Whether the weights of a checkpoint that a training can go on from are such an average."""
    return "averaging_state" in checkpoint


def keep_weights_alone(checkpoint: Path) -> dict[str, Any]:
    """Read a checkpoint, and take out of its file what only a training that goes on would need.

    Lightning puts an average into whole checkpoints only, not into those of weights alone.
    """
    content: dict[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
    if averaged(content):
        content = {name: value for name, value in content.items() if name in _KEPT}
        with atomic_path(checkpoint) as temporary:
            torch.save(content, temporary)
    return content
