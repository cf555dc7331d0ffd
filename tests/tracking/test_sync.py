"""`wandb sync` of what was kept offline, against a server on loopback: what it has in the end."""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import Command, call, script
from tests.tracking.server import Runs, serving

KEY = "0123456789abcdef0123456789abcdef01234567"
TINY = ["model=tiny", "trainer=smoke", "trainer.progress_bar=false", "report.resamples=50", "report.plots=false"]


def sync(printed: str, address: str, folder: Path) -> None:
    """Run the last command that a training printed for it, in a folder, where W&B leaves its logs."""
    (*_, line) = (line for line in printed.splitlines() if "to send" in line)
    command = shlex.quote(str(Path(sys.executable).parent / "wandb")) + line[line.index(" sync ") :]
    environment = os.environ | {"WANDB_API_KEY": KEY, "WANDB_BASE_URL": address, "WANDB_SILENT": "false"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Finished syncing" in done.stdout + done.stderr


@pytest.mark.slow
def test_seeds_and_a_sweep_that_has_some_of_them(tmp_path: Path, sample_products: Path) -> None:
    places = [*TINY, f"paths.outputs={tmp_path}", f"data.dir={sample_products}"]
    seeds = call("train", *places, "loss=focal", "seeds=2")
    assert seeds.returncode == 0, seeds.stderr
    runs = Runs()
    with serving(runs.answer, runs) as address:
        sync(seeds.stdout, address, tmp_path)
        first = {name: run["group"] for name, run in runs.known.items()}
        assert list(first.values()) == ["model=tiny trainer=smoke loss=focal seeds=2"] * 3
        before = {name: run["history"] for name, run in runs.known.items()}
        sweep = call("train", "-m", *places, "loss=bce,focal", "seeds=2")
        assert sweep.returncode == 0, sweep.stderr
        sync(sweep.stdout, address, tmp_path)
    assert [run["group"] for run in runs.known.values()] == ["model=tiny trainer=smoke loss=bce,focal"] * 6
    for name, history in before.items():  # moved as they were
        assert runs.known[name]["history"] == history
        assert runs.known[name]["summary"]["test/jaccard"] > 0
    told = {(run["job_type"], run["config"]["loss"]["name"], run["config"]["seed"]) for run in runs.known.values()}
    assert told == {("train", loss, seed) for loss in ("bce", "focal") for seed in (1, 2)} | {
        ("seeds", loss, None) for loss in ("bce", "focal")
    }
    assert {run["config"]["films"]["train"] for run in runs.known.values()} == {1160}
    means = {run["config"]["loss"]["name"]: run for run in runs.known.values() if run["job_type"] == "seeds"}
    for loss, mean in means.items():
        scores = [
            run["summary"]["test/jaccard"]
            for run in runs.known.values()
            if run["config"]["loss"]["name"] == loss and run is not mean
        ]
        assert mean["summary"]["test/jaccard"] == pytest.approx(sum(scores) / 2)
    assert any("intervals" in name for name in runs.uploads)


@pytest.mark.slow
def test_a_run_that_went_on_has_one_history(tmp_path: Path, sample_products: Path) -> None:
    settings = [*TINY, "trainer.max_epochs=40", "trainer.patience=40"]
    settings += [f"paths.outputs={tmp_path}", f"data.dir={sample_products}"]
    process = Command(script("train"), settings, os.environ)
    deadline = time.monotonic() + 240
    while not list(tmp_path.glob("runs/*/checkpoints/last.ckpt")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    done = call("train", *settings)
    assert done.returncode == 0, done.stderr
    runs = Runs()
    with serving(runs.answer, runs) as address:
        sync(done.stdout, address, tmp_path)
    (run,) = runs.known.values()
    epochs = [row["epoch"] for row in run["history"] if "val/loss" in row]
    assert epochs == list(range(1, 41))
    steps = [row["_step"] for row in run["history"]]
    assert steps == list(range(len(steps)))
    assert run["summary"]["best/epoch"] in epochs
    assert run["summary"]["test/jaccard"] > 0
