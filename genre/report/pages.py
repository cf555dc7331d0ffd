"""What every page has: a template filled in with text alone, scripts known by their hash, how it was made, links."""

import base64
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import genre
from genre.config.overrides import typed_command
from genre.report.colours import THEME
from genre.templates import templates

_TEMPLATES = Path(__file__).parent


def render(template: str, *, script: str = "", **values: Any) -> str:
    """Fill in a template of this package; what it shows of `values` is text, never markup.

    A page allows no script but its own, which it knows by its hash, and nothing to be loaded: titles, texts and names
    come from anywhere.

    Args:
        template: its path below genre/report.
        script: path of a script that the page has beside the one that sorts tables.
        values: by the names that the template uses; each of these must be there.
    """
    code = "\n".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("tables.js", script) if name)
    code_hash = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return templates(_TEMPLATES).get_template(template).render(values, theme=THEME, script=code, script_hash=code_hash)


def origin(data: str, typed: str | None = None) -> list[tuple[str, str]]:
    """What a page says of how it was made: the command where there was one, the data, the date and the version.

    Args:
        data: of the page, in a few words.
        typed: the command; None: that of this job.
    """
    typed = typed_command() if typed is None else typed
    return [
        *([("Command", typed)] if typed else []),
        ("Data", data),
        ("Date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("Version", f"genre {genre.__version__}"),
    ]


def link(page: Path, output: Path) -> str:
    """How a page that lies in a folder leads to another one: by a relative path, which lasts when both are moved."""
    return quote(Path(os.path.relpath(page, output)).as_posix()) if page.is_file() else ""
