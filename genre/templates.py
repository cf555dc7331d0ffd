"""How pages are filled in: what they show is text, never markup."""

import functools
from pathlib import Path

import jinja2


@functools.cache
def templates(folder: Path) -> jinja2.Environment:
    """The templates in a folder; a name that one uses and nobody gives is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
