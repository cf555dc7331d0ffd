"""Packages of a person's own: what the setting `code` names may be configured."""

import importlib
from collections.abc import Sequence
from typing import Any

from genre.errors import UserError


def named_packages(code: Any) -> list[str]:
    """The packages that the setting `code` names; a word alone names none.

    Example:
        >>> named_packages(["my_package", "ignore"]), named_packages("check")
        (['my_package'], [])
    """
    return [name for name in code if name != "ignore"] if isinstance(code, list) else []


def import_packages(overrides: Sequence[str]) -> None:
    """Import what `code=[...]` names, so that its schemas are known to composition.

    It is the command line that lets code in: a run folder from elsewhere names what it likes, and nothing is imported.

    Raises:
        UserError: when there is no such package.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    for override in overrides:
        if not override.lstrip("+").startswith("code="):
            continue
        try:
            code = OverridesParser.create().parse_override(override).value()
        except HydraException:
            continue  # which composition explains
        for name in named_packages(code):
            try:
                importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                    raise  # something that the package itself lacks
                raise UserError(
                    f"code=[{name}]: no such package can be imported; install it, or put the folder it lies in into "
                    "PYTHONPATH"
                ) from None
