"""An MLflow store: opened for one process after another, with the experiment that runs go to."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import alembic  # noqa: F401  # MLflow imports it late, and says in its own way that it is missing
import sqlalchemy
from filelock import FileLock
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from genre.config import RunConfig
from genre.config.schema import MLflowConfig
from genre.errors import UserError
from genre.files import short_hash

if TYPE_CHECKING:
    from mlflow.entities import Run

_GROUP = "group"  # tag of a parent: by which it is found again


class Store:
    """An MLflow store and the experiment in it.

    Attributes:
        uri: of the store.
        client: of MLflow.
        experiment: its id.

    Args:
        cfg: settings of a run.
        logger: those of MLflow.

    Raises:
        UserError: when the store cannot be opened.
    """

    def __init__(self, cfg: RunConfig, logger: MLflowConfig) -> None:
        outputs = Path(cfg.paths.outputs)
        outputs.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(outputs / ".mlflow.lock")
        default = f"sqlite:///{(outputs / 'mlflow.db').as_posix()}"
        self.uri = logger.uri or os.environ.get("MLFLOW_TRACKING_URI") or default
        with refused(self.uri), self._lock:  # the first one makes the tables
            self.client = _opened(self.uri)
            known = self.client.get_experiment_by_name(logger.experiment)
            if known is None:
                # a server has its own place for files
                files = None if self.uri.startswith("http") else (outputs / "mlflow").as_uri()
                self.experiment = self.client.create_experiment(logger.experiment, artifact_location=files)
            elif known.lifecycle_stage == "deleted":
                chosen = f"logger.mlflow.experiment={logger.experiment}"
                raise UserError(f"{chosen}: is deleted in MLflow; restore it, or name another one")
            else:
                self.experiment = known.experiment_id

    def run(self, run_id: str | None) -> "Run | None":
        """A run of the experiment; None where it is gone."""
        if run_id is None:
            return None
        try:
            run = self.client.get_run(run_id)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise
        there = run.info.lifecycle_stage == "active" and run.info.experiment_id == self.experiment
        return run if there else None

    def parents(self, names: list[str]) -> list[str]:
        """The runs that others are nested under, made by the first of them.

        Args:
            names: of the groups, the outer one first.

        Returns:
            An id for each.
        """
        found: list[str] = []
        for depth, name in enumerate(names, 1):
            key = short_hash(names[:depth])
            with self._lock:  # of several jobs at once, one makes it
                known = self.client.search_runs([self.experiment], f"tags.{_GROUP} = '{key}'", max_results=1)
                tags = {_GROUP: key} | ({MLFLOW_PARENT_RUN_ID: found[-1]} if found else {})
                run = known[0] if known else self.client.create_run(self.experiment, run_name=name, tags=tags)
            found.append(run.info.run_id)
        return found


@contextmanager
def refused(uri: str) -> Iterator[None]:
    """Say in one line what an MLflow store answers.

    Raises:
        UserError: for whatever it refuses.
    """
    try:
        yield
    except (MlflowException, sqlalchemy.exc.SQLAlchemyError, ModuleNotFoundError) as error:
        reason = str(error).strip().splitlines()[0][:200]
        remedy = "check logger.mlflow.uri, or take logger=csv"
        raise UserError(f"MLflow cannot be used at {uri} ({reason}); {remedy}") from error


def _opened(uri: str) -> MlflowClient:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sqlalchemy.exc.SADeprecationWarning)  # of MLflow's own tables
        return MlflowClient(uri)
