"""The table of licences names every package that is pinned and installed."""

import importlib.util
from types import ModuleType

import pytest

from tests.docs.pages import DOCS


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", DOCS / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_that_of_the_constraints(licences: ModuleType) -> None:
    written = licences.PAGE.read_text(encoding="utf-8")
    rows = {line.split(" | ")[0].removeprefix("| ") for line in written.splitlines() if line.startswith("| ")}
    assert rows - {"package"} <= set(licences.pinned())
    made = licences.page()
    assert {line for line in made.splitlines() if line.startswith("| ")} <= set(written.splitlines())
    assert "| gensim | LGPL-2.1-only | `word2vec` |" in written
