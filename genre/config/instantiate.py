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
    try:
        return hydra.utils.instantiate(section, **kwargs)
    except InstantiationException as error:
        if isinstance(error.__cause__, UserError):
            raise error.__cause__ from None
        if isinstance(error.__cause__, ValueError):
            raise UserError(f"{target.rpartition('.')[2]}: {error.__cause__}") from error
        raise
