"""Probabilities of a trained model, film by film."""

import logging
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import RichProgressBar
from pytorch_lightning.utilities.exceptions import SIGTERMException
from torch import Tensor
from torch.utils.data import DataLoader

from genre.config import TrainerConfig
from genre.errors import UserError


class _ProgressBar(RichProgressBar):
    """Without the number of the logger's folder."""

    def get_metrics(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> dict[str, Any]:
        metrics: dict[str, Any] = super().get_metrics(trainer, pl_module)
        metrics.pop("v_num", None)
        return metrics


def quiet_lightning() -> None:
    """Keep what tells a person nothing off the console."""
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
    for message in (
        ".*treespec, LeafSpec.*",  # a deprecation inside Lightning
        ".*does not have many workers.*",  # tokens lie in memory
        ".*exists and is not empty.*",  # a run is being continued
        ".*dirpath has changed.*",  # a run starts from another one's checkpoint
    ):
        warnings.filterwarnings("ignore", message=message)


@contextmanager
def interrupts() -> Iterator[None]:
    """Let Ctrl-C be a KeyboardInterrupt again, and a termination an exit with code 143, around what a Trainer does.

    Lightning turns them into exits with the codes 1 and 0.
    """
    try:
        yield
    except SIGTERMException:
        raise SystemExit(143) from None
    except SystemExit as end:
        if isinstance(end.__context__, KeyboardInterrupt):
            signal.signal(signal.SIGINT, signal.default_int_handler)
            raise KeyboardInterrupt from None
        raise


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


def trainer_settings(cfg: TrainerConfig) -> dict[str, Any]:
    """Arguments of every Trainer, for training and for inference."""
    if cfg.accelerator == "gpu" and not torch.cuda.is_available():
        raise UserError("trainer.accelerator=gpu: torch sees no GPU here; trainer.accelerator=auto takes what there is")
    return {
        "accelerator": cfg.accelerator,
        "devices": 1,
        "precision": _precision(cfg),
        "enable_progress_bar": cfg.progress_bar,
        "callbacks": [_ProgressBar()] if cfg.progress_bar else [],
        "enable_model_summary": False,
        "limit_predict_batches": cfg.limit_batches,
    }


def compute_device(cfg: TrainerConfig) -> torch.device:
    """Where a Trainer with these settings computes."""
    return torch.device("cuda" if cfg.accelerator != "cpu" and torch.cuda.is_available() else "cpu")


def _precision(cfg: TrainerConfig) -> str:
    """`auto` is bf16-mixed where the processor multiplies bfloat16 in hardware, else float32.

    Emulated bfloat16 is slower than float32: three times on an AVX-512 processor without the bf16 instructions.
    """
    if cfg.precision != "auto":
        return cfg.precision
    if cfg.accelerator != "cpu" and torch.cuda.is_available():
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        abilities = torch.cpu.get_capabilities()
        native = bool(abilities.get("avx512_bf16") or abilities.get("amx_bf16"))
    return "bf16-mixed" if native else "32-true"
