"""Probabilities of a trained model, film by film."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from genre.config import BaselineConfig, EncoderConfig, RunConfig, TrainConfig
from genre.lightning import interrupts
from genre.machine import Machine


class Probabilities(NamedTuple):
    """Positions (B,) of films in their part, ascending, and their probabilities (B, L)."""

    positions: npt.NDArray[np.int64]
    values: Tensor


def predict_probabilities(trainer: pl.Trainer, module: pl.LightningModule, loader: DataLoader[Any]) -> Probabilities:
    """Probabilities of every film that `loader` gives, in the films' order whatever the batches' order."""
    with interrupts():
        batches: Any = trainer.predict(module, loader)
    positions = torch.cat([positions for positions, _ in batches]).cpu()
    values = torch.cat([values for _, values in batches]).cpu()
    order = positions.argsort()
    return Probabilities(positions[order].numpy(), values[order])


def machine_of(cfg: RunConfig) -> Machine:
    """Where a run with these settings computes, and in which precision.

    Classical models know neither choice: the processor computes, and vectors of an encoder a GPU, where there is one.

    Raises:
        UserError: when that is not here.
    """
    if isinstance(cfg, TrainConfig):
        return Machine.here(cfg.trainer.accelerator, cfg.trainer.precision)
    reads = isinstance(cfg, BaselineConfig) and isinstance(cfg.features, EncoderConfig)
    return Machine.here("auto" if reads else "cpu", None)
