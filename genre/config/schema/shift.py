"""Types of the settings of a look at a finished run on texts from elsewhere."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, absolute, require, schema
from genre.config.schema.data import DataConfig


@schema("shift")
@dataclass
class ShiftConfig(CommandConfig):
    """Settings of `scripts/shift.py`."""

    run: str = MISSING
    resamples: int = MISSING
    output: str | None = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING
    data: DataConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.resamples >= 40, "resamples", self.resamples, "at least 40")
        self.output = absolute(self.output) if self.output else None
