"""Types of the settings of training, evaluation and prediction."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import PathsConfig, require
from genre.config.schema.data import DataConfig
from genre.config.schema.decision import DecisionConfig
from genre.config.schema.loss import LossConfig


@dataclass
class ModelConfig:
    """What every model has in common: where it comes from and how token vectors become one vector of the text."""

    _target_: str = MISSING
    pooling: str = MISSING

    def __post_init__(self) -> None:
        known = ("cls", "mean")
        require(self.pooling in known, "model.pooling", self.pooling, f"one of {', '.join(known)}")


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
        require(self.learning_rate > 0, "optimizer.learning_rate", self.learning_rate, "above 0")
        require(self.head_learning_rate > 0, "optimizer.head_learning_rate", self.head_learning_rate, "above 0")
        require(self.weight_decay >= 0, "optimizer.weight_decay", self.weight_decay, "0 or more")
        require(0 <= self.warmup_share < 1, "optimizer.warmup_share", self.warmup_share, "0 or more and below 1")
        require(self.gradient_clip > 0, "optimizer.gradient_clip", self.gradient_clip, "above 0")


@dataclass
class TrainerConfig:
    """How long and on what to train."""

    max_epochs: int = MISSING
    patience: int = MISSING
    precision: str = MISSING
    accelerator: str = MISSING
    limit_batches: int | None = MISSING
    progress_bar: bool = MISSING
    stop_below: list[float] = MISSING

    def __post_init__(self) -> None:
        require(self.max_epochs >= 1, "trainer.max_epochs", self.max_epochs, "at least 1")
        require(self.patience >= 1, "trainer.patience", self.patience, "at least 1")
        known = ("auto", "32-true", "bf16-mixed", "16-mixed")
        require(self.precision in known, "trainer.precision", self.precision, f"one of {', '.join(known)}")
        known = ("auto", "cpu", "gpu", "mps")
        require(self.accelerator in known, "trainer.accelerator", self.accelerator, f"one of {', '.join(known)}")
        if self.limit_batches is not None:
            require(self.limit_batches >= 1, "trainer.limit_batches", self.limit_batches, "at least 1, or null")


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
    """Weights & Biases: where the runs go and what of them."""

    _target_: str = "genre.tracking.wandb_loggers"
    project: str = MISSING
    entity: str | None = MISSING
    mode: str = MISSING
    texts: bool = MISSING
    checkpoint: bool = MISSING

    def __post_init__(self) -> None:
        known = ("auto", "offline", "online")
        require(self.mode in known, "logger.mode", self.mode, f"one of {', '.join(known)}")


@dataclass
class ReportConfig:
    """What is written of a finished run beside its metrics."""

    plots: bool = MISSING
    resamples: int = MISSING

    def __post_init__(self) -> None:
        # with fewer no paired difference could be significant at 0.05
        require(self.resamples >= 40, "report.resamples", self.resamples, "at least 40")


@dataclass
class TrainConfig:
    """Settings of `scripts/train.py`."""

    seed: int = MISSING
    seeds: int = MISSING
    checkpoint: str | None = MISSING
    overwrite: bool = MISSING
    on_failure: str = MISSING
    paths: PathsConfig = MISSING
    data: DataConfig = MISSING
    loss: LossConfig = MISSING
    model: ModelConfig = MISSING
    optimizer: OptimizerConfig = MISSING
    decision: DecisionConfig = MISSING
    trainer: TrainerConfig = MISSING
    logger: LoggerConfig = MISSING
    report: ReportConfig = MISSING

    def __post_init__(self) -> None:
        known = ("continue", "stop")
        require(self.on_failure in known, "on_failure", self.on_failure, f"one of {', '.join(known)}")
        require(0 <= self.seed < 2**32, "seed", self.seed, "between 0 and 4294967295")
        require(self.seeds >= 1, "seeds", self.seeds, "at least 1")
        require(self.seed + self.seeds <= 2**32, "seeds", self.seeds, "such that no seed exceeds 4294967295")


@dataclass
class EvaluateConfig:
    """Settings of `scripts/evaluate.py`."""

    run: str = MISSING
    beside: list[str] = MISSING
    report: ReportConfig = MISSING


@dataclass
class PredictConfig:
    """Settings of `scripts/predict.py`."""

    run: str = MISSING
    text: str | None = MISSING
    title: str | None = MISSING
    input: str | None = MISSING
    output: str | None = MISSING
