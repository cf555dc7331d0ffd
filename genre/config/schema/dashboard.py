"""Types of the settings of the W&B dashboard."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, schema


@schema("dashboard")
@dataclass
class DashboardConfig(CommandConfig):
    """Settings of `scripts/dashboard.py`."""

    project: str = MISSING
    entity: str | None = MISSING
    name: str = MISSING
    paths: PathsConfig = MISSING
