"""Settings on the command line: what is typed is taken as it stands, and what is printed can be pasted."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

from genre.config.schema import SCHEMAS, RunConfig
from genre.errors import UserError
from genre.paths import program

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_DRY_RUN = "--dry-run"
_ELEMENT = re.compile(rf"\s*({_QUOTED}|[^,]*?)\s*(?:,|$)")  # of a list


def taken_as_typed(arguments: Sequence[str], config_name: str) -> tuple[list[str], list[str]]:
    """Quote for Hydra what its grammar would read otherwise than a person means it: free text and names of folders.

    Args:
        arguments: of the command line.
        config_name: of the contents page.

    Returns:
        Hydra's flags with their values, and the overrides with such texts in quotation marks. In this order, flags
        first, Hydra takes them wherever they stood.

    Raises:
        UserError: when --config-dir is no folder, --dry-run stands without -m, or a value is what configurations write
            where there is none.
    """
    from hydra._internal.utils import get_args_parser

    arguments = _searched(_dry_run_as_setting(arguments, config_name))
    known = get_args_parser().parse_intermixed_args(list(arguments))
    sweep = known.multirun or "hydra.mode=MULTIRUN" in known.overrides
    flags, left = [], list(known.overrides)
    for argument in arguments:
        if left and argument == left[0]:
            left.pop(0)
        else:
            flags.append(argument)
    return flags, [_as_typed(override, config_name, sweep=sweep) for override in known.overrides]


def _dry_run_as_setting(arguments: Sequence[str], config_name: str) -> list[str]:
    """Say `--dry-run` as a setting of the sweep.

    Raises:
        UserError: when there is no sweep.
    """
    if _DRY_RUN not in arguments:
        return list(arguments)
    sweeps = issubclass(SCHEMAS[config_name], RunConfig) and {"-m", "--multirun"} & set(arguments)
    if not sweeps:
        raise UserError(f"{_DRY_RUN}: tells what a sweep would run, such as train.py -m loss=bce,focal {_DRY_RUN}")
    return [*(argument for argument in arguments if argument != _DRY_RUN), "hydra.sweeper.dry_run=true"]


def _searched(arguments: Sequence[str]) -> list[str]:
    """Say `--config-dir FOLDER` as a setting, which every later composition sees too: of a job, or for a message."""
    from hydra._internal.utils import get_args_parser

    folder = get_args_parser().parse_intermixed_args(list(arguments)).config_dir
    if folder is None:
        return list(arguments)
    if not Path(folder).expanduser().is_dir():
        raise UserError(f"--config-dir {folder}: no such folder")
    others, left = [], iter(arguments)
    for argument in left:
        if argument in ("--config-dir", "-cd"):
            next(left)
        elif not argument.startswith(("--config-dir=", "-cd=")):
            others.append(argument)
    place = quoted(f"file://{Path(folder).expanduser().absolute()}")
    return [*others, f"hydra.searchpath=[{place}]"]


def quoted(text: str, *, literal: bool = True) -> str:
    """A text in quotation marks, as Hydra's grammar has them.

    Args:
        text: any.
        literal: whether `${...}` in it is text too, not to be filled in.
    """
    # Hydra takes a backslash for an escape only before a quote and at the end, OmegaConf before an interpolation
    escaped = re.sub(r"(\\*)('|$)", lambda found: found[1] * 2 + ("\\'" if found[2] else ""), text)
    if literal:
        escaped = re.sub(r"(\\*)\$\{", lambda found: found[1] * 2 + "\\${", escaped)
    return f"'{escaped}'"


def command(name: str, **settings: str | Path | Sequence[str | Path]) -> str:
    """A command of this project with settings, such as can be pasted into a shell.

    Example:
        >>> print(command("compare", runs=["outputs/sweeps/é (1)"]))
        python scripts/compare.py 'runs=[outputs/sweeps/é (1)]'
    """
    words = [f"{key}={_listed(value)}" for key, value in settings.items()]
    return " ".join([program(name), *map(shlex.quote, words)])


def typed_command() -> str:
    """The command of this job as it was typed, of a job in a sweep with its own values; empty where there was none."""
    from hydra.core.hydra_config import HydraConfig

    if not HydraConfig.initialized():
        return ""
    hydra = HydraConfig.get()
    return " ".join([program(str(hydra.job.config_name)), *map(shlex.quote, hydra.overrides.task)])


def typed_again(name: str, group: str) -> str:
    """Another command with the settings of a group that were typed for this one.

    Args:
        name: of the command.
        group: such as `data`.
    """
    from hydra.core.hydra_config import HydraConfig

    typed = HydraConfig.get().overrides.task if HydraConfig.initialized() else []
    kept = [item for item in typed if item.startswith((f"{group}=", f"{group}."))]
    return " ".join([program(name), *map(shlex.quote, kept)])


def _listed(value: str | Path | Sequence[str | Path]) -> str:
    if isinstance(value, str | Path):
        return str(value)
    texts = [str(item) for item in value]
    return f"[{','.join(text if _elements(text) == [text] else quoted(text) for text in texts)}]"


def _as_typed(override: str, config_name: str, *, sweep: bool) -> str:
    key, equals, value = override.partition("=")
    name = key.lstrip("+~")
    kind = _kind(name, config_name)
    read = _read(override)
    if value == "???":
        raise UserError(f"{override}: three question marks stand for a value that is yet to be given; take another")
    if not equals or value in ("", "null"):
        return override
    sweep = sweep and not name.startswith("paths.")  # where results go is never swept over
    # of a comma that starts no sweep Hydra says what it would need, but in a text it is one
    if read and read.is_sweep_override() and (sweep or kind is not str):
        return override
    literal = "." not in name  # the texts of single settings; those of groups may refer to other settings
    if kind is str and sweep and not read:  # by a comma
        return f"{key}={','.join(_text(item, literal=literal) for item in _elements(value))}"
    if kind is str:
        return f"{key}={_text(value, literal=literal)}"
    if kind is list and value[0] + value[-1] == "[]":
        items = [_text(item, literal=literal) for item in _elements(value[1:-1])]
        return f"{key}=[{','.join(items)}]" if value != "[]" else override
    return override if read else f"{key}={quoted(value, literal=False)}"


def _text(value: str, *, literal: bool) -> str:
    """A text for Hydra, left as it is where Hydra reads it so, quotation marks and escapes of its grammar included."""
    if re.fullmatch(_QUOTED, value):
        return value
    read = _read(f"text={value}")
    given = read.value() if read and not read.is_sweep_override() else None
    as_it_is = given == value and "${" not in value if literal else isinstance(given, str) and value == value.strip()
    return value if as_it_is else quoted(value, literal=literal)


def _elements(text: str) -> list[str]:
    """What commas separate.

    Example:
        >>> _elements("a (1), 'b, c',it's")
        ['a (1)', "'b, c'", "it's"]
    """
    found, position, more = [], 0, True
    while more:
        element = _ELEMENT.match(text, position)
        assert element
        found.append(element[1])
        position, more = element.end(), element[0].endswith(",") and element.end() > element.end(1)
    return found


def _kind(key: str, config_name: str) -> type | None:
    """Whether a setting holds a text (`str`), several (`list`) or something else."""
    first, *rest = key.split(".")
    types: set[Any] = {field.type for field in fields(SCHEMAS[config_name]) if field.name == first}
    if rest and any(get_origin(one) is dict for one in types):  # a section for each chosen option
        rest = rest[1:]
    if rest:  # of a group: any of its options
        types |= {schema for path, schema in SCHEMAS.items() if path.partition("/")[0] == first}
    for name in rest:
        types = {item.type for schema in types if is_dataclass(schema) for item in fields(schema) if item.name == name}
    if types and types <= {str, str | None}:
        return str
    return list if types and types <= {list[str], list[str] | None} else None


def _read(override: str) -> "Override | None":
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return OverridesParser.create().parse_override(override)
    except HydraException:
        return None
