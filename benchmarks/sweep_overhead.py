"""What a job of a sweep costs beyond its own run: 20 jobs of `model=tiny trainer=smoke` against one; and jobs at once.

    python benchmarks/sweep_overhead.py [JOBS]

Prints the seconds of a whole job, those that its run folder accounts for (data, training, evaluation, report), and the
rest: composing, starting a process, and what Hydra does around it. The start of the sweep, imports and checks, is left
out: one job has it too. Then the seconds of an epoch of each of four `distilbert_small`, one after another with all
cores, and as many at once as `hydra.launcher.n_jobs=auto` finds, in turns.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parents[1]
COMMON = ["trainer.progress_bar=false", "logger=csv", "report.plots=false"]
TINY = ["model=tiny", "trainer=smoke"]
REAL = ["model=distilbert_small", "trainer.max_epochs=1"]


def sweep(outputs: Path, data: Path, seeds: str, settings: list[str]) -> tuple[float, list[float]]:
    """Seconds of a sweep over seeds, and those of each run."""
    places = [f"seed={seeds}", f"paths.outputs={outputs}"]
    command = [sys.executable, "scripts/train.py", "-m", *COMMON, *settings, *places]
    begun = time.perf_counter()
    subprocess.run([*command, f"data.dir={data}"], cwd=ROOT, check=True, capture_output=True)
    whole = time.perf_counter() - begun
    return whole, [json.loads(file.read_text())["seconds"] for file in outputs.glob("runs/*/status.json")]


def main() -> None:
    """Print the seconds."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        sweep(Path(folder) / "warm", data, "99", TINY)  # prepares the sample and warms the disk's cache
        one, (own,) = sweep(Path(folder) / "one", data, "0", TINY)
        several, runs = sweep(Path(folder) / "several", data, f"range(0,{jobs})", TINY)
        at_once: dict[str, list[float]] = {"1": [], "auto": []}
        for turn in range(2):
            for number, told in at_once.items():
                settings = [*REAL, f"hydra.launcher.n_jobs={number}"]
                told.append(sweep(Path(folder) / f"{number}-{turn}", data, "1,2,3,4", settings)[0])
    each = (several - one) / (jobs - 1)
    print(f"{jobs} jobs {several:.1f} s, one job {one:.1f} s: each further job {each:.2f} s")
    inside = mean(runs)
    print(f"of which its run accounts for {inside:.2f} s (alone {own:.2f} s); the rest is {each - inside:.2f} s")
    alone, together = (mean(told) for told in at_once.values())
    print(f"4 epochs of distilbert_small: {alone:.0f} s one after another, {together:.0f} s at once, ", end="")
    print(f"{alone / together:.2f} x as fast")


if __name__ == "__main__":
    main()
