"""What every schema builds on: range checks, absolute paths and the paths group."""

from dataclasses import dataclass
from pathlib import Path

from omegaconf import MISSING

from genre.errors import UserError


def require(condition: bool, setting: str, value: object, rule: str) -> None:
    """Refuse a value out of range.

    Raises:
        UserError: `setting=value: must be rule`, unless `condition` holds.
    """
    if not condition:
        raise UserError(f"{setting}={value}: must be {rule}")


def absolute(path: str) -> str:
    """A path that means the same wherever a saved config is read."""
    return str(Path(path).expanduser().absolute())


@dataclass
class PathsConfig:
    """Where things lie."""

    root: str = MISSING
    data: str = MISSING
    outputs: str = MISSING

    def __post_init__(self) -> None:
        self.root, self.data, self.outputs = map(absolute, (self.root, self.data, self.outputs))
