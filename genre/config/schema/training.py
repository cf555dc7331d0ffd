"""Types of the settings of training and evaluation."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import POOLINGS, CommandConfig, absolute, require, require_one_of, schema
from genre.config.schema.loss import LossConfig
from genre.config.schema.run import ReportConfig, RunConfig


@dataclass
class ModelConfig:
    """What every model has in common: the class that makes it."""

    _target_: str = MISSING


@dataclass
class PooledConfig(ModelConfig):
    """Models that make one vector of the text from those of its tokens: how."""

    pooling: str = MISSING

    def __post_init__(self) -> None:
        require_one_of("model.pooling", self.pooling, POOLINGS)


@dataclass
class PublishedConfig(PooledConfig):
    """Models with an encoder of published weights: a hub name, a folder, or `minilm` for the packaged one."""

    pretrained: str = MISSING


@schema("model/pretrained")
@dataclass
class PretrainedConfig(PublishedConfig):
    """A published encoder that is trained on, whole or by updates of low rank."""

    _target_: str = "genre.models.PretrainedClassifier"
    lora: int = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.lora >= 0, "model.lora", self.lora, "0 (the whole encoder is trained) or more")


@schema("model/probe")
@dataclass
class ProbeConfig(PublishedConfig):
    """A small head on the features of an encoder that is not trained."""

    _target_: str = "genre.models.Probe"
    skip_layers: int = MISSING
    width: int = MISSING
    dropout: float = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.skip_layers >= 0, "model.skip_layers", self.skip_layers, "0 or more")
        require(self.width >= 0, "model.width", self.width, "0 (no hidden layer) or more")
        require(0 <= self.dropout < 1, "model.dropout", f"{self.dropout:g}", "0 or more and below 1")


@schema("model/tiny")
@dataclass
class TinyConfig(PooledConfig):
    """A DistilBERT of any size with random weights."""

    _target_: str = "genre.models.TinyClassifier"
    layers: int = MISSING
    heads: int = MISSING
    width: int = MISSING


@dataclass
class OptimizerConfig:
    """What every optimiser has in common: the class that makes it, rates of learning and how they change."""

    _target_: str = MISSING
    learning_rate: float = MISSING
    head_learning_rate: float = MISSING
    layer_decay: float = MISSING
    weight_decay: float = MISSING
    schedule: str = MISSING
    warmup_share: float = MISSING
    gradient_clip: float = MISSING

    def __post_init__(self) -> None:
        require(self.learning_rate > 0, "optimizer.learning_rate", self.learning_rate, "above 0")
        require(self.head_learning_rate > 0, "optimizer.head_learning_rate", self.head_learning_rate, "above 0")
        require(0 < self.layer_decay <= 1, "optimizer.layer_decay", self.layer_decay, "above 0 and up to 1")
        known = ("linear", "cosine", "constant")
        require_one_of("optimizer.schedule", self.schedule, known)
        require(self.weight_decay >= 0, "optimizer.weight_decay", self.weight_decay, "0 or more")
        require(0 <= self.warmup_share < 1, "optimizer.warmup_share", self.warmup_share, "0 or more and below 1")
        require(self.gradient_clip > 0, "optimizer.gradient_clip", self.gradient_clip, "above 0")


@schema("optimizer/adamw")
@dataclass
class AdamWConfig(OptimizerConfig):
    _target_: str = "torch.optim.AdamW"


@schema("trainer")
@dataclass
class TrainerConfig:
    """How long and on what to train."""

    max_epochs: int = MISSING
    ema: float = MISSING
    patience: int = MISSING
    precision: str = MISSING
    accelerator: str = MISSING
    devices: int = MISSING
    limit_batches: int | None = MISSING
    progress_bar: bool = MISSING
    keep_last: bool = MISSING
    stop_below: list[float] = MISSING

    def __post_init__(self) -> None:
        require(self.max_epochs >= 1, "trainer.max_epochs", self.max_epochs, "at least 1")
        require(0 <= self.ema < 1, "trainer.ema", f"{self.ema:g}", "0 (none) or more and below 1")
        require(self.patience >= 1, "trainer.patience", self.patience, "at least 1")
        known = ("auto", "32-true", "bf16-mixed", "16-mixed")
        require_one_of("trainer.precision", self.precision, known)
        known = ("auto", "cpu", "gpu", "mps")
        require_one_of("trainer.accelerator", self.accelerator, known)
        require(self.devices >= 1, "trainer.devices", self.devices, "at least 1")
        if self.limit_batches is not None:
            require(self.limit_batches >= 1, "trainer.limit_batches", self.limit_batches, "at least 1, or null")


@schema("teacher")
@dataclass
class TeacherConfig:
    """A finished run whose probabilities are learnt beside the labels, where there is one."""

    run: str | None = MISSING
    share: float = MISSING
    temperature: float = MISSING

    def __post_init__(self) -> None:
        self.run = absolute(self.run) if self.run else None
        require(0 < self.share <= 1, "teacher.share", f"{self.share:g}", "above 0 and at most 1")
        require(self.temperature > 0, "teacher.temperature", f"{self.temperature:g}", "above 0")


@schema("train")
@dataclass
class TrainConfig(RunConfig):
    """Settings of `scripts/train.py`."""

    checkpoint: str | None = MISSING
    loss: LossConfig = MISSING
    model: ModelConfig = MISSING
    optimizer: OptimizerConfig = MISSING
    trainer: TrainerConfig = MISSING
    teacher: TeacherConfig = MISSING


@schema("evaluate")
@dataclass
class EvaluateConfig(CommandConfig):
    """Settings of `scripts/evaluate.py`."""

    run: str = MISSING
    beside: list[str] = MISSING
    code: list[str] = MISSING
    report: ReportConfig = MISSING
