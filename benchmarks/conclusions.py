"""Whether what a comparison concludes is true, by a computation of its own from predictions and settings alone.

python benchmarks/forty_runs.py FOLDER
python benchmarks/conclusions.py FOLDER

Compares the runs in FOLDER, each sweep by itself, and all against the first baseline; then takes every sentence, every
title of a picture and every number of runs.csv, seeds.csv and genres.csv apart and computes it anew, with numpy from
predictions.parquet, config.yaml and the histories. Prints what it could not confirm, and how much it could. Of random
resamples of its own the ends of intervals may differ by 0.015 and p by 0.05.
"""

import subprocess
import sys
from pathlib import Path

from truths.compare import check
from truths.truth import Checks

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


def compare(outputs: Path, name: str, runs: str, against: str | None) -> Path:
    """Run the command."""
    output = outputs / "conclusions" / name
    overrides = [f"runs=[{runs}]", f"output={output}", f"paths.outputs={outputs}"]
    overrides += [f"against={against}"] if against else []
    subprocess.run([sys.executable, str(SCRIPTS / "compare.py"), *overrides], check=True, stdout=subprocess.DEVNULL)
    return output


def main() -> None:
    """Print what is false, and counts."""
    outputs = Path(sys.argv[1]).resolve()
    checks = Checks()
    against = str(min((outputs / "runs").glob("*baseline*")))
    places = {
        "all": f"{outputs}/runs",
        **{f"sweep_{place}": str(sweep) for place, sweep in enumerate(sorted((outputs / "sweeps").iterdir()))},
    }
    for name, runs in places.items():
        check(checks, compare(outputs, name, runs, None), None)
    check(checks, compare(outputs, "against", f"{outputs}/runs", against), against)
    for line in checks.false:
        print(f"not confirmed: {line}")
    print(f"{sum(checks.counts.values())} statements, {len(checks.false)} not confirmed")
    print(", ".join(f"{kind} {count}" for kind, count in sorted(checks.counts.items())))


if __name__ == "__main__":
    main()
