"""What makes a run the run it is: the settings that change what is learnt."""

import functools
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from genre.config import BaselineConfig, RunConfig, compose
from genre.config.schema import SCHEMAS
from genre.files import short_hash

# settings that do not change what is learnt
# (where the data lie is one of them: their fingerprint stands for what they are)
_INCIDENTAL = (
    "code",
    "paths",
    "data.raw",
    "data.source",
    "data.dir",
    "data.crawl",
    "data.file",
    "data.val_file",
    "data.test_file",
    "data.corrections",
    "data.label_names",
    "data.epochs",
    "logger",
    "on_failure",
    "overwrite",
    "report",
    "seeds",
    "trainer.devices",
    "trainer.keep_last",
    "trainer.progress_bar",
    "verbose",
)
# left out of the name of a run: its sweep, what a search adds, and the seed, which is told in its own way
_UNTOLD = ("sweep=", "trainer.stop_below=", "seed=")


def flatten(config: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested settings as one level of dotted names.

    Example:
        >>> flatten({"loss": {"alpha": 0.25}, "seed": 1})
        {'loss.alpha': 0.25, 'seed': 1}
    """
    flat: dict[str, Any] = {}
    for key, value in config.items():
        flat |= flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def config_name(cfg: RunConfig) -> str:
    """Name of the contents page in conf/ that this kind of run has."""
    return next(name for name, schema in SCHEMAS.items() if schema is type(cfg))


def changed_settings(cfg: RunConfig) -> dict[str, Any]:
    """Settings that differ from the defaults, by dotted name; where results go and how they are shown is left out."""
    defaults = default_settings(config_name(cfg))
    settings = essential_settings(cfg)
    return {key: value for key, value in settings.items() if key not in defaults or value != defaults[key]}


@functools.cache
def default_settings(name: str) -> dict[str, Any]:
    """Settings that change what is learnt as they are without overrides, by dotted name.

    Args:
        name: of the contents page, see `config_name`.
    """
    return essential_settings(compose(name))


def essential_settings(cfg: RunConfig) -> dict[str, Any]:
    """Settings that change what is learnt, by dotted name."""
    return {key: value for key, value in flatten(asdict(cfg)).items() if not _incidental(key)}


def run_name(cfg: RunConfig, data_fingerprint: str) -> str:
    """Folder name of a run: its overrides, readable, then the hash of its settings and data.

    The hash is what counts. It is of all settings that change what is learnt, not of the overrides: the same settings
    give the same hash however they were typed, and another one once a default has changed.
    """
    return folder_name(told_overrides(cfg), [essential_settings(cfg), data_fingerprint])


def told_overrides(cfg: RunConfig) -> list[str]:
    """What was typed of the settings that change what is learnt; `baseline` first where only the script says so."""
    from hydra.core.hydra_config import HydraConfig

    overrides = essential_overrides(HydraConfig.get().overrides.task) if HydraConfig.initialized() else []
    told = [item for item in overrides if not item.startswith(_UNTOLD)]
    if isinstance(cfg, BaselineConfig) and not any(item.startswith("baseline=") for item in told):
        told.insert(0, "baseline")
    # of this run: with seeds=N the override is that of the first one
    if cfg.seed != default_settings(config_name(cfg))["seed"]:
        told.append(f"seed={cfg.seed}")
    return told


def folder_name(overrides: Sequence[str], content: Any) -> str:
    """The overrides that tell something, as a name that any file system takes, and a hash of `content`."""
    told = [re.sub(r"[^\w.+-]+", "-", item).strip("-") for item in essential_overrides(overrides)]
    label = "_".join(told)[:100] or "default"
    return f"{label}_{short_hash(content)}"


def essential_overrides(overrides: Sequence[str]) -> list[str]:
    """Overrides of settings that change what is learnt."""
    return [item for item in overrides if not _incidental(item.lstrip("+~"))]


def _incidental(key: str) -> bool:
    name = key.partition("=")[0]
    return any(name == known or name.startswith(f"{known}.") for known in _INCIDENTAL)
