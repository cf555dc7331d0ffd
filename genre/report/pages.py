"""Pages that need nothing but themselves: one HTML file from a template."""

from pathlib import Path
from typing import Any

import jinja2


def render(template: str, **values: Any) -> str:
    """Fill in a template of this package; what it shows of `values` is text, never markup.

    Args:
        template: its path below genre/report.
        values: by the names that the template uses; each of these must be there.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)
