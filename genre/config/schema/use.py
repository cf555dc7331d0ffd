"""Types of the settings of what is done with a finished model."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, require, schema


@schema("predict")
@dataclass
class PredictConfig(CommandConfig):
    """Settings of `scripts/predict.py`."""

    run: str | None = MISSING
    text: str | None = MISSING
    title: str | None = MISSING
    input: str | None = MISSING
    output: str | None = MISSING
    probabilities: bool = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING


@schema("export")
@dataclass
class ExportConfig(CommandConfig):
    """Settings of `scripts/export.py`."""

    run: str | None = MISSING
    format: str = MISSING
    output: str | None = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        known = ("huggingface", "onnx", "onnx_int8")
        require(self.format in known, "format", self.format, f"one of {', '.join(known)}")
