"""W&B in tests: no settings from outside, and a server on loopback."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.tracking.server import Answer, serving


@pytest.fixture(autouse=True)
def no_wandb_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials or settings from outside, and nothing left outside."""
    for name in [name for name in os.environ if name.startswith("WANDB_")]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("wandb")
    monkeypatch.setenv("NETRC", str(folder / "netrc"))
    for name in ("DATA", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"WANDB_{name}_DIR", str(folder))


@pytest.fixture
def wandb_server() -> Callable[[Answer], AbstractContextManager[str]]:
    """`wandb_server(answer)`: a loopback server; `answer` gives the data of a GraphQL request, or None to refuse it."""
    return serving
