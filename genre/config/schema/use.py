"""Types of the settings of what is done with a finished model."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import PathsConfig, require, schema


@schema("predict")
@dataclass
class PredictConfig:
    """Settings of `scripts/predict.py`."""

    run: str | None = MISSING
    text: str | None = MISSING
    title: str | None = MISSING
    input: str | None = MISSING
    output: str | None = MISSING
    probabilities: bool = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING


@schema("explain")
@dataclass
class ExplainConfig:
    """Settings of `scripts/explain.py`."""

    run: str | None = MISSING
    text: str | None = MISSING
    title: str | None = MISSING
    input: str | None = MISSING
    output: str | None = MISSING
    labels: list[str] | None = MISSING
    method: str = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        known = ("auto", "gradients", "occlusion")
        require(self.method in known, "method", self.method, f"one of {', '.join(known)}")


@schema("export")
@dataclass
class ExportConfig:
    """Settings of `scripts/export.py`."""

    run: str | None = MISSING
    format: str = MISSING
    output: str | None = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        known = ("huggingface", "onnx", "onnx_int8")
        require(self.format in known, "format", self.format, f"one of {', '.join(known)}")
