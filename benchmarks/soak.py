"""One sweep of many small jobs, and whether it grows.

    python benchmarks/soak.py [--jobs 200] [--every 10]

runs `scripts/train.py -m model=tiny trainer=smoke seed=1,...` into a folder of its own, with nothing left of it
afterwards. After each job it looks at the sweep's process and at those that it has started: resident memory, threads
and open files, which Linux tells in /proc. It prints a line for every tenth job, and by how much the last quarter of
the jobs lies above the second one: a level soak shows no more than noise.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from genre.paths import PROJECT_ROOT

_COLUMNS = ("processes", "MiB", "threads", "files")


class Look(NamedTuple):
    """At the sweep's process and the lasting ones below it, together."""

    processes: int
    memory: float
    threads: int
    files: int


def look(pid: int) -> Look:
    """Sums over a process and those that it has started; memory in MiB, what they share counted once."""
    found = [pid]
    for one in found:
        found += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
    memory = threads = files = 0
    for one in found:
        known = dict(line.split(":", 1) for line in Path(f"/proc/{one}/status").read_text().splitlines())
        shares = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        memory += next(int(line.split()[1]) for line in shares if line.startswith("Pss:"))
        threads += int(known["Threads"])
        files += len(os.listdir(f"/proc/{one}/fd"))  # noqa: PTH208 - names alone: each is a link that may be gone
    return Look(len(found), memory / 1024, threads, files)


def soak(jobs: int, every: int, outputs: Path) -> list[Look]:
    """Run the sweep and look after each job."""
    seeds = ",".join(map(str, range(1, jobs + 1)))
    small = [
        "model=tiny",
        "trainer=smoke",
        "trainer.max_epochs=1",
        "trainer.limit_batches=1",
        "trainer.progress_bar=false",
    ]
    small += ["logger=csv", "report.plots=false", "report.resamples=40", "verbose=0"]
    command = [sys.executable, str(PROJECT_ROOT / "scripts" / "train.py"), "-m", *small, f"seed={seeds}"]
    looks: list[Look] = []
    begin = time.monotonic()
    with subprocess.Popen([*command, f"paths.outputs={outputs}"], stdout=subprocess.DEVNULL) as sweep:
        while sweep.poll() is None:
            begun = len(list(outputs.glob("runs/*/status.json")))
            if begun > len(looks) + 1:  # a job has ended and the next one stands at the same place
                try:
                    looks.append(look(sweep.pid))
                except OSError:  # a process has just ended
                    continue
                if len(looks) % every == 1:
                    values = (f"{value:>10,.0f}" for value in looks[-1])
                    print(
                        f"{len(looks):>5}{''.join(values)}{(time.monotonic() - begin) / len(looks):>12.1f}", flush=True
                    )
            time.sleep(0.02)
    if sweep.returncode:
        raise SystemExit(f"the sweep ended with exit code {sweep.returncode}")
    return looks


def main() -> None:
    """Soak, and say what grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--every", type=int, default=10, help="lines are printed for every so many jobs")
    arguments = parser.parse_args()
    print(f"{'job':>5}{''.join(f'{name:>10}' for name in _COLUMNS)}{'s a job':>12}", flush=True)
    with tempfile.TemporaryDirectory(prefix="genre-soak-") as folder:
        looks = soak(arguments.jobs, arguments.every, Path(folder))
    quarter = len(looks) // 4
    for name, values in zip(_COLUMNS, zip(*looks, strict=True), strict=True):
        second, last = mean(values[quarter : 2 * quarter]), mean(values[-quarter:])
        print(f"{name}: {second:,.1f} in the second quarter, {last:,.1f} in the last")


if __name__ == "__main__":
    main()
