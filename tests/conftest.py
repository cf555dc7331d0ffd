"""What most tests need: small settings, a prepared sample and one finished run."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import settings

from genre.config import TrainConfig, compose
from genre.tracking import RunFolder
from genre.training import train

# a tiny model gains nothing from a second thread and waits for it where tests share the machine
os.environ["OMP_NUM_THREADS"] = "1"
torch.set_num_threads(1)

# started in the background by a shell, the suite and the processes that it starts would not hear Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)

# a test proves behaviour, not speed, and tries the same cases each time
settings.register_profile("genre", deadline=None, derandomize=True)
settings.load_profile("genre")

Settings = Callable[..., TrainConfig]


@pytest.fixture(scope="session")
def sample_products(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for what is made from the sample, so that it is made once."""
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="session")
def make_settings(sample_products: Path) -> Settings:
    """`make_settings(outputs, *overrides)`: a tiny model, a few batches, no W&B."""

    def make(outputs: Path, *overrides: str) -> TrainConfig:
        fixed = [
            "model=tiny",
            "trainer=smoke",
            "trainer.progress_bar=false",
            "logger=csv",
            "report.resamples=50",
            f"data.dir={sample_products}",
        ]
        return compose("train", [*fixed, f"paths.outputs={outputs}", *overrides])

    return make


@pytest.fixture(scope="session")
def finished_run(make_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished run over the whole sample, with thresholds of 0.5; read it, do not change it."""
    return train(
        make_settings(tmp_path_factory.mktemp("outputs"), "trainer.limit_batches=null", "loss=focal", "decision=fixed")
    )
