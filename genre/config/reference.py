"""What every setting is: types from the schemas, defaults and meanings from the YAML files of conf/."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import yaml

from genre.config.schema import SCHEMAS
from genre.paths import CONF_DIR

_SETTING = re.compile(r"^(?P<indent> *)(?P<key>[\w.]+):(?P<rest>.*)$")
_COMMENT = re.compile(r"(?:^|\s)# (.*)$")
_KINDS = {int: "whole number", float: "number", bool: "true or false", str: "text", Any: "any", NoneType: "null"}


@dataclass(frozen=True)
class Setting:
    """A row of the reference: dotted name, type in words, default as YAML, meaning."""

    name: str
    kind: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Option:
    """A YAML file of conf/.

    Attributes:
        name: of the file, below its group.
        purpose: the comment above its content.
        base: the option of the same group that it builds on.
        groups: the defaults of a contents page, such as `loss=bce`.
        prefix: of its settings' names, such as `loss.`; empty where it sets those of other groups.
        schema: its dataclass; None where it has none, as launchers of Hydra's plugins.
        values: by dotted name.
        meanings: comments, by dotted name.
    """

    name: str
    purpose: str
    base: str | None
    groups: list[str]
    prefix: str
    schema: type | None
    values: dict[str, Any]
    meanings: dict[str, str]


def read_option(file: Path, group: str = "") -> Option:
    """Read a YAML file with its comments.

    Args:
        file: of conf/.
        group: of settings; empty for a command's contents page.
    """
    text = file.read_text(encoding="utf-8")
    content = yaml.safe_load(text) or {}
    entries = content.pop("defaults", [])
    names = [entry for entry in entries if isinstance(entry, str)]
    place = next((name.partition("schema/")[2].partition("@")[0] for name in names if "schema/" in name), None)
    base = next((name for name in names if "/" not in name and name != "_self_"), None)
    chosen = [f"{key}={_chosen(value)}" for entry in entries if isinstance(entry, dict) for key, value in entry.items()]
    package = re.search(r"^# @package (\S+)$", text, re.MULTILINE)
    prefix = f"{package[1] if package else group.replace('/', '.')}."
    prefix = "" if prefix in (".", "_global_.") else prefix
    head = [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]
    return Option(
        file.relative_to(CONF_DIR / group).with_suffix("").as_posix(),
        " ".join(line for line in head if not line.startswith("@package")),
        base,
        [one for one in chosen if not one.startswith("override ") and not one.endswith("=None")],
        prefix,
        SCHEMAS[place] if place else None,
        {f"{prefix}{name}": value for name, value in _flat(content)},
        {f"{prefix}{name}": meaning for name, meaning in _comments(text)},
    )


def _chosen(value: Any) -> str:
    """An option of a group, or several."""
    return f"[{','.join(value)}]" if isinstance(value, list) and len(value) > 1 else "".join(value or ["None"])


def _flat(content: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        if isinstance(value, dict) and value and key != "hydra":
            yield from _flat(value, f"{prefix}{key}.")
        elif key not in ("_target_", "hydra"):
            yield f"{prefix}{key}", value


def _comments(text: str) -> Iterator[tuple[str, str]]:
    """Dotted names and what stands behind them as a comment."""
    parents: list[tuple[int, str]] = []
    for found in filter(None, map(_SETTING.match, text.splitlines())):
        indent = len(found["indent"])
        parents = [parent for parent in parents if parent[0] < indent]
        comment = _COMMENT.search(found["rest"])
        if comment:
            yield ".".join([*(name for _, name in parents), found["key"]]), comment[1]
        parents.append((indent, found["key"]))


def kinds(schema: type, prefix: str = "") -> dict[str, str]:
    """Types in words by dotted name; sections that are groups of their own are left out."""
    found: dict[str, str] = {}
    for field in fields(schema):
        name = f"{prefix}{field.name}"
        if isinstance(field.type, type) and is_dataclass(field.type):
            if not (CONF_DIR / field.name).is_dir():
                found |= kinds(field.type, f"{name}.")
        elif field.name != "_target_" and get_origin(field.type) is not dict:
            found[name] = _in_words(field.type)
    return found


def _in_words(kind: Any) -> str:
    if get_origin(kind) is UnionType:
        return " or ".join(map(_in_words, get_args(kind)))
    if get_origin(kind) is list:
        return f"list of {_in_words(get_args(kind)[0])}s"
    return _KINDS.get(kind, "any")


class Reference:
    """All of conf/.

    Attributes:
        commands: contents pages, by the name of the command.
        groups: the options of each group.
    """

    def __init__(self) -> None:
        self.commands = {file.stem: read_option(file) for file in sorted(CONF_DIR.glob("*.yaml"))}
        folders = {file.parent for file in CONF_DIR.rglob("*.yaml")} - {CONF_DIR}
        names = {folder.relative_to(CONF_DIR).as_posix() for folder in folders}
        groups = sorted({"experiment" if name.startswith("experiment/") else name for name in names})
        self.groups = {
            group: [read_option(file, group) for file in sorted((CONF_DIR / group).rglob("*.yaml"))] for group in groups
        }
        self._kinds: dict[str, str] = {}
        for place, schema in SCHEMAS.items():
            self._kinds |= kinds(schema, "" if place in self.commands else f"{place.partition('/')[0]}.")
        self._meanings = {
            name: meaning
            for options in [*self.groups.values(), [*self.commands.values()]]
            for option in options
            for name, meaning in option.meanings.items()
        }

    def settings(self, option: Option, group: str = "") -> list[Setting]:
        """What a file gives."""
        prefix = f"{group.replace('/', '.')}." if group else ""
        own = kinds(option.schema, option.prefix or prefix) if option.schema else {}
        base = next((one.meanings for one in self.groups.get(group, []) if one.name == option.base), {})
        found = []
        for name, value in option.values.items():
            kind = own.get(name) or self._kinds.get(name) or ("any" if value is None else _in_words(type(value)))
            meaning = option.meanings.get(name) or base.get(name, "")
            if not (prefix and name.startswith(prefix)):  # of another group, which says it
                meaning = meaning or self._meanings.get(name, "")
            found.append(Setting(name, kind, _as_yaml(value), meaning))
        return found


def _as_yaml(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=1000, allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
