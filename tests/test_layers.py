"""Imports point down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import genre

# a package may import from its own floor and those below
FLOORS = [
    {
        "console",
        "errors",
        "extras",
        "files",
        "lazy",
        "lightning",
        "machine",
        "on_ray",
        "paths",
        "processes",
        "quiet_end",
        "templates",
    },
    {"config"},
    {"losses", "metrics", "calibration", "decision", "ensemble", "sampling"},
    {"data"},
    {"linguistics", "imdb"},
    {"models"},
    {"runs"},
    {"tracking"},
    {"training", "evaluation", "use"},
    {"report"},
    {"sweep"},
    {"cli"},
]
RANK = {name: rank for rank, floor in enumerate(FLOORS) for name in floor}
ROOT = Path(genre.__file__).parent
_DOTTED = re.compile(r"genre(\.\w+)+")


def named(file: Path) -> Iterator[str]:
    """What a module imports, and what its strings name, as a `_target_` does.

    The strings of config/ are let be: its schemas name what is swapped by configuration, which lies on higher floors,
    and only the floors above instantiate it.
    """
    strings = "config" not in file.parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names))
        elif strings and isinstance(node, ast.Constant) and _DOTTED.fullmatch(str(node.value)):
            yield str(node.value)


def upward_imports(root: Path) -> list[str]:
    found = []
    for file in sorted(root.rglob("*.py")):
        here = file.relative_to(root).with_suffix("").parts[0]
        if here == "__init__":
            continue
        targets = {name.split(".")[1] for name in named(file) if name.startswith("genre.")} & RANK.keys()
        found += [f"{file.relative_to(root)}: {target}" for target in sorted(targets) if RANK[target] > RANK[here]]
    return found


def test_every_package_stands_on_a_floor() -> None:
    packages = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert packages - {"__init__"} == set(RANK)


def test_imports_only_point_down() -> None:
    assert upward_imports(ROOT) == []


def test_an_upward_import_is_found(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.py").write_text("def f():\n    from genre.report import print_run\n")
    (tmp_path / "data" / "y.py").write_text("from genre import report\nimport genre.models\nfrom genre import files\n")
    (tmp_path / "data" / "z.py").write_text('TARGET = "genre.losses.BCELoss"\nLATER = "genre.imdb.ImdbSource"\n')
    assert upward_imports(tmp_path) == [
        "data/x.py: report",
        "data/y.py: models",
        "data/y.py: report",
        "data/z.py: imdb",
    ]
