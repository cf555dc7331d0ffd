"""Types of every setting: one dataclass per config group; the YAML files under conf/ hold the values.

Ranges are checked in `__post_init__`, which runs when a composed config becomes these objects.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import MISSING

from genre.errors import UserError


def _require(condition: bool, setting: str, value: object, rule: str) -> None:
    if not condition:
        raise UserError(f"{setting}={value}: must be {rule}")


def _absolute(path: str) -> str:
    """A path that means the same wherever a saved config is read."""
    return str(Path(path).expanduser().absolute())


@dataclass
class PathsConfig:
    """Where things lie."""

    root: str = MISSING
    data: str = MISSING
    outputs: str = MISSING

    def __post_init__(self) -> None:
        self.root, self.data, self.outputs = map(_absolute, (self.root, self.data, self.outputs))


@dataclass
class DataConfig:
    """Films: where they come from, how they are split, cut into tokens and batched."""

    raw: str = MISSING
    dir: str = MISSING
    crawl: str | None = MISSING
    file_genre: bool = MISSING
    text: list[str] = MISSING
    size: float | None = MISSING
    val_share: float = MISSING
    test_share: float = MISSING
    split_seed: int = MISSING
    max_tokens: int = MISSING
    batch_size: int = MISSING
    epochs: int = MISSING

    def __post_init__(self) -> None:
        self.raw, self.dir = _absolute(self.raw), _absolute(self.dir)
        self.crawl = _absolute(self.crawl) if self.crawl else None
        if self.size is not None:
            inside = 0 < self.size <= 1 or (self.size > 1 and float(self.size).is_integer())
            _require(inside, "data.size", f"{self.size:g}", "a share above 0 and up to 1, or a number of films above 1")
        _require(bool(self.text), "data.text", self.text, "a list of at least one column")
        _require("genres" not in self.text, "data.text", self.text, "without genres, the answer itself")
        _require(self.epochs >= 1, "data.epochs", self.epochs, "at least 1")
        _require(0 < self.val_share < 1, "data.val_share", self.val_share, "between 0 and 1")
        _require(0 < self.test_share < 1, "data.test_share", self.test_share, "between 0 and 1")
        _require(self.split_seed >= 0, "data.split_seed", self.split_seed, "0 or more")
        _require(self.max_tokens >= 8, "data.max_tokens", self.max_tokens, "at least 8")
        _require(self.batch_size >= 1, "data.batch_size", self.batch_size, "at least 1")


@dataclass
class LossConfig:
    """What every loss has in common: the class that makes it."""

    _target_: str = MISSING


@dataclass
class BCEConfig(LossConfig):
    _target_: str = "genre.losses.BCELoss"


@dataclass
class LogWeightedBCEConfig(LossConfig):
    _target_: str = "genre.losses.LogWeightedBCELoss"


@dataclass
class FocalConfig(LossConfig):
    _target_: str = "genre.losses.FocalLoss"
    alpha: float = MISSING
    gamma: float = MISSING


@dataclass
class ModelConfig:
    """What every model has in common."""

    _target_: str = MISSING


@dataclass
class PretrainedConfig(ModelConfig):
    """An encoder with published weights: a hub name, a folder, or `minilm` for the packaged one."""

    _target_: str = "genre.models.pretrained_network"
    pretrained: str = MISSING


@dataclass
class TinyConfig(ModelConfig):
    """A DistilBERT of any size with random weights."""

    _target_: str = "genre.models.tiny_network"
    layers: int = MISSING
    heads: int = MISSING
    width: int = MISSING


@dataclass
class OptimizerConfig:
    """AdamW with linear warm-up and linear decay."""

    learning_rate: float = MISSING
    head_learning_rate: float = MISSING
    weight_decay: float = MISSING
    warmup_share: float = MISSING
    gradient_clip: float = MISSING

    def __post_init__(self) -> None:
        _require(self.learning_rate > 0, "optimizer.learning_rate", self.learning_rate, "above 0")
        _require(self.head_learning_rate > 0, "optimizer.head_learning_rate", self.head_learning_rate, "above 0")
        _require(self.weight_decay >= 0, "optimizer.weight_decay", self.weight_decay, "0 or more")
        _require(0 <= self.warmup_share < 1, "optimizer.warmup_share", self.warmup_share, "0 or more and below 1")
        _require(self.gradient_clip > 0, "optimizer.gradient_clip", self.gradient_clip, "above 0")


@dataclass
class DecisionConfig:
    """From probabilities to a label set."""

    threshold: float = MISSING

    def __post_init__(self) -> None:
        _require(0 < self.threshold < 1, "decision.threshold", self.threshold, "between 0 and 1")


@dataclass
class TrainerConfig:
    """How long and on what to train."""

    max_epochs: int = MISSING
    patience: int = MISSING
    precision: str = MISSING
    accelerator: str = MISSING
    limit_batches: int | None = MISSING
    progress_bar: bool = MISSING

    def __post_init__(self) -> None:
        _require(self.max_epochs >= 1, "trainer.max_epochs", self.max_epochs, "at least 1")
        _require(self.patience >= 1, "trainer.patience", self.patience, "at least 1")
        known = ("auto", "32-true", "bf16-mixed", "16-mixed")
        _require(self.precision in known, "trainer.precision", self.precision, f"one of {', '.join(known)}")
        known = ("auto", "cpu", "gpu", "mps")
        _require(self.accelerator in known, "trainer.accelerator", self.accelerator, f"one of {', '.join(known)}")
        if self.limit_batches is not None:
            _require(self.limit_batches >= 1, "trainer.limit_batches", self.limit_batches, "at least 1, or null")


@dataclass
class LoggerConfig:
    """Which logger receives the curves, beside the history that every run folder keeps."""

    _target_: str = MISSING


@dataclass
class CSVLoggerConfig(LoggerConfig):
    """No logger but the run folder itself."""

    _target_: str = "genre.tracking.csv_loggers"


@dataclass
class WandbConfig(LoggerConfig):
    _target_: str = "genre.tracking.wandb_loggers"
    project: str = MISSING
    entity: str | None = MISSING
    mode: str = MISSING

    def __post_init__(self) -> None:
        known = ("auto", "offline", "online")
        _require(self.mode in known, "logger.mode", self.mode, f"one of {', '.join(known)}")


@dataclass
class TrainConfig:
    """Settings of `scripts/train.py`."""

    seed: int = MISSING
    checkpoint: str | None = MISSING
    overwrite: bool = MISSING
    paths: PathsConfig = MISSING
    data: DataConfig = MISSING
    loss: LossConfig = MISSING
    model: ModelConfig = MISSING
    optimizer: OptimizerConfig = MISSING
    decision: DecisionConfig = MISSING
    trainer: TrainerConfig = MISSING
    logger: LoggerConfig = MISSING

    def __post_init__(self) -> None:
        _require(0 <= self.seed < 2**32, "seed", self.seed, "between 0 and 4294967295")


@dataclass
class EvaluateConfig:
    """Settings of `scripts/evaluate.py`."""

    run: str = MISSING


@dataclass
class PredictConfig:
    """Settings of `scripts/predict.py`."""

    run: str = MISSING
    text: str | None = MISSING
    title: str | None = MISSING
    input: str | None = MISSING
    output: str | None = MISSING


# config name or group/option -> its type; `schema/` keeps these nodes apart from the options a person chooses
SCHEMAS: dict[str, Any] = {
    "train": TrainConfig,
    "evaluate": EvaluateConfig,
    "predict": PredictConfig,
    "paths": PathsConfig,
    "data": DataConfig,
    "loss/bce": BCEConfig,
    "loss/log_weighted_bce": LogWeightedBCEConfig,
    "loss/focal": FocalConfig,
    "model/pretrained": PretrainedConfig,
    "model/tiny": TinyConfig,
    "optimizer": OptimizerConfig,
    "decision": DecisionConfig,
    "trainer": TrainerConfig,
    "logger/wandb": WandbConfig,
    "logger/csv": CSVLoggerConfig,
}
