"""The command that gives a run its settings, and what was typed."""

import functools
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from genre.config import RunConfig, TableConfig, compose
from genre.config.schema import SCHEMAS
from genre.errors import UserError
from genre.paths import CONF_DIR
from genre.runs.folder import RunFolder
from genre.runs.identity import config_name, default_settings, essential_settings, told_overrides

_TABLE = ("file", "val_file", "test_file", "text", "labels_from", "label_names")  # what only a person can name
# whose options are named; a model comes first, for it brings settings of other groups
_GROUPS = ("model", "trainer", "loss", "features", "lemmatiser", "baseline", "oversample", "calibration", "decision")
_NAMED = ("data", "optimizer", *_GROUPS)


def as_typed(cfg: RunConfig) -> dict[str, Any]:
    """What the command line says of a run: `overrides`, and `options`, of each group the one that was typed or is the
    default, with the experiment; without a command line, as in a notebook, nothing is known of these.
    """
    from hydra.core.hydra_config import HydraConfig

    told = {"overrides": told_overrides(cfg)}
    if not HydraConfig.initialized():
        return told
    choices = HydraConfig.get().runtime.choices
    groups = [field.name for field in fields(cfg) if field.name in _NAMED]
    options = {name: None if choices[name] == "null" else choices[name] for name in (*groups, "experiment")}
    return told | {"options": options}


def options_of(run: RunFolder, cfg: RunConfig) -> dict[str, str | None]:
    """The options that a run was begun with, see `as_typed`; where no command line began it, those it is nearest to.

    Args:
        run: begun.
        cfg: its settings.
    """
    known = run.environment()
    if "options" in known:
        return dict(known["options"])
    groups = [field.name for field in fields(cfg) if field.name in _NAMED and field.name != "data"]
    data = _data(cfg)[0][0].partition("=")[2]
    return {"experiment": None, "data": data} | {group: option(cfg, group) for group in groups}


def commands(configs: Sequence[RunConfig]) -> list[list[str]]:
    """For each run few overrides that give its settings, all but the seed.

    Args:
        configs: settings of runs on the same data.

    Returns:
        Overrides of `scripts/train.py` or `scripts/baseline.py`; all begin with the same `data=...`.
    """
    found = [[[*shortest(config, data), *_corrections(config)] for config in configs] for data in _data(configs[0])]
    return min(found, key=lambda rows: sum(map(len, rows)))


def spelled_out(cfg: RunConfig) -> list[str]:
    """The same of one run, without `experiment=...`."""
    return [*min((_completed(cfg, data) for data in _data(cfg)), key=len), *_corrections(cfg)]


def _corrections(cfg: RunConfig) -> list[str]:
    return [f"data.corrections={cfg.data.corrections}"] if cfg.data.corrections else []


def _data(cfg: RunConfig) -> list[list[str]]:
    """Overrides that may choose a run's data: an option of the group `data`, with all that it asks for."""
    if isinstance(cfg.data, TableConfig):
        places = {name: getattr(cfg.data, name) for name in _TABLE}
        return [["data=table", *(f"data.{name}={_typed(value)}" for name, value in places.items() if value)]]
    ready = [name for name in _options("data") if name != "table"]
    own = [name for name in ready if _raw(name) == _place(getattr(cfg.data, "raw", ""))]
    return [[f"data={name}"] for name in own or ready if own or name != "sample"]  # its films lie nowhere else


@functools.cache
def _raw(name: str) -> tuple[str, ...]:
    return _place(str(compose("train", [f"data={name}"]).data.raw))


def _place(folder: str) -> tuple[str, ...]:
    """A folder within its checkout, such as data/sample/raw: a run may have been made in another one."""
    return Path(folder).parts[-3:]


def shortest(cfg: RunConfig, start: Sequence[str]) -> list[str]:
    """Few overrides, the first of them given, that give a run's settings but the seed.

    Args:
        cfg: settings of the run.
        start: overrides to begin with.
    """
    for name in _options("experiment"):
        given = _settings(config_name(cfg), (*start, f"experiment={name}"))
        if given and not _differing(given, essential_settings(cfg)):
            return [*start, f"experiment={name}"]
    return _completed(cfg, [*start])


def option(cfg: RunConfig, group: str, overrides: Sequence[str] = ()) -> str:
    """The file of a configuration group that a run's section is nearest to, the default one if others are as near.

    Args:
        cfg: settings of the run.
        group: such as `loss`.
        overrides: that go before; some options only go with them.
    """
    of_class = [name for name in _options(group) if SCHEMAS[_schema(group, name)] is type(getattr(cfg, group))]
    if len(of_class) == 1:  # which needs no composing
        return of_class[0]
    kind, wanted = config_name(cfg), _section(essential_settings(cfg), group)
    default = _section(default_settings(kind), group)
    options = {name: _settings(kind, (*overrides, f"{group}={name}")) for name in of_class or _options(group)}
    sections = {name: _section(given, group) for name, given in options.items() if given is not None}

    def distance(name: str) -> tuple[int, bool]:
        return len(_differing(sections[name], wanted)), sections[name] != default

    return min(sections, key=distance)


def _completed(cfg: RunConfig, overrides: list[str]) -> list[str]:
    """Overrides with those added that the settings need beyond them."""
    kind, wanted = config_name(cfg), essential_settings(cfg)
    given = _settings(kind, tuple(overrides)) or {}
    for group in (group for group in _GROUPS if group in {field.name for field in fields(cfg)}):
        if _differing(_section(given, group), _section(wanted, group)):
            chosen = f"{group}={option(cfg, group, overrides)}"
            changed = _settings(kind, (*overrides, chosen))
            another = given.get(f"{group}._target_") != wanted.get(f"{group}._target_")
            if changed and (another or len(_differing(changed, wanted)) < len(_differing(given, wanted))):
                overrides, given = [*overrides, chosen], changed
    further = [key for key in wanted if key in _differing(given, wanted)]
    return [*overrides, *(f"{key}={_typed(wanted[key])}" for key in further)]


def _differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """Names of the settings that differ, all but the seed."""
    return {key for key in one.keys() | other.keys() if key != "seed" and one.get(key, ...) != other.get(key, ...)}


def _section(settings: dict[str, Any], group: str) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key.startswith(f"{group}.")}


@functools.cache
def _settings(kind: str, overrides: tuple[str, ...]) -> dict[str, Any] | None:
    """What the overrides give; None where they do not go together or with this kind of run."""
    try:
        return essential_settings(compose(kind, list(overrides)))
    except UserError:
        return None


@functools.cache
def _options(group: str) -> list[str]:
    """The files of a group and of the groups in it."""
    folder = CONF_DIR / group
    return sorted(str(file.relative_to(folder).with_suffix("")) for file in folder.rglob("*.yaml"))


@functools.cache
def _schema(group: str, name: str) -> str:
    """The place of an option's type: of the one that its file names first, or the file that it builds upon."""
    content = yaml.safe_load((CONF_DIR / group / f"{name}.yaml").read_text(encoding="utf-8"))
    first = str(content["defaults"][0])
    return first.removeprefix("/schema/").partition("@")[0] if first.startswith("/schema/") else _schema(group, first)


def _typed(value: Any) -> str:
    """A value as the command line takes it."""
    if isinstance(value, list):
        return f"[{','.join(map(_typed, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return "null" if value is None else str(value)
