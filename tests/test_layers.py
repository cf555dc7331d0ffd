"""Imports point down."""

import ast
from pathlib import Path

import genre

# a package may import from its own floor and those below; what is not named here is the ground floor
FLOORS = [
    {"errors", "files", "genres", "paths"},
    {"config"},
    {"data", "linguistics"},
    {"losses", "metrics", "decision", "sampling"},
    {"models"},
    {"tracking"},
    {"training", "evaluation"},
    {"report"},
    {"sweep"},
]
RANK = {name: rank for rank, floor in enumerate(FLOORS) for name in floor}
ROOT = Path(genre.__file__).parent


def upward_imports(root: Path) -> list[str]:
    found = []
    for file in sorted(root.rglob("*.py")):
        here = file.relative_to(root).with_suffix("").parts[0]
        if here == "__init__":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
            targets = {name.split(".")[1] for name in names if name.startswith("genre.")}
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
    assert upward_imports(tmp_path) == ["data/x.py: report", "data/y.py: report", "data/y.py: models"]
