"""Where the project itself lies: in a clone, whose folder holds everything, or installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CLONE = _PACKAGE.parent

INSTALLED = (_PACKAGE / "conf").is_dir()  # a wheel has conf/, scripts/ and the sample inside the package, see setup.py
SHIPPED = _PACKAGE if INSTALLED else _CLONE  # what comes with the project
CONF_DIR = SHIPPED / "conf"
SCRIPTS = SHIPPED / "scripts"
PROJECT_ROOT = Path.cwd() if INSTALLED else _CLONE  # what people put beside it, and what comes of it


def program(name: str) -> str:
    """How the command `name` is called."""
    return f"genre {name}" if INSTALLED else f"python scripts/{name}.py"
