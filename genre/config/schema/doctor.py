"""Types of the settings of the search for wrong labels."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import PathsConfig, absolute, require, schema


@schema("doctor")
@dataclass
class DoctorConfig:
    """Settings of `scripts/doctor.py`."""

    run: str = MISSING
    limit: int = MISSING
    output: str | None = MISSING
    code: list[str] = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        require(self.limit >= 1, "limit", self.limit, "at least 1")
        self.output = absolute(self.output) if self.output else None
