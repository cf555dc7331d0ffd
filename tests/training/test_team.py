"""Several processes that train one run together, against one that trains it alone."""

import json
import os
import signal
import time
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pandas as pd
import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from genre.data.batching import Batch
from genre.data.datamodule import PartDataset, SharedDataset
from genre.errors import UserError
from genre.machine import require_devices
from tests.commands import Command, script


class Numbers(PartDataset):
    """Films that are numbers."""

    def __init__(self, films: int) -> None:
        self.films = films

    @property
    def lengths(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.arange(self.films)

    def __len__(self) -> int:
        return self.films

    def __getitem__(self, positions: list[int]) -> Batch:
        number = torch.tensor(positions)
        return {"features": number[:, None].float(), "labels": number[:, None] * 10.0, "position": number}


@given(st.lists(st.integers(0, 99), min_size=1, max_size=9, unique=True), st.integers(2, 5))
def test_each_film_of_a_batch_is_one_processs_own(positions: list[int], processes: int) -> None:
    batches = [SharedDataset(Numbers(100), process, processes)[positions] for process in range(processes)]
    shares = batches[0]["shares"].tolist()
    assert max(shares) - min(shares) <= 1
    own = [batch["features"][:share, 0] for batch, share in zip(batches, shares, strict=True)]
    assert all(len(batch["features"]) for batch in batches)  # a network cannot read nothing
    for batch in batches:
        assert torch.equal(batch["labels"][:, 0], 10 * torch.cat(own))
        assert torch.equal(batch["position"], torch.cat(own).long())
        assert sorted(batch["position"].tolist()) == sorted(positions)


def arguments(outputs: Path, products: Path, *overrides: str) -> list[str]:
    fixed = ["model=probe", "model.dropout=0", "trainer.precision=32-true", "trainer.max_epochs=3", "logger=csv"]
    fixed += ["report.plots=false", "report.resamples=40", f"data.dir={products}", f"paths.outputs={outputs}"]
    return [*fixed, *overrides]


def train(outputs: Path, products: Path, *overrides: str) -> "CompletedProcess[str]":
    return Command(script("train"), arguments(outputs, products, *overrides), os.environ).finish()


def run_of(outputs: Path) -> Path:
    (run,) = (outputs / "runs").glob("[!.]*")
    return run


def probabilities(run: Path) -> pd.DataFrame:
    return pd.read_parquet(run / "predictions.parquet").select_dtypes("number")


def history(run: Path) -> pd.DataFrame:
    """What each step and epoch told of the training and of the loss."""
    (file,) = run.glob("history/*/metrics.csv")
    return pd.read_csv(file).filter(regex="^train/|^val/loss$")


@pytest.mark.parametrize(
    "overrides",
    [
        ["loss=large_loss"],  # which compares the cells of a batch with one another
        ["loss=zlpr", "oversample=ml_ros", "data.batch_size=9"],  # clones, and a batch that is not shared out equally
    ],
    ids=lambda overrides: overrides[0],
)
def test_two_processes_learn_what_one_learns(tmp_path: Path, sample_products: Path, overrides: list[str]) -> None:
    runs = []
    for devices in (1, 2):
        outputs = tmp_path / str(devices)
        done = train(outputs, sample_products, *overrides, f"trainer.devices={devices}")
        assert done.returncode == 0, done.stderr
        assert ("Processes: 2" in done.stdout) == (devices == 2)
        assert done.stdout.count("Epoch 1 of 3") == 1
        runs.append(run_of(outputs))
    alone, together = (probabilities(run) for run in runs)
    assert alone.shape == together.shape
    np.testing.assert_allclose(together, alone, atol=2e-5)
    alone, together = (history(run) for run in runs)
    assert {"train/loss", "train/gradient_norm", "val/loss"} <= set(alone)
    pd.testing.assert_frame_equal(together, alone, rtol=1e-4, atol=1e-6)


def test_killed_together_and_gone_on_with(tmp_path: Path, sample_products: Path) -> None:
    more = ("trainer.devices=2", "trainer.max_epochs=30", "model.dropout=0.5", "data.size=0.2")
    calm = train(tmp_path / "calm", sample_products, *more)
    assert calm.returncode == 0, calm.stderr

    first = Command(script("train"), arguments(tmp_path / "killed", sample_products, *more), os.environ)
    while "Epoch 3 of" not in first.files[0].read_text():
        assert first.returncode is None
        time.sleep(0.01)
    (other,) = psutil.Process(first.pid).children()
    first.kill()
    first.communicate()
    assert not psutil.wait_procs([other], timeout=120)[1]

    again = train(tmp_path / "killed", sample_products, *more)
    assert again.returncode == 0, again.stderr
    assert "Going on after the last finished epoch" in again.stdout
    pd.testing.assert_frame_equal(
        probabilities(run_of(tmp_path / "killed")), probabilities(run_of(tmp_path / "calm")), check_exact=True
    )


def test_a_process_that_dies_ends_the_run(tmp_path: Path, sample_products: Path) -> None:
    more = ("trainer.devices=2", "trainer.max_epochs=500", "trainer.patience=500")
    first = Command(script("train"), arguments(tmp_path, sample_products, *more), os.environ)
    while "Epoch 2 of" not in first.files[0].read_text():
        assert first.returncode is None
        time.sleep(0.01)
    (other,) = psutil.Process(first.pid).children()
    other.send_signal(signal.SIGKILL)
    done = first.finish()
    assert done.returncode == 1
    status = json.loads((run_of(tmp_path) / "status.json").read_text())
    assert status["state"] == "failed"


def test_more_than_there_are_are_refused() -> None:
    require_devices("cpu", 1)
    with pytest.raises(UserError, match=r"trainer.devices=10000: there are \d+ cores of the processor here"):
        require_devices("cpu", 10_000)
