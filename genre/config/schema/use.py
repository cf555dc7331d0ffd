"""Types of the settings of what is done with a finished model."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, require, require_one_of, schema


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
    engine: str = MISSING
    address: str | None = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        known = ("local", "ray")
        require_one_of("engine", self.engine, known)


@schema("explain")
@dataclass
class ExplainConfig(CommandConfig):
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
        super().__post_init__()
        known = ("auto", "gradients", "occlusion")
        require_one_of("method", self.method, known)


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
        require_one_of("format", self.format, known)


@schema("serve")
@dataclass
class ServeConfig(CommandConfig):
    """Settings of `scripts/serve.py`."""

    run: str | None = MISSING
    beside: str | None = MISSING
    host: str = MISSING
    port: int = MISSING
    characters: int = MISSING
    megabytes: int = MISSING
    rows: int = MISSING
    waiting: int = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0 <= self.port <= 65_535, "port", self.port, "between 0 and 65535")
        for limit, most in (("characters", 1_000_000), ("megabytes", 1_000), ("rows", 1_000_000), ("waiting", 1_000)):
            value = getattr(self, limit)
            require(1 <= value <= most, limit, value, f"between 1 and {most}")
