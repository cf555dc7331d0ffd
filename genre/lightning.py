"""What Lightning is told of the machine and of its console: device, precision, progress, checkpoints, signals."""

import logging
import os
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

import pytorch_lightning as pl
import torch
from lightning_fabric.plugins.environments.lightning import LightningEnvironment
from pytorch_lightning.callbacks import ModelCheckpoint, RichProgressBar
from pytorch_lightning.plugins.io import TorchCheckpointIO
from pytorch_lightning.plugins.precision import MixedPrecision
from pytorch_lightning.strategies import DDPStrategy
from pytorch_lightning.utilities.exceptions import SIGTERMException
from rich.console import Console

from genre.console import duration, shows_steps
from genre.errors import ctrl_c_as_such
from genre.files import atomic_path
from genre.machine import Machine

log = logging.getLogger(__name__)


def trainer_arguments(machine: Machine, *, progress_bar: bool) -> dict[str, Any]:
    """Arguments of every Trainer: device, precision, a line for each epoch, and a bar where a terminal shows it.

    Of several processes that train together only the first shows anything.
    """
    bar = progress_bar and Console().is_terminal and shows_steps()
    precision = machine.precision
    plugins: list[Any] = [_WholeCheckpoints()]
    if precision in ("bf16-mixed", "16-mixed"):
        # by name, Lightning would turn float16 into bfloat16 on a processor
        plugins.append(MixedPrecision(cast(Literal["bf16-mixed", "16-mixed"], precision), machine.device))
        precision = None
    return {
        "accelerator": machine.device,
        "devices": 1,
        "precision": precision,
        "plugins": plugins,
        "enable_progress_bar": bar,
        "callbacks": [EpochLines(), *([_ProgressBar()] if bar else [])],
        "enable_model_summary": False,
    }


def together(machine: Machine, process: int, processes: int, port: int) -> dict[str, Any]:
    """Arguments of a Trainer that is one of several.

    Args:
        machine: where they compute: each on a GPU of its own, or all on the processor.
        process: which one this is, from 0.
        processes: how many there are.
        port: of this machine, where they meet.
    """
    strategy = DDPStrategy(
        cluster_environment=_ThisMachine(process, port),
        process_group_backend="nccl" if machine.device == "cuda" else "gloo",
        broadcast_buffers=False,  # all have the same, and evaluation would wait for it
        static_graph=True,  # each step uses the same weights, which may not be all: some networks have a pooler
    )
    return {"devices": processes, "strategy": strategy}


class _ThisMachine(LightningEnvironment):
    """Processes that have been started on this machine; Lightning would start the command line again."""

    def __init__(self, process: int, port: int) -> None:
        super().__init__()
        self.process, self._main_port = process, port

    @property
    def creates_processes_externally(self) -> bool:
        return True

    def local_rank(self) -> int:
        return self.process


class EpochLines(pl.Callback):
    """A line for each epoch: on a terminal, in notebooks, and in logs of nohup, Slurm or CI as in that of the run."""

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Time is counted from here, whichever epoch it is."""
        self._first, self._begin = trainer.current_epoch, time.monotonic()

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Films a second are those of training, without validation."""
        self._films, self._training = 0, time.monotonic()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Count films."""
        self._films += len(batch["labels"])

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Training of the epoch is over."""
        self._speed = self._films / (time.monotonic() - self._training)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Say how it went and how long the rest will take at most."""
        epoch, epochs, metrics = trainer.current_epoch + 1, trainer.max_epochs or 0, trainer.callback_metrics
        left = (time.monotonic() - self._begin) / (epoch - self._first) * (epochs - epoch)
        told = [
            f"training loss {metrics['train/loss_epoch']:.4f}",
            f"validation loss {metrics['val/loss']:.4f}",
            f"validation Jaccard {metrics['val/jaccard']:.4f}",
            *self._chosen_by(trainer),
            f"{self._speed:.1f} films a second",
            *([f"at most {duration(max(left, 1))} left"] if epoch < epochs else []),
        ]
        log.info("Epoch %d of %d: %s", epoch, epochs, ", ".join(told))

    def _chosen_by(self, trainer: pl.Trainer) -> list[str]:
        """What chooses the epoch, where that is another metric, and whether this one is the best so far."""
        keeper = trainer.checkpoint_callback
        if not isinstance(keeper, ModelCheckpoint) or keeper.monitor is None:
            return []
        value = trainer.callback_metrics[keeper.monitor]
        told = [f"{keeper.monitor} {value:.4f}"] if keeper.monitor != "val/jaccard" else []
        before = keeper.best_model_score  # checkpoints are looked after last
        best = before is None or bool(value < before if keeper.mode == "min" else value > before)
        return [*told, "the best so far"] if best else told


class _WholeCheckpoints(TorchCheckpointIO):
    """Writes each checkpoint beside the old one and then puts it in its place.

    Lightning's own writes into TMPDIR, and where that is another file system it copies over the old checkpoint, which a
    kill or a full disk leaves torn.
    """

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        with atomic_path(Path(path)) as temporary, temporary.open("wb") as file:
            torch.save(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())


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
        ".*sync_dist=True.*",  # processes that train together know the same of the films
        ".*lr_scheduler.step.*before.*optimizer.step.*",  # a scaler skips steps until it has found its scale
    ):
        warnings.filterwarnings("ignore", message=message)


@contextmanager
def interrupts() -> Iterator[None]:
    """Let Ctrl-C be a KeyboardInterrupt again, and a termination an exit with code 143, around what a Trainer does.

    Lightning turns them into exits with the codes 1 and 0.
    """
    try:
        with ctrl_c_as_such():
            yield
    except SIGTERMException:
        raise SystemExit(143) from None
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # Lightning leaves it ignored
        raise
