"""Hydra's and OmegaConf's errors as one line: which setting, in which file, what was probably meant."""

import difflib
import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException, ValidationError

from genre.config.schema import SCHEMAS
from genre.errors import UserError
from genre.paths import CONF_DIR

_MOST = 50  # words in a message


@contextmanager
def explaining(config_name: str = "", overrides: list[str] | None = None) -> Iterator[None]:
    """Raise the block's composition errors as `UserError` with one line."""
    try:
        yield
    except _composition_errors() as error:  # Hydra is imported where something is wrong, and where it composes
        raise UserError(explain(error, config_name, overrides or [])) from error
    except OSError as error:  # of the file of an option
        if error.errno != errno.ENAMETOOLONG:
            raise
        group = Path(str(error.filename)).parent.name
        raise UserError(f"{group}=...: no option has a name as long as that; --help tells which there are") from error


def _composition_errors() -> tuple[type[Exception], ...]:
    from hydra.errors import HydraException

    return HydraException, OmegaConfBaseException, ValueError


def explain(error: Exception, config_name: str, overrides: list[str]) -> str:
    """Say in one line what is wrong with a config.

    Args:
        error: raised by Hydra or OmegaConf while `config_name` was composed with `overrides`.
    """
    from hydra.errors import MissingConfigException, OverrideParseException

    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        group, _, option = str(error.missing_cfg_file).rpartition("/")
        there = [str(path.relative_to(CONF_DIR / group).with_suffix("")) for path in (CONF_DIR / group).rglob("*.yaml")]
        own = error.options or []  # the same without subfolders, and what lies in folders that a person named
        return f"{group}={option}: no such file in conf/{group}; {suggestion(option, {*there, *own})}"
    if isinstance(error, OverrideParseException):
        return f"{error.override}: cannot be read as KEY=VALUE; put quotes around special characters: 'KEY=\"VALUE\"'"
    cause = error if isinstance(error, OmegaConfBaseException) else error.__cause__
    in_file = re.match(r"In '([^']+)'", str(error))
    if isinstance(cause, ConfigKeyError) and in_file:
        known = [str(key) for key in getattr(cause.object_type, "__dataclass_fields__", ())]
        return f"{cause.full_key}: no such setting, in conf/{in_file[1]}.yaml; {suggestion(str(cause.key), known)}"
    key = re.match(r"Could not override '([^']+)'", str(error))
    if key:
        return _unknown_key(key[1], config_name, overrides)
    if isinstance(cause, ValidationError):
        if not config_name and not in_file:  # a saved one, of no file in conf/
            return f"{cause.full_key}: {_first_line(cause)}"
        where = f"conf/{in_file[1]}.yaml" if in_file else _file_of(cause.full_key or "", config_name, overrides)
        return f"{_as_typed(cause.full_key or '', overrides)}: {_first_line(cause)} ({where})"
    ambiguous = re.match(r"Ambiguous value for argument '([^=]+)=(.*)'", str(error))
    if ambiguous:
        name, value = ambiguous.groups()
        return f"{name}={value}: a comma starts a sweep, which needs -m; a list is written {name}=[{value}]"
    return _first_line(error if cause is None else cause)


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]


def _as_typed(key: str, overrides: list[str]) -> str:
    return next((typed for typed in overrides if typed.lstrip("+").startswith(f"{key}=")), key)


def _composed(config_name: str, overrides: list[str]) -> Any:
    """Compose with the chosen options of groups alone: it tells which files were taken and which keys they know."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parsed = OverridesParser.create().parse_overrides(overrides)
    choices = [
        item.input_line
        for item in parsed
        if item.input_line and ((CONF_DIR / item.key_or_group).is_dir() or item.key_or_group == "hydra.searchpath")
    ]
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(CONF_DIR), version_base="1.3"):
        try:
            return hydra_compose(config_name, choices, return_hydra_config=True)
        except _composition_errors():
            return hydra_compose(config_name, [], return_hydra_config=True)


def _file_of(key: str, config_name: str, overrides: list[str]) -> str:
    """The YAML file in which the setting `key` has its value."""
    section, dot, _ = key.partition(".")
    option = key.split(".")[1] if dot else ""
    if _own_section(section, option):
        return f"conf/{section}/{option}.yaml"
    choice = _composed(config_name, overrides).hydra.runtime.choices.get(section) if dot else None
    return f"conf/{section}/{choice}.yaml" if choice else f"conf/{config_name}.yaml"


def _own_section(group: str, option: str) -> bool:
    """Whether settings of the option stand in a section of its name, since several of the group may be chosen."""
    file = CONF_DIR / group / f"{option}.yaml"
    return file.is_file() and f"# @package {group}.{option}\n" in file.read_text(encoding="utf-8")


def _unknown_key(key: str, config_name: str, overrides: list[str]) -> str:
    """Explain an override of a key that the composed config does not have."""
    typed = _as_typed(key, overrides)
    if "." not in key:  # composing takes a quarter of a second, and what is on top is the same whichever is chosen
        known = {field.name for field in fields(SCHEMAS[config_name])}
        return f"{typed}: no such setting in conf/{config_name}.yaml; {suggestion(key, known)}"
    cfg = _composed(config_name, overrides)
    group, option, *_ = key.split(".")
    if _own_section(group, option) and option not in cfg.get(group, {}):
        return f"{typed}: belongs to {group}={option}, which is not chosen"
    parent, _, last = key.rpartition(".")
    section = OmegaConf.select(cfg, parent)
    if not OmegaConf.is_dict(section):
        parent, last, section = "", key.partition(".")[0], cfg
    known = {str(name) for name in section} - {"hydra"}
    file = _file_of(f"{parent}.{last}" if parent else last, config_name, overrides)
    message = f"{typed}: no such setting in {file}; "
    elsewhere = _options_with(parent, last, known)
    return message + (elsewhere or suggestion(last, known))


def _options_with(group: str, key: str, known: set[str]) -> str:
    """Say which other options of the group know `key`, or a key that is spelt nearly so."""
    if not group or difflib.get_close_matches(key, known, n=1, cutoff=0.6):
        return ""
    options: dict[str, list[str]] = {}  # by key
    for file in sorted(CONF_DIR.joinpath(*Path(group).parts).glob("*.yaml")):
        loaded: Any = OmegaConf.load(file)
        for name in loaded.get(group, loaded):
            own = f", as {group}.{file.stem}.{name}" if _own_section(group, file.stem) else ""
            options.setdefault(str(name), []).append(f"{group}={file.stem}{own}")
    near = difflib.get_close_matches(key, options, n=1, cutoff=0.6)
    if near:
        return f"'{near[0]}' belongs to {', '.join(options[near[0]])}"
    return ""


def suggestion(name: str, known: Iterable[str]) -> str:
    """Name the known word nearest to `name`, and all that there are, or the first of very many.

    Example:
        >>> suggestion("gama", ["alpha", "gamma"])
        "did you mean 'gamma'? (there are: alpha, gamma)"
    """
    visible = sorted(word for word in known if not word.startswith("_"))
    near = difflib.get_close_matches(name, visible, n=1, cutoff=0.5)
    more = f" and {len(visible) - _MOST:,} more" if len(visible) > _MOST else ""
    listed = f"there are: {', '.join(visible[:_MOST])}{more}" if visible else "it has no settings"
    return f"did you mean '{near[0]}'? ({listed})" if near else listed
