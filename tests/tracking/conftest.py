"""Trackers in tests: no settings from outside, a server on loopback, finished runs that no tracker knows."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml

from genre.runs import RunFolder
from tests.tracking.server import Answer, serving

Copy = Callable[..., RunFolder]


@pytest.fixture(autouse=True)
def no_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials or settings from outside, and nothing left outside."""
    for name in [name for name in os.environ if name.startswith(("WANDB_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("wandb")
    monkeypatch.setenv("NETRC", str(folder / "netrc"))
    for name in ("DATA", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"WANDB_{name}_DIR", str(folder))


@pytest.fixture
def wandb_server() -> Callable[[Answer], AbstractContextManager[str]]:
    """`wandb_server(answer)`: a loopback server; `answer` gives the data of a GraphQL request, or None to refuse it."""
    return serving


@pytest.fixture
def copy(finished_run: RunFolder, tmp_path: Path) -> Copy:
    """`copy(seed)`: a finished run that no tracker knows, begun as `loss=focal seed=SEED`."""

    def make(seed: int) -> RunFolder:
        run = RunFolder(tmp_path / "runs" / f"loss-focal_seed-{seed}_{seed:010}")
        shutil.copytree(finished_run.path, run.path)
        config = yaml.safe_load(run.config_file.read_text()) | {"seed": seed}
        run.config_file.write_text(yaml.safe_dump(config))
        run.note(overrides=["loss=focal", f"seed={seed}"])
        scores = {name: value + seed / 100 if "/jaccard" in name else value for name, value in run.metrics().items()}
        run.metrics_file.write_text(json.dumps(scores))
        return run

    return make
