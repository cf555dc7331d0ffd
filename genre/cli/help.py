"""What `--help` prints, without composing anything."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import fields

from genre.config.reference import Option, Reference, Setting
from genre.config.schema import SCHEMAS, RunConfig
from genre.paths import CONF_DIR, program

_BESIDE = ("experiment", "sweep", "hydra/sweeper", "hydra/launcher")  # what a run takes beside groups of settings
_WIDTH, _NAMES = 120, 44  # letters of a line, and of a setting with its value before the meanings begin


def help_text(config_name: str, purpose: str) -> str:
    """A script's own docstring, its settings with their values and meanings, and its groups with their options.

    Args:
        config_name: of the script's contents page, conf/`config_name`.yaml.
        purpose: the script's docstring.
    """
    reference = Reference()
    contents = reference.commands[config_name]
    lines = [re.sub(r"python scripts/(\w+)\.py", lambda found: program(found[1]), purpose.strip()), ""]
    lines += ["Settings:", *_settings(reference.settings(contents), "  ")]
    chosen = dict(one.split("=") for one in contents.groups)
    names = [name for field in fields(SCHEMAS[config_name]) if (CONF_DIR / (name := field.name)).is_dir()]
    if names:
        lines += ["", "Groups (group=option, then group.setting=value), with the settings of the default:"]
    for name in names:
        options = {option.name: option for option in reference.groups[name]}
        default = options.get(chosen.get(name, ""))
        lines += _options(name, [*options], f" (default: {default.name})" if default and len(options) > 1 else "")
        lines += [] if default is None else _settings(_with_base(reference, default, name), "    ")
    if issubclass(SCHEMAS[config_name], RunConfig):
        for name in _BESIDE:
            lines += _options(name, [option.name for option in reference.groups[name]], "")
        lines += ["", "metric=val/x answers with the names of all metrics."]
        lines += ["-m ... --dry-run tells the jobs of a sweep, their time and disk, and runs none."]
    return "\n".join(
        [*lines, "", "--cfg job shows every setting with its value; --hydra-help shows Hydra's own flags."]
    )


def _with_base(reference: Reference, option: Option, group: str) -> list[Setting]:
    """The settings of an option and those that it takes over from the one that it builds on."""
    own = reference.settings(option, group)
    base = next((other for other in reference.groups[group] if other.name == option.base), None)
    known = {one.name for one in own}
    return [*own, *(one for one in (reference.settings(base, group) if base else []) if one.name not in known)]


def _options(group: str, names: Sequence[str], default: str) -> list[str]:
    return textwrap.wrap(
        f"{group}: {', '.join(names)}{default}", _WIDTH, initial_indent="  ", subsequent_indent=" " * 6
    )


def _settings(settings: Sequence[Setting], indent: str) -> Iterator[str]:
    """A line for each: name, value, meaning."""
    for one in settings:
        head = f"{indent}{one.name}={one.default}"
        gap = " " * _NAMES
        if len(head) >= _NAMES:  # the meaning begins below
            yield head
            head = ""
        yield from textwrap.wrap(
            one.meaning, _WIDTH, initial_indent=f"{head:<{_NAMES}}", subsequent_indent=gap, break_long_words=False
        )
