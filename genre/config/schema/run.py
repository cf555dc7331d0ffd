"""Types of the settings that every kind of run has, whatever it fits."""

from dataclasses import dataclass
from typing import Any

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, require, require_one_of, schema
from genre.config.schema.calibration import CalibrationConfig
from genre.config.schema.data import DataConfig
from genre.config.schema.decision import DecisionConfig
from genre.config.schema.sampling import OversampleConfig


@dataclass
class LoggerConfig:
    """What receives the curves and results of a run, beside the history that every run folder keeps."""

    _target_: str = MISSING


@schema("logger/csv")
@dataclass
class CSVLoggerConfig(LoggerConfig):
    """No logger but the run folder itself."""

    _target_: str = "genre.tracking.csv_loggers"


@schema("logger/wandb")
@dataclass
class WandbConfig(LoggerConfig):
    """Weights & Biases: where the runs go and what of them."""

    _target_: str = "genre.tracking.wandb_loggers"
    project: str = MISSING
    entity: str | None = MISSING
    mode: str = MISSING
    texts: bool = MISSING
    checkpoint: bool = MISSING

    def __post_init__(self) -> None:
        known = ("auto", "offline", "online")
        require_one_of("logger.wandb.mode", self.mode, known)


@schema("logger/tensorboard")
@dataclass
class TensorBoardConfig(LoggerConfig):
    """TensorBoard: event files in the run folder."""

    _target_: str = "genre.tracking.tensorboard_loggers"


@schema("logger/mlflow")
@dataclass
class MLflowConfig(LoggerConfig):
    """MLflow: which store, and the experiment in it."""

    _target_: str = "genre.tracking.mlflow_loggers"
    experiment: str = MISSING
    uri: str | None = MISSING


@schema("report")
@dataclass
class ReportConfig:
    """What is written of a finished run beside its metrics."""

    plots: bool = MISSING
    resamples: int = MISSING
    reference_genre: str | None = MISSING

    def __post_init__(self) -> None:
        # with fewer no paired difference could be significant at 0.05
        require(self.resamples >= 40, "report.resamples", self.resamples, "at least 40")


@dataclass
class RunConfig(CommandConfig):
    """What every kind of run has in common: films, oversampling, calibration, decision, records.

    `code` is a word or a list of packages; OmegaConf has no type for that. `logger` has a section for each that is
    chosen, by its name.
    """

    seed: int = MISSING
    seeds: int = MISSING
    overwrite: bool = MISSING
    code: Any = MISSING
    on_failure: str = MISSING
    metric: str = MISSING
    paths: PathsConfig = MISSING
    data: DataConfig = MISSING
    oversample: OversampleConfig = MISSING
    calibration: CalibrationConfig = MISSING
    decision: DecisionConfig = MISSING
    logger: dict[str, LoggerConfig] = MISSING
    report: ReportConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        names = self.code if isinstance(self.code, list) else []
        sound = all(isinstance(name, str) and name.replace(".", "").isidentifier() for name in names)
        rule = "check, ignore or a list of packages, such as [my_package]"
        require(self.code in ("check", "ignore") or (bool(names) and sound), "code", self.code, rule)
        sound = self.metric.startswith(("val/", "val_known/"))
        require(sound, "metric", self.metric, "a metric of validation films, val/... or val_known/...")
        known = ("continue", "stop")
        require_one_of("on_failure", self.on_failure, known)
        require(0 <= self.seed < 2**32, "seed", self.seed, "between 0 and 4294967295")
        require(self.seeds >= 1, "seeds", self.seeds, "at least 1")
        require(self.seed + self.seeds <= 2**32, "seeds", self.seeds, "such that no seed exceeds 4294967295")
