"""What a run and its group are called."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genre.config import RunConfig
from genre.files import short_hash
from genre.runs.folder import RunFolder

GROUP_VARIABLE = "WANDB_RUN_GROUP"  # by which a sweep names its group to its jobs, as W&B itself does
_LONGEST = 128  # characters of a name
_LONGEST_TAG = 64


def told_of(run: RunFolder) -> list[str]:
    """The overrides that a run was begun with, such as `loss=focal`; none where a version did not keep them."""
    return run.typed() or []


def without_seed(told: Sequence[str]) -> list[str]:
    """The overrides that several seeds share."""
    return [item for item in told if not item.startswith("seed=")]


def name_of(told: Sequence[str]) -> str:
    """A run's name: what was typed for it."""
    return _shortened(" ".join(map(_without_place, told)) or "default")


def tags_of(told: Sequence[str]) -> list[str]:
    """What was typed, one by one, as far as W&B takes it for a tag."""
    return [tag for tag in map(_without_place, told) if len(tag) <= _LONGEST_TAG]


def group_of(run: RunFolder, cfg: RunConfig) -> str | None:
    """The group of a run: that of its sweep, or of the seeds that were asked for together."""
    if cfg.seeds == 1:
        return os.environ.get(GROUP_VARIABLE)
    return group_name([*without_seed(told_of(run)), f"seeds={cfg.seeds}"])


def nested_in(run: RunFolder, cfg: RunConfig) -> list[str]:
    """The groups of a run, the outer one first: its sweep, and the seeds that were asked for together."""
    sweep = os.environ.get(GROUP_VARIABLE)
    seeds = [name_of([*without_seed(told_of(run)), f"seeds={cfg.seeds}"])] if cfg.seeds > 1 else []
    return [*([sweep] if sweep else []), *seeds]


def group_name(overrides: Sequence[str]) -> str:
    """What runs are grouped by: the group that the environment names, or what was typed for all of them."""
    return os.environ.get(GROUP_VARIABLE) or name_of(overrides)


def shown(value: Any) -> Any:
    """A setting as text or number: several in a row, and of a folder or file of this machine its name alone."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value


def _without_place(override: str) -> str:
    key, equals, value = override.partition("=")
    return f"{key}{equals}{shown(value)}"


def _shortened(name: str) -> str:
    """A name that W&B takes; one that is cut ends in a hash of all of it."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 14]}... {short_hash(name)}"
