"""All that trains here does so in both precisions that processors take, whatever this one computes fast in."""

from pathlib import Path

import pytest

from genre.config import TrainConfig
from tests.conftest import Settings


@pytest.fixture(scope="session", params=["32-true", pytest.param("bf16-mixed", marks=pytest.mark.slow)])
def make_settings(make_settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """As everywhere, in one precision after the other."""

    def make(outputs: Path, *overrides: str) -> TrainConfig:
        return make_settings(outputs, f"trainer.precision={request.param}", *overrides)

    return make
