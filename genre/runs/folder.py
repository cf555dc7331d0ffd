"""The folder of one run: enough to compare, resume and reload it without any service."""

import os
import shutil
import time
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from genre.config import RunConfig, config_from_dict
from genre.config.overrides import command
from genre.errors import UserError, ctrl_c_as_such, one_line
from genre.files import held, is_held, naming, write_json, write_text
from genre.runs.identity import changed_settings, run_name
from genre.runs.intact import numbers, read_json, read_yaml
from genre.runs.log import logging_to


class RunFolder:
    """Paths and records of one run.

    Attributes:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.status_file = path / "status.json"
        self.lock_file = path / ".lock"
        self.log_file = path / "train.log"
        self.config_file = path / "config.yaml"
        self.metrics_file = path / "metrics.json"
        self.intervals_file = path / "intervals.json"
        self.per_genre_file = path / "per_genre.csv"
        self.thresholds_file = path / "thresholds.json"
        self.calibration_file = path / "calibration.json"
        self.predictions_file = path / "predictions.parquet"
        self.films_file = path / "films.parquet"
        self.ngrams_file = path / "ngrams.npz"
        self.environment_file = path / "environment.json"
        self.oversampled_file = path / "oversampled.json"
        self.ensemble_file = path / "ensemble.json"
        self.costs_file = path / "costs.json"
        self.architecture = path / "model"
        self.choice_file = self.architecture / "chosen.json"
        self.checkpoints = path / "checkpoints"
        self.history = path / "history"
        self.plots = path / "plots"
        self.report = path / "report"

    @classmethod
    def of(cls, cfg: RunConfig, data_fingerprint: str) -> "RunFolder":
        """The folder of the run with these settings and data: an existing one of the same identity, or a new name."""
        return cls.named(Path(cfg.paths.outputs) / "runs" / run_name(cfg, data_fingerprint))

    @classmethod
    def named(cls, path: Path) -> "RunFolder":
        """The folder at this path, or one of the same identity whose name tells other overrides."""
        existing = sorted(path.parent.glob(f"*_{path.name.rpartition('_')[2]}"))
        return cls(existing[0] if existing else path)

    @classmethod
    def existing(cls, folder: str, setting: str = "run") -> "RunFolder":
        """A finished run's folder.

        Args:
            folder: where it is.
            setting: what named it, for the error.

        Raises:
            UserError: when there is none, or the run has not finished.
        """
        run = cls(Path(folder).expanduser())
        if not run.config_file.is_file():
            raise UserError(f"{setting}={folder}: no run folder (it has no config.yaml); name one of outputs/runs/")
        if run.state != "completed":
            raise UserError(
                f"{setting}={folder}: this run is {run.state or 'without a status'}; "
                "start its training again to finish it"
            )
        return run

    @property
    def state(self) -> str | None:
        """`running`, `completed`, `failed`, `interrupted`, or None for a run that never started."""
        return str(self._status["state"]) if self._status else None

    @property
    def seconds(self) -> float | None:
        """How long the last start took; None before it ended."""
        return float(self._status["seconds"]) if "seconds" in self._status else None

    @property
    def started(self) -> str | None:
        """When the last start was, a date and a time with its offset, in ISO 8601."""
        return str(self._status["started"]) if "started" in self._status else None

    @property
    def resumed(self) -> bool:
        """Whether the last start went on where an earlier one had been cut off."""
        return "resumed" in self._status

    @property
    def error(self) -> str | None:
        """What ended the run before its time, if anything did."""
        return str(self._status["error"]) if "error" in self._status else None

    @property
    def abandoned(self) -> bool:
        """Whether the run is said to be under way and no process is at work on it."""
        return self.state == "running" and not is_held(self.lock_file)

    def discard(self) -> None:
        """Forget that it ever ran.

        Raises:
            UserError: when a process is at work on it.
        """
        if not self.path.is_dir():
            return
        with self._held():
            self._forget_results(resuming=False)
            self.status_file.unlink(missing_ok=True)

    def note_failure(self, error: str) -> None:
        """Write down why an abandoned run failed, as its own process could not."""
        write_json(self.status_file, self._status | {"state": "failed", "error": error})

    @property
    def best_checkpoint(self) -> Path:
        """Weights of the epoch with the best validation Jaccard."""
        return self.checkpoints / "best.ckpt"

    @property
    def last_checkpoint(self) -> Path:
        """Everything needed to go on after the last finished epoch; a completed run may have none."""
        return self.checkpoints / "last.ckpt"

    @property
    def page(self) -> Path:
        """The page that tells all of the run, once its report is written."""
        return self.report / "report.html"

    def config(self) -> RunConfig:
        """The run's settings, as they were.

        Raises:
            UserError: when they are missing, damaged or of another version.
        """
        values = read_yaml(self.config_file)
        try:
            return config_from_dict(values)
        except UserError as error:
            raise UserError(f"{self.config_file}: {error}") from error

    def metrics(self) -> dict[str, float]:
        """The run's metrics by flat name.

        Raises:
            UserError: when they are missing or damaged.
        """
        return read_json(self.metrics_file, numbers, renewed_by_evaluating(self))

    def environment(self) -> dict[str, Any]:
        """What the run was made with; empty when it ended before that was known."""
        return read_json(self.environment_file, dict) if self.environment_file.is_file() else {}

    def typed(self) -> list[str] | None:
        """What was typed of its settings, see `told_overrides`; None where that is not known."""
        typed = self.environment().get("overrides")
        return [one_line(str(item)) for item in typed] if isinstance(typed, list) else None

    def provenance(self) -> dict[str, Any]:
        """What a finished run is known to be made with: packages, precision, git_revision, data_fingerprint.

        Raises:
            UserError: when that is missing or damaged.
        """
        return read_json(self.environment_file, _provenance)

    @property
    def _status(self) -> dict[str, Any]:
        """Where the run stands; empty before it started."""
        return read_json(self.status_file, _status) if self.status_file.is_file() else {}

    def note(self, **facts: Any) -> None:
        """Add to what the run is made with."""
        write_json(self.environment_file, self.environment() | facts)

    @contextmanager
    def recording(self, cfg: RunConfig, *, resuming: bool = False, keep_last: bool = True) -> Iterator[None]:
        """Keep `status.json` true while the run is under way, whatever ends it.

        Results of an earlier start are forgotten; its history and checkpoints are kept when `resuming`. What is logged
        goes to `train.log` too.

        Once it is completed, the checkpoint to resume from goes unless `keep_last`: the optimiser's memory in it is
        twice as large as the weights, which the best checkpoint holds.

        A killed process leaves `running`, but not the lock, so that the next start knows that it is gone.

        Raises:
            UserError: when another process is at work in this folder.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        for entry in self.path.iterdir():
            if entry.is_symlink():  # none is made here: what it points to is somebody else's
                entry.unlink()
        with self._held():
            self._forget_results(resuming=resuming)
            started = time.time()
            status: dict[str, Any] = {"state": "running", "started": _now(), "pid": os.getpid()}
            status |= {"resumed": True} if resuming else {}
            write_json(self.status_file, status)
            write_text(self.config_file, yaml.safe_dump(asdict(cfg), sort_keys=False, allow_unicode=True))
            write_json(self.path / "changed_settings.json", changed_settings(cfg))
            try:
                with naming(self.path), logging_to(self.log_file), ctrl_c_as_such():
                    yield
            except BaseException as error:
                if isinstance(error, Exception):
                    kind = "" if isinstance(error, UserError) else f"{type(error).__name__}: "
                    status |= {"state": "failed", "error": f"{kind}{error}"}
                    status["traceback"] = traceback.format_exc()
                else:
                    how = "by Ctrl-C" if isinstance(error, KeyboardInterrupt) else "from outside"
                    status |= {"state": "interrupted", "error": f"stopped {how}"}
                raise
            else:
                status["state"] = "completed"
            finally:
                write_json(self.status_file, status | {"ended": _now(), "seconds": round(time.time() - started, 1)})
            if not keep_last:
                self.last_checkpoint.unlink(missing_ok=True)

    def _held(self) -> AbstractContextManager[None]:
        return held(self.lock_file, f"{self.path}: another process is training this very run; wait for it")

    def _forget_results(self, *, resuming: bool) -> None:
        for file in (
            self.metrics_file,
            self.intervals_file,
            self.per_genre_file,
            self.thresholds_file,
            self.calibration_file,
            self.ensemble_file,
            self.predictions_file,
            self.films_file,
            self.ngrams_file,
            self.costs_file,
        ):
            file.unlink(missing_ok=True)
        for left in self.checkpoints.glob(".*"):  # by a process that was killed while it wrote
            left.unlink()
        for folder in (self.plots, self.report):
            if folder.is_dir():
                shutil.rmtree(folder)
        if not resuming:
            self.log_file.unlink(missing_ok=True)
            shutil.rmtree(self.history, ignore_errors=True)
            (self.path / "mlflow.json").unlink(missing_ok=True)
            shutil.rmtree(self.path / "wandb", ignore_errors=True)
            shutil.rmtree(self.path / "tensorboard", ignore_errors=True)
            shutil.rmtree(self.checkpoints, ignore_errors=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def renewed_by_evaluating(run: RunFolder) -> str:
    """What mends a damaged record of results."""
    return f"{command('evaluate', run=run.path)} writes it anew"


def _provenance(content: Any) -> dict[str, Any]:
    texts = {name: str(content[name] or "") for name in ("precision", "git_revision", "data_fingerprint")}
    return {**texts, "packages": {str(name): str(number) for name, number in content["packages"].items()}}


def _status(content: Any) -> dict[str, Any]:
    known = ("running", "completed", "failed", "interrupted")
    if content["state"] not in known:
        raise ValueError(f"no state is called {content['state']!r}")
    return {**content, "seconds": float(content["seconds"])} if "seconds" in content else content
