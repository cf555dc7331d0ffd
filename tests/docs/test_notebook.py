"""The notebook among the tutorials runs from top to bottom."""

import ast
import importlib
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from genre.paths import PROJECT_ROOT
from tests.docs.pages import DOCS

NOTEBOOK = DOCS / "tutorials" / "first_sweep.ipynb"


@pytest.fixture
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_what_it_imports_is_there(notebook) -> None:
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code" and "%pip" not in cell.source)
    imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if str(node.module).startswith("genre.")]
    assert len(ours) >= 5
    for node in ours:
        module = importlib.import_module(str(node.module))
        assert all(hasattr(module, alias.name) for alias in node.names), ast.unparse(node)


def test_it_holds_results_and_no_place_of_a_machine(notebook) -> None:
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in shown)
    assert not {"stderr"} & {output.get("name") for output in shown}
    assert not [place for place in (str(Path.home()), "/work/", "/tmp/") if place in NOTEBOOK.read_text("utf-8")]


@pytest.mark.slow
def test_it_runs(notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PROJECT_ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    NotebookClient(notebook, timeout=1200, resources={"metadata": {"path": str(tmp_path)}}).execute()
    last = notebook.cells[-2].outputs[0]["data"]["text/plain"]
    assert "speaks for " in last
    assert len(list((tmp_path / "first_sweep" / "runs").iterdir())) == 3
