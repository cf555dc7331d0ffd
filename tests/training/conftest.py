"""All that trains here does so in both precisions that processors take, whatever this one computes fast in."""

from pathlib import Path

import pytest
from filelock import FileLock

from genre.config import TrainConfig
from genre.runs import RunFolder
from genre.training import train
from tests.conftest import Settings


@pytest.fixture(scope="session", params=["32-true", pytest.param("bf16-mixed", marks=pytest.mark.slow)])
def make_settings(make_settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """As everywhere, in one precision after the other."""

    def make(outputs: Path, *overrides: str) -> TrainConfig:
        return make_settings(outputs, f"trainer.precision={request.param}", *overrides)

    return make


@pytest.fixture(scope="session")
def plain_run(make_settings: Settings, shared: Path) -> RunFolder:
    """The run of `make_settings(outputs)`, two epochs, with its last checkpoint; read it, do not change it."""
    with FileLock(shared / "plain.lock"):
        return train(make_settings(shared / "plain", "trainer.keep_last=true"))


@pytest.fixture(scope="session")
def first_epoch(make_settings: Settings, shared: Path) -> RunFolder:
    """The same of one epoch."""
    with FileLock(shared / "plain.lock"):
        return train(make_settings(shared / "plain", "trainer.keep_last=true", "trainer.max_epochs=1"))
