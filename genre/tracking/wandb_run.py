"""Runs as W&B gets them: a training while it goes on, one that is finished, and the mean over seeds."""

import logging
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import wandb
from pytorch_lightning.loggers import WandbLogger

from genre.config import RunConfig
from genre.config.schema import WandbConfig
from genre.files import short_hash
from genre.runs.folder import RunFolder
from genre.runs.identity import config_name
from genre.tracking.content import settings_of, sizes_of, summary_of, tables_of
from genre.tracking.curves import CurvesLogger
from genre.tracking.names import group_of, name_of, tags_of, told_of, without_seed
from genre.tracking.wandb_record import kept_record, open_record

log = logging.getLogger(__name__)


class WandbRun(CurvesLogger, WandbLogger):
    """Lightning's logger of a run's curves, which also logs what the run folder holds at the end.

    A training that goes on after it was cut off goes on in W&B too.

    Args:
        run: its folder.
        cfg: its settings.
        logger: those of W&B.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """

    def __init__(self, run: RunFolder, cfg: RunConfig, logger: WandbConfig) -> None:
        self._folder, self._cfg, self._logger = run, cfg, logger
        told = told_of(run)
        # opened here and now, so that a missing network costs no training
        self.record = open_record(
            run.path,
            logger,
            name=name_of(told),
            group=group_of(run, cfg),
            job_type=config_name(cfg),
            tags=tags_of(told),
            config=settings_of(run, cfg),
        )
        self.place = f"W&B ({self.record.url or 'offline'})"
        super().__init__(experiment=self.record)

    def log_results(self) -> None:
        """Log what the folder of a finished run holds: metrics as the summary, tables, plots, the best checkpoint."""
        run = self._folder
        self.log_summary()
        tables = {name: _shown(name, table) for name, table in tables_of(run, texts=self._logger.texts).items()}
        self.record.log(tables | {f"plots/{file.stem}": wandb.Image(file) for file in run.plots.glob("*.png")})
        if self._logger.checkpoint:
            artifact = wandb.Artifact(f"model-{self.record.id}", type="model")
            # neither a copy now nor one after the upload: the files stay where they are
            if run.best_checkpoint.is_file():
                artifact.add_file(str(run.best_checkpoint), policy="immutable", skip_cache=True)
            else:  # a classical baseline has none, its model's folder holds all of it
                artifact.add_dir(str(run.architecture), policy="immutable", skip_cache=True)
            self.record.log_artifact(artifact, aliases=["best"])

    def log_summary(self) -> None:
        """Log the metrics of a finished run, and what is only known of one."""
        self.record.config.update(sizes_of(self._folder), allow_val_change=True)  # type: ignore[no-untyped-call]
        self.record.summary.update(summary_of(self._folder))

    def close(self, *, failed: bool) -> None:
        """End the W&B run, so that the next job of a sweep opens its own."""
        self.record.finish(exit_code=int(failed))


def _shown(name: str, table: pd.DataFrame) -> object:
    """A table as W&B has it: as rows, or as curves."""
    if name != "precision_recall":
        return wandb.Table(dataframe=table)
    return wandb.plot_table(
        "wandb/area-under-curve/v0",
        wandb.Table(dataframe=table),
        fields={"x": "recall", "y": "precision", "class": "genre"},
        string_fields={"title": "Precision and recall of each genre, test films"},
    )


def record_finished_run(run: RunFolder, cfg: RunConfig, logger: WandbConfig) -> None:
    """Let W&B have a run that was finished before: whole if it has never been there, else in the group of this start.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """
    known, group = kept_record(run.path, logger), group_of(run, cfg)
    if known and group in (None, known["group"]):
        return
    if known and known["group"]:
        log.info("In W&B %s leaves the group %s for %s", name_of(told_of(run)), known["group"], group)
    record = WandbRun(run, cfg, logger)
    if known:
        record.log_summary()
    else:
        record.log_history()
        record.log_results()
    record.close(failed=False)


def record_mean(
    folder: Path, runs: Sequence[RunFolder], summary: pd.DataFrame, cfg: RunConfig, logger: WandbConfig
) -> None:
    """Let W&B have the mean over seeds as a run of its own, in the group of the seeds' runs.

    Args:
        folder: of this run.
        runs: finished, of different seeds.
        summary: metric, mean, low, high and whatever else is known of each metric.
        cfg: settings of the runs.
        logger: those of W&B.

    Raises:
        UserError: when the W&B server is wanted and cannot be reached.
    """
    first, content = runs[0], short_hash(summary.to_dict("list"))
    known, group = kept_record(folder, logger), group_of(first, cfg)
    if known and (known["group"], known["content"]) == (group, content):
        return
    folder.mkdir(parents=True, exist_ok=True)
    told, seeds = without_seed(told_of(first)), [run.config().seed for run in runs]
    settings = settings_of(first, cfg) | sizes_of(first) | {"seed": None, "seeds": len(runs), "run_folder": folder.name}
    record = open_record(
        folder,
        logger,
        name=name_of([*told, f"mean of seeds {', '.join(map(str, seeds))}"]),
        group=group,
        content=content,
        job_type="seeds",
        tags=tags_of(told),
        config=settings,
    )
    record.summary.update(dict(zip(summary["metric"], summary["mean"], strict=True)))
    if not known or known["content"] != content:
        record.log({"intervals": wandb.Table(dataframe=summary.rename(columns={"mean": "value"}))})
    record.finish(exit_code=0)
