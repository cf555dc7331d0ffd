"""What a job of a sweep costs beyond its own run: 20 jobs of `model=tiny trainer=smoke` against one.

    python benchmarks/sweep_overhead.py [JOBS]

Prints the seconds of a whole job, those that its run folder accounts for (data, training, evaluation, report), and the
rest: composing, starting a process, and what Hydra does around it. The start of the sweep, imports and checks, is left
out: one job has it too.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parents[1]
SETTINGS = ["model=tiny", "trainer=smoke", "trainer.progress_bar=false", "logger=csv", "report.plots=false"]


def sweep(outputs: Path, data: Path, seeds: str) -> tuple[float, list[float]]:
    """Seconds of a sweep over seeds, and those of each run."""
    command = [sys.executable, "scripts/train.py", "-m", *SETTINGS, f"seed={seeds}", f"paths.outputs={outputs}"]
    begun = time.perf_counter()
    subprocess.run([*command, f"data.dir={data}"], cwd=ROOT, check=True, capture_output=True)
    whole = time.perf_counter() - begun
    return whole, [json.loads(file.read_text())["seconds"] for file in outputs.glob("runs/*/status.json")]


def main() -> None:
    """Print the seconds."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        sweep(Path(folder) / "warm", data, "99")  # prepares the sample and warms the disk's cache
        one, (own,) = sweep(Path(folder) / "one", data, "0")
        several, runs = sweep(Path(folder) / "several", data, f"range(0,{jobs})")
    each = (several - one) / (jobs - 1)
    print(f"{jobs} jobs {several:.1f} s, one job {one:.1f} s: each further job {each:.2f} s")
    inside = mean(runs)
    print(f"of which its run accounts for {inside:.2f} s (alone {own:.2f} s); the rest is {each - inside:.2f} s")


if __name__ == "__main__":
    main()
