"""Labels as the cells of a table hold them."""

import ast
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

_SEPARATORS = ("|", ";", ",")  # the first that stands in a cell is taken: names hold commas rather than bars
_FLAGS = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False, "": False}


def label_parser(cells: Sequence[str], separator: str | None) -> Callable[[str], list[str]]:
    """What finds the labels of one cell; it raises ValueError, saying why, for a cell in which it cannot.

    Args:
        cells: of a column, which are looked at where no separator is given: the first that is not empty says whether
            they are lists and dictionaries as JSON or Python writes them.
        separator: of labels; an empty one stands in no cell.

    Example:
        >>> cells = ["Drama|War", "Comedy, Black|War"]
        >>> label_parser(cells, None)(cells[1])
        ['Comedy, Black', 'War']
        >>> label_parser(['[{"id": 18, "name": "Drama"}]'], None)("['War', 'Drama']")
        ['War', 'Drama']
    """
    if separator is None:
        if next(filter(None, map(str.strip, cells)), "").startswith(("[", "{")):
            return listed_labels
        separator = next((mark for mark in _SEPARATORS if any(mark in cell for cell in cells)), "")
    return lambda cell: _stripped(cell.split(separator) if separator else [cell])


def listed_labels(cell: str) -> list[str]:
    """Labels of a list of names or of objects with a name, of such an object, or of a dictionary id -> name.

    Raises:
        ValueError: for anything else.
    """
    if not cell.strip():
        return []
    value = _literal(cell)
    if isinstance(value, dict):
        value = [value] if "name" in value else value.values()
    elif not isinstance(value, list | tuple | set):
        raise ValueError("is no list and no dictionary")
    return _stripped(map(_name, value))


def flag(cell: str) -> bool:
    """Whether a cell of a column of 0 and 1 says that its label is right.

    Raises:
        ValueError: for a cell that says neither.
    """
    try:
        return _FLAGS[cell.strip().lower()]
    except KeyError:
        raise ValueError("is neither 0 nor 1") from None


def _literal(cell: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError:
        pass
    try:
        return ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise ValueError("is no list and no dictionary, neither of JSON nor of Python") from None


def _name(item: Any) -> str:
    name = item.get("name") if isinstance(item, dict) else item
    if not isinstance(name, str | int):
        raise ValueError("holds something that has no name")
    return str(name)


def _stripped(names: Iterable[str]) -> list[str]:
    """Names without white space around them, each once, empty ones left out."""
    return list(dict.fromkeys(filter(None, map(str.strip, names))))
