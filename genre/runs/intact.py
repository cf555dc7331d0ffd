"""The door through which every file of a run is read: what is damaged is named with what mends it."""

import json
import pickle
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import yaml

from genre.errors import UserError, one_line

RETRAIN = "train it again with overwrite=true"

# what readers of JSON, YAML, CSV, Parquet, arrays and weights raise for content that is not what was written there
_DAMAGED = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, OSError, RuntimeError, OverflowError),
    *(yaml.YAMLError, zipfile.BadZipFile, pickle.UnpicklingError, MemoryError),
)
_LONGEST = 120  # letters of a reader's own words

Kind = TypeVar("Kind")


@contextmanager
def intact(file: Path, remedy: str = RETRAIN) -> Iterator[None]:
    """Read `file` in the block, and make sense of what is read there.

    Raises:
        UserError: `FILE: is missing; REMEDY`, or `is damaged`, when the block fails for what the file holds.
    """
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"{file}: is missing; {remedy}") from None
    except _DAMAGED as error:
        words = one_line(str(error)) or type(error).__name__
        raise UserError(f"{file}: is damaged ({words[:_LONGEST]}); {remedy}") from error


def read_json(file: Path, kind: Callable[[Any], Kind], remedy: str = RETRAIN) -> Kind:
    """What `kind` makes of the content of a JSON file.

    Raises:
        UserError: when it is missing or damaged, or `kind` cannot be made of it.
    """
    with intact(file, remedy):
        return kind(json.loads(file.read_text(encoding="utf-8")))


def read_yaml(file: Path, remedy: str = RETRAIN) -> dict[str, Any]:
    """The sections of a YAML file that was written here.

    Raises:
        UserError: when it is missing or damaged.
    """
    with intact(file, remedy):
        return dict(yaml.load(file.read_text(encoding="utf-8"), _Plain))


class _Plain(yaml.SafeLoader):
    """Without aliases: none is written here, and a few of aliases unfold to more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases")
        return super().compose_node(parent, index)


def numbers(content: Any) -> dict[str, float]:
    """A dictionary of numbers by name.

    Raises:
        TypeError: when it is none.
    """
    if not isinstance(content, dict) or not all(_is_number(value) for value in content.values()):
        raise TypeError("no numbers by name")
    return content


def shares(content: Any) -> dict[str, float]:
    """A dictionary of numbers from 0 to 1 by name.

    Raises:
        TypeError: when it is none.
        ValueError: when a number lies elsewhere.
    """
    for name, value in numbers(content).items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name}: {value} does not lie between 0 and 1")
    return numbers(content)


def pairs(content: Any) -> dict[str, tuple[float, float]]:
    """A dictionary of two numbers each by name.

    Raises:
        TypeError: when it is none.
    """
    if not isinstance(content, dict):
        raise TypeError("no pairs of numbers by name")
    for ends in content.values():
        if not isinstance(ends, list) or len(ends) != 2 or not all(map(_is_number, ends)):
            raise TypeError("no pairs of numbers by name")
    return {name: (low, high) for name, (low, high) in content.items()}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
