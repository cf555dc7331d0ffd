"""What most tests need: small settings, a prepared sample and one finished run.

What takes seconds to import is imported by its fixtures: the process that hands out the tests has no use for it.
"""

import functools
import gc
import os
import signal
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from hypothesis import settings

from genre.config import TrainConfig, compose
from tests import commands
from tests.sweeps import FINISHED, SweepRunner

if TYPE_CHECKING:
    from genre.runs import RunFolder

# a tiny model gains nothing from a second thread and waits for it where tests share the machine
os.environ["OMP_NUM_THREADS"] = "1"

gc.set_threshold(50_000)  # the imports of all tests together leave hardly any garbage, and many objects to look through

# started in the background by a shell, the suite and the processes that it starts would not hear Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)

# a test proves behaviour, not speed, and tries the same cases each time
settings.register_profile("genre", deadline=None, derandomize=True)
settings.load_profile("genre")

Settings = Callable[..., TrainConfig]

# no modules of tests: see tests/commands.py and tests/own
collect_ignore = ["command_process.py", "warm.py", "own/cinema"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--precision", default="auto", help="of all tests that train, but those that are about precision")


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the suite starts what runs the commands of all."""
    if not hasattr(config, "workerinput"):
        config.add_cleanup(commands.serve(at_once=bool(config.getoption("numprocesses", None))))


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
        seeds = [item for item in overrides if item.startswith("seed=")]
        cfg = deepcopy(composed(*(item for item in overrides if item not in seeds)))
        cfg.paths.outputs = str(outputs)
        for seed in seeds:  # which is composed in a quarter of a second and set in none
            cfg.seed = int(seed.removeprefix("seed="))
        return cfg

    return make


@pytest.fixture(scope="session")
def finished_run(make_settings: Settings, shared: Path) -> "RunFolder":
    """A finished run over the whole sample, with thresholds of 0.5; read it, do not change it."""
    from genre.training import train

    cfg = make_settings(shared / "finished", "trainer.limit_batches=null", "loss=focal", "decision=fixed")
    with FileLock(shared / "finished.lock"):
        return train(cfg)  # which leaves a run that is finished as it is


_LISTED = 9  # counts of one name

# rooms whose tests are long, in two halves
_LONG = ({"sweep"}, {"models", "runs", "scripts", "tracking", "training"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of two workers begins with long tests, so that short ones fill the end; without a GPU, none of one runs."""
    import torch

    rooms = [item.path.relative_to(item.config.rootpath).parts[1] for item in items]
    first, second = ([item for item, room in zip(items, rooms, strict=True) if room in long] for long in _LONG)
    short = [item for item, room in zip(items, rooms, strict=True) if room not in set.union(*_LONG)]
    middle = max(0, len(items) // 2 - len(first))
    items[:] = first + short[:middle] + second + short[middle:]
    if not torch.cuda.is_available():
        for item in items:
            if item.get_closest_marker("gpu"):
                item.add_marker(pytest.mark.skip(reason="no GPU here"))


def pytest_collection_finish() -> None:
    """What is imported by now stays, and is never looked through for garbage again."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each count that tests have recorded; of what many have recorded, how many they are."""
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    told: dict[str, list[object]] = {}
    for name, value in (count for report in reports for count in getattr(report, "user_properties", [])):
        told.setdefault(name, []).append(value)
    for name, values in told.items():
        terminalreporter.write_line(f"{name}: {len(values) if len(values) > _LISTED else '; '.join(map(str, values))}")


@pytest.fixture
def sweeps(tmp_path: Path, sample_products: Path) -> SweepRunner:
    """Sweeps of tiny models by the real command line."""
    return SweepRunner(tmp_path, sample_products)


@pytest.fixture(scope="session")
def finished_sweep(shared: Path, sample_products: Path) -> SweepRunner:
    """The finished sweep `FINISHED`; begin with it, do not change it."""
    sweeps = SweepRunner(shared / "sweep", sample_products)
    with FileLock(shared / "sweep.lock"):
        if not (sweeps.outputs / "sweeps").exists():
            done = sweeps.run(*FINISHED)
            assert done.returncode == 0, done.stderr
    return sweeps


@pytest.fixture
def only_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are drawn but not written as pictures, which takes most of the time of a report."""
    from matplotlib.figure import Figure

    def savefig(figure: "Figure", file: Path | IO[str], **_: Any) -> None:
        picture = "<svg><defs></defs></svg>"
        file.write_text(picture) if isinstance(file, Path) else file.write(picture)

    monkeypatch.setattr(Figure, "savefig", savefig)
