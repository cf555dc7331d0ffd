"""Runs as TensorBoard gets them: event files in the run folder, with the settings as hyperparameters."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pytorch_lightning.loggers import TensorBoardLogger
from torch.utils.tensorboard import SummaryWriter
from torch.utils.tensorboard.summary import hparams

from genre.config import RunConfig
from genre.runs.folder import RunFolder
from genre.tracking.content import settings_of, sizes_of, summary_of, told_settings
from genre.tracking.curves import CurvesLogger

_FOLDER = "tensorboard"  # of the run folder


class TensorBoardRun(CurvesLogger, TensorBoardLogger):
    """Lightning's logger of a run's curves, which also logs settings and results at the end.

    Args:
        run: its folder.
        cfg: its settings.
    """

    def __init__(self, run: RunFolder, cfg: RunConfig) -> None:
        super().__init__(run.path, name=_FOLDER, version="", default_hp_metric=False)
        self._folder, self._cfg = run, cfg
        self.place = "TensorBoard"

    def save(self) -> None:
        """Write no file of hyperparameters: the run folder has its settings."""

    def finalize(self, status: str) -> None:
        """Leave the file open: results come after training."""

    def log_results(self) -> None:
        """Log the metrics of a finished run as the last points of their curves, and what it was made with."""
        settings = settings_of(self._folder, self._cfg) | sizes_of(self._folder)
        _log_summary(self.experiment, settings, summary_of(self._folder), self._last_step)

    def close(self, *, failed: bool) -> None:
        """Write what is left."""
        self.experiment.close()


def record_finished_run(run: RunFolder, cfg: RunConfig) -> None:
    """Write the event file of a run that was finished before, unless it has one."""
    if any((run.path / _FOLDER).glob("events.*")):
        return
    record = TensorBoardRun(run, cfg)
    record.log_history()
    record.log_results()
    record.close(failed=False)


def record_mean(folder: Path, runs: Sequence[RunFolder], summary: pd.DataFrame, cfg: RunConfig) -> None:
    """Write the mean over seeds as a run of its own, in place of an earlier one.

    Args:
        folder: of this run.
        runs: finished, of different seeds.
        summary: metric, mean and whatever else is known of each metric.
        cfg: settings of the runs.
    """
    first, place = runs[0], folder / _FOLDER
    shutil.rmtree(place, ignore_errors=True)
    settings = settings_of(first, cfg) | sizes_of(first) | {"seed": None, "seeds": len(runs), "run_folder": folder.name}
    with SummaryWriter(str(place)) as writer:
        _log_summary(writer, settings, dict(zip(summary["metric"], summary["mean"], strict=True)), 0)


def _log_summary(writer: SummaryWriter, settings: dict[str, Any], summary: Mapping[str, float], step: int) -> None:
    for name, value in summary.items():
        writer.add_scalar(name, value, step)
    for part in hparams(told_settings(settings), dict(summary)):  # type: ignore[no-untyped-call]
        writer._get_file_writer().add_summary(part)  # type: ignore[no-untyped-call]
