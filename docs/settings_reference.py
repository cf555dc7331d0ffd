"""Writes reference/settings.md: types from the schemas, defaults and meanings from the YAML files of conf/.

Run by `make reference`; a test says when the page is not what this would write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import yaml

from genre.config.schema import SCHEMAS
from genre.paths import CONF_DIR

PAGE = Path(__file__).parent / "reference" / "settings.md"

_HEAD = """\
# Settings

Every setting with its type, its default and its meaning. Written by `make reference` from `genre/config/schema/` and
`conf/`: change it there.

An option of a group is chosen by `group=option`, a value by its full name: `python scripts/train.py loss=focal
loss.gamma=1.5`. `???` is no default: such a setting must be given. "or null" means that it may be left empty, as in
`data.size=null`. Lists are written in brackets: `data.text=[title,description]`.
"""
_COMMANDS = "train baseline evaluate predict export compare results prepare download explore doctor dashboard".split()
_RECIPES = ("experiment", "sweep")  # sets of overrides of other groups
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
        schema: its dataclass; None where it has none, as launchers of Hydra's plugins.
        values: by dotted name.
        meanings: comments, by dotted name.
    """

    name: str
    purpose: str
    base: str | None
    groups: list[str]
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
    chosen = [f"{key}={value}" for entry in entries if isinstance(entry, dict) for key, value in entry.items()]
    prefix = "" if "@package _global_" in text or not group else f"{group.replace('/', '.')}."
    head = [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]
    return Option(
        file.relative_to(CONF_DIR / group).with_suffix("").as_posix(),
        " ".join(line for line in head if not line.startswith("@package")),
        base,
        [one for one in chosen if not one.startswith("override ") and not one.endswith("=None")],
        SCHEMAS[place] if place else None,
        {f"{prefix}{name}": value for name, value in _flat(content)},
        {f"{prefix}{name}": meaning for name, meaning in _comments(text)},
    )


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
    found = {}
    for field in fields(schema):
        name = f"{prefix}{field.name}"
        if is_dataclass(field.type):
            if not (CONF_DIR / field.name).is_dir():
                found |= kinds(field.type, f"{name}.")
        elif field.name != "_target_":
            found[name] = _in_words(field.type)
    return found


def _in_words(kind: Any) -> str:
    if get_origin(kind) is UnionType:
        return " or ".join(map(_in_words, get_args(kind)))
    if get_origin(kind) is list:
        return f"list of {_in_words(get_args(kind)[0])}s"
    return _KINDS.get(kind, "any")


class Reference:
    """All of conf/, as the page shows it."""

    def __init__(self) -> None:
        self.commands = {name: read_option(CONF_DIR / f"{name}.yaml") for name in _COMMANDS}
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
        own = kinds(option.schema, prefix) if option.schema else {}
        known = {one.name: one.meanings for one in self.groups.get(group, [])}
        found = []
        for name, value in option.values.items():
            kind = own.get(name) or self._kinds.get(name) or ("any" if value is None else _in_words(type(value)))
            meaning = option.meanings.get(name) or known.get(option.base, {}).get(name) or self._meanings.get(name, "")
            found.append(Setting(name, kind, _as_yaml(value), meaning))
        return found

    def page(self) -> str:
        """The page as Markdown."""
        parts = [_HEAD, "## Commands\n"]
        for name, page in self.commands.items():
            parts += [f"### {name}.py\n", _table(self.settings(page))]
            if page.groups:
                parts.append(f"Groups: {', '.join(f'`{one}`' for one in page.groups)}.\n")
        parts.append("## Groups\n")
        for group, options in self.groups.items():
            parts.append(f"### {group}\n")
            if group in _RECIPES:
                parts.append("".join(f"- `{group}={option.name}`: {option.purpose}\n" for option in options))
                continue
            for option in options:
                parts.append(f"#### {group}={option.name}\n")
                parts.append(option.purpose + (f" As `{group}={option.base}`, but:" if option.base else "") + "\n")
                parts.append(_table(self.settings(option, group)))
        return "\n".join(part for part in parts if part)


def _table(settings: list[Setting]) -> str:
    if not settings:
        return ""
    lines = ["| setting | type | default | meaning |", "|---|---|---|---|"]
    for one in settings:
        cells = [f"`{one.name}`", one.kind, f"`{one.default}`", one.meaning]
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join([*lines, ""])


def _as_yaml(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=1000, allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")


if __name__ == "__main__":
    PAGE.write_text(Reference().page(), encoding="utf-8")
