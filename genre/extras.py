"""Packages that only one feature needs, which are installed by name."""

from collections.abc import Iterator
from contextlib import contextmanager

from genre.errors import UserError


@contextmanager
def extra(name: str, feature: str) -> Iterator[None]:
    """For imports of what `pip install 'genre[NAME]'` installs.

    Args:
        name: of the extra.
        feature: what needs it, as a person asks for it.

    Raises:
        UserError: when it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(not_installed(name, feature, str(error.name).partition(".")[0])) from error


def not_installed(name: str, feature: str, package: str) -> str:
    """The line that says so."""
    return f"{feature}: the package {package} is not installed; run: pip install 'genre[{name}]'"
