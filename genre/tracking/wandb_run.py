"""A W&B run for each start of a training: opened before it, given the results after it, closed whatever happens."""

import os
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import cast

import pandas as pd
import wandb
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from pytorch_lightning.loggers import WandbLogger
from wandb.sdk.lib.wbauth import read_netrc_auth

from genre.config import BaselineConfig, RunConfig, TrainConfig
from genre.config.schema import SCHEMAS
from genre.errors import UserError
from genre.lightning import Machine
from genre.runs.folder import RunFolder
from genre.runs.identity import changed_settings
from genre.runs.records import best_epoch, read_intervals, read_per_genre

_ONLINE_TIMEOUT = 30  # seconds for the first answer of the W&B server
_UPLOAD_TIMEOUT = 600  # seconds for what is left at the end; a lost network must not hold up a sweep for ever
_TAGS = 20  # more would fill the table of runs
_STEP = "trainer/global_step"


# where W&B keeps what it is about to send, unless these variables say so
_PLACES = {"WANDB_CACHE_DIR": "~/.cache", "WANDB_CONFIG_DIR": "~/.config", "WANDB_DATA_DIR": "~/.local/share"}


def _keep_here(run: RunFolder) -> None:
    """Let W&B keep its files in the run folder where the home folder cannot be written, as in many containers."""
    for variable, place in _PLACES.items():
        nearest = Path(place).expanduser()
        while not nearest.exists():
            nearest = nearest.parent
        try:
            with tempfile.TemporaryDirectory(dir=nearest):
                pass
        except OSError:
            os.environ.setdefault(variable, str(run.path / "wandb"))


class WandbRun(WandbLogger):
    """Lightning's logger of a run's curves, which also logs what the run folder holds at the end.

    The config is the resolved one, nested as in YAML: W&B's tables and filters call a nested setting `loss.gamma`
    themselves, and names that hold dots confuse them.

    Args:
        run: its folder.
        cfg: its settings.
        project: of W&B.
        entity: user or team of W&B, None for the default one.
        online: whether to send it now, or to keep it for `wandb sync`.
        texts: whether descriptions of films are logged too.
        checkpoint: whether the best checkpoint is logged as an artifact.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """

    def __init__(
        self,
        run: RunFolder,
        cfg: RunConfig,
        *,
        project: str,
        entity: str | None,
        online: bool,
        texts: bool,
        checkpoint: bool,
    ) -> None:
        _keep_here(run)
        os.environ.setdefault("WANDB_SILENT", "true")  # the last lines of a training say what a person needs to know
        self._folder, self._texts, self._checkpoint = run, texts, checkpoint
        try:
            # opened here and now, so that a missing network costs no training
            self.record = wandb.init(
                name=run.path.name.rpartition("_")[0],
                group=_sweep(),
                job_type=_job_type(cfg),
                tags=sorted(name.removesuffix("._target_") for name in changed_settings(cfg))[:_TAGS],
                config=asdict(cfg) | {"run_folder": run.path.name, "machine": _machine(run)},
                dir=run.path,
                mode="online" if online else "offline",
                project=project,
                entity=entity,
                reinit="create_new",
                settings=wandb.Settings(
                    silent=True, console="off", init_timeout=_ONLINE_TIMEOUT, finish_timeout=_UPLOAD_TIMEOUT
                ),
            )
        except (wandb.errors.CommError, wandb.errors.AuthenticationError, wandb.errors.UsageError) as error:
            reason = str(error).strip().splitlines()[0]
            raise UserError(f"W&B cannot be used online ({reason}); take logger.mode=offline or logger=csv") from error
        self.record.define_metric(_STEP)
        self.record.define_metric("*", step_metric=_STEP, step_sync=True)
        super().__init__(experiment=self.record)

    def log_results(self) -> None:
        """Log what the folder of a finished run holds: metrics as the summary, tables, plots, the best checkpoint."""
        run = self._folder
        self.record.summary.update(_summary(run))
        self.record.log(self._tables() | {f"plots/{file.stem}": wandb.Image(file) for file in run.plots.glob("*.png")})
        if self._checkpoint:
            artifact = wandb.Artifact(f"model-{self.record.id}", type="model")
            # neither a copy now nor one after the upload: the files stay where they are
            if run.best_checkpoint.is_file():
                artifact.add_file(str(run.best_checkpoint), policy="immutable", skip_cache=True)
            else:  # a classical baseline has none, its model's folder holds all of it
                artifact.add_dir(str(run.architecture), policy="immutable", skip_cache=True)
            self.record.log_artifact(artifact, aliases=["best"])

    def close(self, *, failed: bool) -> None:
        """End the W&B run, so that the next job of a sweep opens its own."""
        self.record.finish(exit_code=int(failed))

    def _tables(self) -> dict[str, object]:
        """The tables of a run; those of its report where one was written."""
        run = self._folder
        tables: dict[str, object] = {"per_genre": wandb.Table(dataframe=read_per_genre(run))}
        films_file, curves_file = run.report / "films.csv", run.report / "precision_recall.csv"
        if films_file.is_file():
            films = pd.read_csv(films_file, keep_default_na=False)  # a film may be called None
            tables["films"] = wandb.Table(dataframe=films if self._texts else films.drop(columns="description"))
        if curves_file.is_file():
            tables["precision_recall"] = wandb.plot_table(
                "wandb/area-under-curve/v0",
                wandb.Table(dataframe=pd.read_csv(curves_file, dtype={"genre": "str"}, keep_default_na=False)),
                fields={"x": "recall", "y": "precision", "class": "genre"},
                string_fields={"title": "Precision and recall of each genre, test films"},
            )
        return tables


def has_credentials() -> bool:
    """Whether W&B could log in without asking: by the environment, or by the netrc file that `wandb login` writes."""
    if os.environ.get("WANDB_MODE") in ("offline", "disabled", "dryrun"):
        return False
    if os.environ.get("WANDB_API_KEY") or os.environ.get("WANDB_IDENTITY_TOKEN_FILE"):
        return True
    return read_netrc_auth(host=wandb.Settings().base_url) is not None


def _sweep() -> str | None:
    """Id of the multirun that this job belongs to: the name of its folder."""
    if HydraConfig.initialized() and HydraConfig.get().mode == RunMode.MULTIRUN:
        return Path(HydraConfig.get().runtime.output_dir).name
    return None


def _machine(run: RunFolder) -> dict[str, str | int | None]:
    """Where the run computes, and in which precision."""
    known = run.environment()
    return {field.name: known[field.name] for field in fields(Machine)}


def _job_type(cfg: RunConfig) -> str:
    """Name of the loss, or of the classical baseline, as the command line has it."""
    section = cfg.baseline if isinstance(cfg, BaselineConfig) else cast(TrainConfig, cfg).loss
    return next(path for path, schema in SCHEMAS.items() if schema is type(section)).rpartition("/")[2]


def _summary(run: RunFolder) -> dict[str, float]:
    """The final metrics, the ends of their intervals, and the validation metrics of the best epoch in the history."""
    summary = run.metrics()
    for name, (low, high) in read_intervals(run).items():
        summary |= {f"{name}_low": low, f"{name}_high": high}
    best = best_epoch(run)
    if not best:  # a classical baseline has none
        return summary
    summary["best/epoch"] = int(best["epoch"])
    return summary | {f"best/{name}": float(value) for name, value in best.items() if name.startswith("val")}
