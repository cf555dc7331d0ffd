"""The one place where a `_target_` becomes an object."""

from dataclasses import asdict
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from genre.config.schema import SCHEMAS
from genre.errors import UserError


def target_of(section: Any) -> Any:
    """What the section's `_target_` names: a class or a function.

    Raises:
        UserError: when no schema has this target: a config from elsewhere must not run arbitrary code.
    """
    target: str = section._target_
    if target not in {getattr(schema, "_target_", None) for schema in SCHEMAS.values()}:
        raise UserError(
            f"_target_={target}: no schema that is known here has it; if it is of a package of your own, name that: "
            "code=[my_package]"
        )
    return resolve_name(target)


def instantiate(section: Any, **kwargs: Any) -> Any:
    """Call the section's `_target_` with its settings and `kwargs`.

    Settings are handed over as they are: what stands within one of them is data, never a `_target_` of its own.

    Raises:
        UserError: as for `target_of`, and when a setting is out of range.
    """
    return _called(section, target_of(section), kwargs)


def restore(section: Any, folder: Path, **kwargs: Any) -> Any:
    """Call `load` of the section's `_target_` with the folder, the section's settings and `kwargs`.

    Raises:
        UserError: as for `instantiate`, and whatever `load` finds wrong.
    """
    return _called(section, target_of(section).load, {"folder": folder, **kwargs})


def _called(section: Any, make: Any, kwargs: dict[str, Any]) -> Any:
    settings = asdict(section)
    target = settings.pop("_target_")
    try:
        return make(**settings, **kwargs)
    except ValueError as error:
        raise UserError(f"{target.rpartition('.')[2]}: {error}") from error
