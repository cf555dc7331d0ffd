"""The one place where a `_target_` becomes an object."""

from typing import Any

import hydra.utils
from hydra.errors import InstantiationException

from genre.errors import UserError


def instantiate(section: Any, **kwargs: Any) -> Any:
    """Call the section's `_target_` with its settings and `kwargs`.

    Raises:
        UserError: when the target lies outside this project (a config from elsewhere must not run arbitrary code), or
            when the target's constructor finds a setting out of range.
    """
    target = section._target_
    if not target.startswith("genre."):
        raise UserError(f"_target_={target}: only classes and functions of this project (genre. ...) can be configured")
    # the settings go through Hydra; objects made at run time are handed over untouched
    try:
        make = hydra.utils.instantiate(section, _partial_=True, _convert_="all")
    except InstantiationException as error:
        raise UserError(f"_target_={target}: there is no such class or function") from error
    try:
        return make(**kwargs)
    except ValueError as error:
        raise UserError(f"{target.rpartition('.')[2]}: {error}") from error
