"""The reference of settings has every key, and is what the schemas and conf/ say."""

import importlib.util
from dataclasses import fields, is_dataclass
from typing import get_origin

import pytest

from genre.config.reference import Reference
from genre.config.schema import SCHEMAS
from genre.paths import CONF_DIR
from tests.docs.pages import DOCS


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("settings_reference", DOCS / "settings_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def reference():
    return Reference()


def keys(schema: type, prefix: str) -> set[str]:
    found = set()
    for field in fields(schema):
        if is_dataclass(field.type):
            is_group = (CONF_DIR / field.name).is_dir()
            found |= set() if is_group else keys(field.type, f"{prefix}{field.name}.")
        elif field.name != "_target_" and get_origin(field.type) is not dict:  # of sections, one for each option
            found.add(f"{prefix}{field.name}")
    return found


def every_key(reference) -> set[str]:
    found = set()
    for place, schema in SCHEMAS.items():
        command = place in reference.commands
        prefix = f"{place.replace('/', '.') if place.startswith('logger/') else place.split('/')[0]}."
        found |= {f"{place}: {key}" for key in keys(schema, "")} if command else keys(schema, prefix)
    return found


def every_row(reference):
    for name, page in reference.commands.items():
        yield from ((f"{name}: {one.name}", one) for one in reference.settings(page))
    for group, options in reference.groups.items():
        if group in ("experiment", "sweep"):
            continue  # they set what other groups have
        yield from ((one.name, one) for option in options for one in reference.settings(option, group))


def test_the_page_is_up_to_date(module, reference) -> None:
    assert module.PAGE.read_text(encoding="utf-8") == module.page(reference), "run: make reference"


def test_keys_of_the_schemas_are_keys_of_the_reference(reference) -> None:
    listed = {name for name, _ in every_row(reference)}
    assert every_key(reference) <= listed
    others = {name.rpartition(": ")[2] for name in listed - every_key(reference)}
    # launchers and sweepers have no schema; the contents page of the results sets something of a group
    assert {name for name in others if not name.startswith(("hydra.", "report."))} == set()


def test_every_row_has_a_type_a_default_and_a_meaning(reference) -> None:
    rows = list(every_row(reference))
    assert len(rows) > 200
    for name, row in rows:
        assert row.kind, name
        assert row.default, name
        assert row.meaning, f"{name}: say in conf/ what it means, as a comment behind its value"
