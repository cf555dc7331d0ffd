"""Types of the settings of comparisons and of the document of results."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, absolute, require, schema
from genre.config.schema.run import ReportConfig


@schema("compare")
@dataclass
class CompareConfig(CommandConfig):
    """Settings of `scripts/compare.py`."""

    runs: list[str] = MISSING
    metric: str = MISSING
    against: str | None = MISSING
    output: str | None = MISSING
    latex: bool = MISSING
    columns: list[str] = MISSING
    paths: PathsConfig = MISSING
    report: ReportConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(bool(self.runs), "runs", self.runs, "a list of at least one folder")
        self.output = absolute(self.output) if self.output else None


@schema("results")
@dataclass
class ResultsConfig(CommandConfig):
    """Settings of `scripts/results.py`."""

    runs: list[str] = MISSING
    output: str = MISSING
    latex: bool = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING
    report: ReportConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(bool(self.runs), "runs", self.runs, "a list of at least one folder")
        self.output = absolute(self.output)
