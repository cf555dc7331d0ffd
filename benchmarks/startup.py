"""How long commands take before they do what they are for, caches warm.

python benchmarks/startup.py [ROUNDS]

Prints the median seconds of `--help`, of a misspelt setting, and of `train.py` from its start to the first step, with
each kind of model, on the sample.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time

from measure import SCRIPTS

MODELS = ("distilbert_small", "probe", "tiny")


def seconds(arguments: list[str], until: str | None = None) -> float:
    """From the start of `train.py` to its end, or to the first line that tells so."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(SCRIPTS / "train.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    took = None
    for line in process.stdout:
        if until and took is None and re.search(until, line):
            took = time.perf_counter() - begun
    process.wait()
    if until and took is None:
        sys.exit(f"train.py {' '.join(arguments)} did not say {until}")
    return took or time.perf_counter() - begun


def main() -> None:
    """Print a line for each."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as scratch:
        smoke = ["trainer=smoke", "logger=csv", "report.plots=false", "overwrite=true", f"paths.outputs={scratch}"]
        ways: dict[str, tuple[list[str], str | None]] = {
            "train.py --help": (["--help"], None),
            "train.py los=focal": (["los=focal"], None),
            # the plan is told when all is ready, and the first step follows
            **{f"train.py model={name} to the first step": ([f"model={name}", *smoke], "Loss: ") for name in MODELS},
        }
        for name, (arguments, until) in ways.items():
            seconds(arguments, until)  # warms the caches
            times = [seconds(arguments, until) for _ in range(rounds)]
            print(f"{name:50} {statistics.median(times):5.2f} s ({min(times):.2f} to {max(times):.2f})", flush=True)


if __name__ == "__main__":
    main()
