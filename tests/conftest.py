"""What most tests need: small settings, a prepared sample and one finished run."""

import functools
import os
import signal
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from hypothesis import settings

from genre.config import TrainConfig, compose
from genre.runs import RunFolder
from genre.training import train
from tests.sweeps import SweepRunner

# a tiny model gains nothing from a second thread and waits for it where tests share the machine
os.environ["OMP_NUM_THREADS"] = "1"
torch.set_num_threads(1)

# started in the background by a shell, the suite and the processes that it starts would not hear Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)

# a test proves behaviour, not speed, and tries the same cases each time
settings.register_profile("genre", deadline=None, derandomize=True)
settings.load_profile("genre")

Settings = Callable[..., TrainConfig]

collect_ignore = ["command_process.py", "own/cinema"]  # no modules of tests: see tests/commands.py and tests/own


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--precision", default="auto", help="of all tests that train, but those that are about precision")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder for what all processes of the suite read and the first that needs it makes, under a lock."""
    here = tmp_path_factory.getbasetemp()
    folder = (here if worker_id == "master" else here.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def sample_products(shared: Path) -> Path:
    """One folder for what is made from the sample, so that it is made once."""
    return shared / "sample"


@pytest.fixture(scope="session")
def make_settings(sample_products: Path, request: pytest.FixtureRequest) -> Settings:
    """`make_settings(outputs, *overrides)`: a tiny model, a few batches, no W&B."""
    fixed = [
        "model=tiny",
        "trainer=smoke",
        "trainer.progress_bar=false",
        f"trainer.precision={request.config.getoption('--precision')}",
        "logger=csv",
        "report.resamples=50",
        f"data.dir={sample_products}",
    ]

    @functools.cache  # many tests want the same, each in its own folder
    def composed(*overrides: str) -> TrainConfig:
        cfg: TrainConfig = compose("train", [*fixed, *overrides])
        return cfg

    def make(outputs: Path, *overrides: str) -> TrainConfig:
        cfg = deepcopy(composed(*overrides))
        cfg.paths.outputs = str(outputs)
        return cfg

    return make


@pytest.fixture(scope="session")
def finished_run(make_settings: Settings, shared: Path) -> RunFolder:
    """A finished run over the whole sample, with thresholds of 0.5; read it, do not change it."""
    cfg = make_settings(shared / "finished", "trainer.limit_batches=null", "loss=focal", "decision=fixed")
    with FileLock(shared / "finished.lock"):
        return train(cfg)  # which leaves a run that is finished as it is


# rooms whose tests are long, in two halves
_LONG = ({"sweep"}, {"models", "runs", "scripts", "tracking", "training"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of two workers begins with long tests, so that short ones fill the end; without a GPU, none of one runs."""
    rooms = [item.path.relative_to(item.config.rootpath).parts[1] for item in items]
    first, second = ([item for item, room in zip(items, rooms, strict=True) if room in long] for long in _LONG)
    short = [item for item, room in zip(items, rooms, strict=True) if room not in set.union(*_LONG)]
    middle = max(0, len(items) // 2 - len(first))
    items[:] = first + short[:middle] + second + short[middle:]
    if not torch.cuda.is_available():
        for item in items:
            if item.get_closest_marker("gpu"):
                item.add_marker(pytest.mark.skip(reason="no GPU here"))


@pytest.fixture
def sweeps(tmp_path: Path, sample_products: Path) -> SweepRunner:
    """Sweeps of tiny models by the real command line."""
    return SweepRunner(tmp_path, sample_products)
