"""Runs as MLflow gets them, those of a sweep or of several seeds nested under one."""

import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.entities import Metric, Param
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
from pytorch_lightning.loggers import MLFlowLogger

from genre.config import RunConfig
from genre.config.schema import MLflowConfig
from genre.files import write_json
from genre.runs.folder import RunFolder
from genre.runs.identity import config_name
from genre.runs.intact import read_json
from genre.tracking.content import settings_of, sizes_of, summary_of, tables_of, told_settings
from genre.tracking.curves import CurvesLogger
from genre.tracking.mlflow_store import Store, refused
from genre.tracking.names import name_of, nested_in, told_of

log = logging.getLogger(__name__)


class MlflowRun(CurvesLogger, MLFlowLogger):
    """Lightning's logger of a run's curves, which also logs settings and results.

    A training that goes on after it was cut off goes on in MLflow too.

    Args:
        run: its folder.
        cfg: its settings.
        logger: those of MLflow.

    Raises:
        UserError: when the store cannot be opened.
    """

    def __init__(self, run: RunFolder, cfg: RunConfig, logger: MLflowConfig) -> None:
        self._folder, self._cfg = run, cfg
        store = Store(cfg, logger)
        with refused(store.uri):
            self._parents = store.parents(nested_in(run, cfg))
            known = store.run(kept_id(run))
            if known:
                identity = known.info.run_id
                store.client.update_run(identity, status="RUNNING")
            else:
                nested = {MLFLOW_PARENT_RUN_ID: self._parents[-1]} if self._parents else {}
                tags = {"kind": config_name(cfg)} | nested
                made = store.client.create_run(store.experiment, run_name=name_of(told_of(run)), tags=tags)
                identity = made.info.run_id
                _log_settings(store, identity, settings_of(run, cfg))
                write_json(_record_file(run), {"id": identity})
            for parent in self._parents:
                store.client.update_run(parent, status="RUNNING")
        self._store = store
        self.place = "MLflow"  # its address may hold a password
        super().__init__(tracking_uri=store.uri, run_id=identity)

    def finalize(self, status: str = "success") -> None:
        """Leave the run open: results come after training."""

    def log_results(self) -> None:
        """Log what the folder of a finished run holds: metrics as the last points of their curves, tables, plots."""
        run, identity, client = self._folder, self.run_id, self._store.client
        assert identity is not None
        _log_settings(self._store, identity, sizes_of(run))
        _log_summary(self._store, identity, summary_of(run), self._last_step)
        with tempfile.TemporaryDirectory() as folder:
            for name, table in tables_of(run, texts=False).items():
                file = Path(folder) / f"{name}.csv"
                table.to_csv(file, index=False, lineterminator="\n")
                client.log_artifact(identity, str(file))
        for plot in run.plots.glob("*.png"):
            client.log_artifact(identity, str(plot), "plots")

    def close(self, *, failed: bool) -> None:
        """End the run, and for now those that it is nested under."""
        assert self.run_id is not None
        self._store.client.set_terminated(self.run_id, "FAILED" if failed else "FINISHED")
        for parent in self._parents:
            self._store.client.set_terminated(parent, "FINISHED")


def record_finished_run(run: RunFolder, cfg: RunConfig, logger: MLflowConfig) -> None:
    """Let MLflow have a run that was finished before: whole if it has never been there, else nested as this start asks.

    Raises:
        UserError: when the store cannot be opened.
    """
    store = Store(cfg, logger)
    with refused(store.uri):
        known, parents = store.run(kept_id(run)), store.parents(nested_in(run, cfg))
        if known is None:
            record = MlflowRun(run, cfg, logger)
            record.log_history()
            record.log_results()
            record.close(failed=False)
        elif parents and known.data.tags.get(MLFLOW_PARENT_RUN_ID) != parents[-1]:
            log.info("In MLflow %s is nested under %s now", known.info.run_name, nested_in(run, cfg)[-1])
            store.client.set_tag(known.info.run_id, MLFLOW_PARENT_RUN_ID, parents[-1])


def record_mean(runs: Sequence[RunFolder], summary: pd.DataFrame, cfg: RunConfig, logger: MLflowConfig) -> None:
    """Let the run that those of the seeds are nested under have their settings and means.

    Args:
        runs: finished, of different seeds.
        summary: metric, mean and whatever else is known of each metric.
        cfg: settings of the runs.
        logger: those of MLflow.

    Raises:
        UserError: when the store cannot be opened.
    """
    store, first = Store(cfg, logger), runs[0]
    means = dict(zip(summary["metric"], summary["mean"], strict=True))
    with refused(store.uri):
        parent = store.run(store.parents(nested_in(first, cfg))[-1])
        assert parent is not None
        if parent.data.metrics == means:
            return
        settings = settings_of(first, cfg) | sizes_of(first) | {"seed": None, "run_folder": None, "seeds": len(runs)}
        _log_settings(store, parent.info.run_id, settings)
        _log_summary(store, parent.info.run_id, means, 0)
        store.client.set_terminated(parent.info.run_id, "FINISHED")


def kept_id(run: RunFolder) -> str | None:
    """Id of the MLflow run that a folder knows."""
    file = _record_file(run)
    return str(read_json(file, dict)["id"]) if file.is_file() else None


def _record_file(run: RunFolder) -> Path:
    return run.path / "mlflow.json"


def _log_settings(store: Store, identity: str, settings: dict[str, Any]) -> None:
    """Log settings that the run does not have: MLflow lets none be changed."""
    there = store.client.get_run(identity).data.params
    params = [Param(name, str(value)) for name, value in told_settings(settings).items() if name not in there]
    store.client.log_batch(identity, params=params)


def _log_summary(store: Store, identity: str, summary: Mapping[str, float], step: int) -> None:
    now = round(time.time() * 1000)  # milliseconds
    store.client.log_batch(identity, metrics=[Metric(name, value, now, step) for name, value in summary.items()])
