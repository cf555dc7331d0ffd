"""A finished classical run, which is quick to make and to use."""

from pathlib import Path

import pytest
from filelock import FileLock

from genre.config import compose
from genre.runs import RunFolder
from genre.training import train_baseline


@pytest.fixture(scope="session")
def baseline_run(shared: Path, sample_products: Path) -> RunFolder:
    """It reads titles and descriptions; read it, do not change it."""
    overrides = ["features.tokens=words", "baseline.C=[1]", "data.size=200", "data.text=[title,description]"]
    overrides += ["logger=csv", "report.resamples=40", f"data.dir={sample_products}", f"paths.outputs={shared}/used"]
    with FileLock(shared / "used.lock"):
        return train_baseline(compose("baseline", overrides))
