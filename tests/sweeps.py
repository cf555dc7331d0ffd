"""Sweeps of tiny models, by the real command line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from genre.paths import PROJECT_ROOT
from tests.commands import Command, script

# scripts/train.py, but jobs fail as FAULTS="SEED:HOW ..." says
FAULTY = """
import os, signal, sys, time
from genre.cli import entry_point
from genre.config import TrainConfig
from genre.config.schema import WandbConfig

@entry_point("train", plugins="genre.sweep.plugins")
def main(cfg: TrainConfig) -> None:
    from genre.models import GenreClassifier
    from genre.report.run import write_report
    from genre.training import train

    how = dict(fault.split(":") for fault in os.environ.get("FAULTS", "").split()).get(str(cfg.seed))

    def fail(module):
        if how == "exception":
            raise RuntimeError("something broke")
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        while how == "waits" and module.current_epoch == 1 and not module.trainer.received_sigterm:
            time.sleep(0.02)

    GenreClassifier.on_train_epoch_start = fail
    if how == "value":  # that only its construction finds wrong
        cfg.logger["wandb"] = WandbConfig(project="x", entity=None, mode="online", texts=False, checkpoint=False)
    train(cfg, write_report)

if __name__ == "__main__":
    main()
"""


FINISHED = ("seed=1,2,3", "trainer.precision=bf16-mixed")  # a sweep that is made once, see `finished_sweep`
BATCH = ("trainer.max_epochs=1", "trainer.limit_batches=1")  # where jobs need do no more than end


class SweepRunner:
    """Starts sweeps whose results lie in one folder.

    Attributes:
        outputs: that folder.
    """

    def __init__(self, outputs: Path, products: Path) -> None:
        self.outputs = outputs
        outputs.mkdir(exist_ok=True)
        self.faulty = outputs / "faulty.py"
        self.faulty.write_text(FAULTY)
        self.settings = [
            "model=tiny",
            "trainer=smoke",
            "trainer.progress_bar=false",
            "logger=csv",
            "report.plots=false",
        ]
        self.settings += ["report.resamples=40", f"paths.outputs={outputs}", f"data.dir={products}"]

    def begin_with(self, other: "SweepRunner") -> None:
        """Take over all that another one has made."""
        for name in ("runs", "sweeps"):
            shutil.copytree(other.outputs / name, self.outputs / name)

    def start(self, *overrides: str, faults: str | None = None) -> Command:
        """Start a sweep."""
        file = script("train") if faults is None else self.faulty
        return Command(file, ["-m", *self.settings, *overrides], self._environment(faults))

    def run(self, *overrides: str, faults: str | None = None) -> "CompletedProcess[str]":
        """Run a sweep to its end."""
        return self.start(*overrides, faults=faults).finish()

    def run_anew(self, *overrides: str, faults: str | None = None, **environment: str) -> "CompletedProcess[str]":
        """The same in an interpreter of its own, which imports everything itself."""
        file = script("train") if faults is None else self.faulty
        command = [sys.executable, str(file), "-m", *self.settings, *overrides]
        environment = self._environment(faults) | environment
        return subprocess.run(
            command, cwd=PROJECT_ROOT, env=environment, text=True, capture_output=True, timeout=600, check=False
        )

    def _environment(self, faults: str | None) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WANDB_")}
        return environment | {"FAULTS": faults or "", "COLUMNS": "200", "NETRC": str(self.outputs / "netrc")}

    def folder(self) -> Path:
        """The only sweep's folder."""
        (folder,) = (self.outputs / "sweeps").iterdir()
        return folder

    def record(self) -> dict[str, Any]:
        """Its sweep.json."""
        record: dict[str, Any] = json.loads((self.folder() / "sweep.json").read_text())
        return record

    def states(self) -> list[str]:
        """The states of its jobs, by number."""
        return [job["state"] for job in self.record()["jobs"]]

    def starts(self) -> dict[str, str]:
        """When each run was last started, by its folder's name."""
        files = (self.outputs / "runs").glob("*/status.json")
        return {file.parent.name: json.loads(file.read_text())["started"] for file in files}
