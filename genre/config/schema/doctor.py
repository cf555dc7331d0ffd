"""Types of the settings of the search for wrong labels."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, absolute, require, schema


@schema("doctor")
@dataclass
class DoctorConfig(CommandConfig):
    """Settings of `scripts/doctor.py`."""

    run: str = MISSING
    limit: int = MISSING
    output: str | None = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.limit >= 1, "limit", self.limit, "at least 1")
        self.output = absolute(self.output) if self.output else None
