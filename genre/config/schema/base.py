"""What every schema builds on: range checks, absolute paths and the paths group."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from omegaconf import MISSING

from genre.errors import UserError

# config name or group/option -> its type; `schema/` keeps these nodes apart from the options a person chooses
SCHEMAS: dict[str, Any] = {}

POOLINGS = ("cls", "mean")  # how token vectors become one of the text

Schema = TypeVar("Schema", bound=type)


def schema(place: str) -> Callable[[Schema], Schema]:
    """Make a dataclass the type of a config group's option: a YAML names it as `/schema/PLACE` in its defaults list.

    Args:
        place: such as `loss/focal`.
    """

    def known(kind: Schema) -> Schema:
        SCHEMAS[place] = kind
        return kind

    return known


def require(condition: bool, setting: str, value: object, rule: str) -> None:
    """Refuse a value out of range.

    Raises:
        UserError: `setting=value: must be rule`, unless `condition` holds.
    """
    if not condition:
        raise UserError(f"{setting}={value}: must be {rule}")


def require_one_of(setting: str, value: object, known: Collection[str]) -> None:
    """Refuse a value that is none of the known ones.

    Raises:
        UserError: naming these.
    """
    require(value in known, setting, value, f"one of {', '.join(known)}")


def absolute(path: str) -> str:
    """A path that means the same wherever a saved config is read."""
    return str(Path(path).expanduser().absolute())


@dataclass
class CommandConfig:
    """What every command has: how much it says."""

    verbose: int = MISSING

    def __post_init__(self) -> None:
        require(self.verbose in (0, 1, 2), "verbose", self.verbose, "0, 1 or 2")


@schema("paths")
@dataclass
class PathsConfig:
    """Where things lie."""

    root: str = MISSING
    data: str = MISSING
    outputs: str = MISSING

    def __post_init__(self) -> None:
        self.root, self.data, self.outputs = map(absolute, (self.root, self.data, self.outputs))
