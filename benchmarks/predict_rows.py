"""Whether a file of any size is predicted in the same memory, how quickly, and the same after an interruption.

python benchmarks/predict_rows.py RUN_OR_EXPORT_FOLDER [ROWS]

Predicts CSV files of a hundredth, a tenth and all of ROWS rows (default 1,000,000; texts of 8 to 60 words) and prints
rows a second, start-up included, and peak memory. Then the largest once more, killed three times on its way: whether
its output has the same bytes, and the rows their order.
"""

import csv
import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import SCRIPTS, measure

KILLS = 3


def write_rows(file: Path, rows: int) -> None:
    """Write a CSV file of invented descriptions."""
    choose = random.Random(0)
    words = [
        f"{start}{end}" for start in ("mar", "tel", "ros", "vin", "cor", "dal") for end in ("a", "en", "ity", "ed", "s")
    ]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["number", "title", "description"])
        for number in range(rows):
            writer.writerow([number, f"Film {number}", " ".join(choose.choices(words, k=choose.randint(8, 60)))])


def interrupted(overrides: list[str], seconds: float) -> None:
    """Run a prediction, killed `KILLS` times after a share of the `seconds` that it takes."""
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, str(SCRIPTS / "predict.py"), *overrides])
        time.sleep(seconds / (KILLS + 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run([sys.executable, str(SCRIPTS / "predict.py"), *overrides], check=True)


def main() -> None:
    """Print a line for each size, and one for the interruptions."""
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        source, whole, again = (Path(scratch, name) for name in ("rows.csv", "whole.csv", "again.csv"))
        seconds = 0.0
        for size in (rows // 100, rows // 10, rows):
            write_rows(source, size)
            seconds, peak = measure("predict", [f"run={sys.argv[1]}", f"input={source}", f"output={whole}"])
            print(f"{size:,} rows: {size / seconds:,.0f} a second, peak {peak / 2**20:,.0f} MiB", flush=True)
        interrupted([f"run={sys.argv[1]}", f"input={source}", f"output={again}"], seconds)
        same = hashlib.sha256(whole.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()
        with whole.open(encoding="utf-8", newline="") as opened:
            ordered = all(int(row["number"]) == place for place, row in enumerate(csv.DictReader(opened)))
        print(f"killed {KILLS} times: {'the same bytes' if same else 'ANOTHER output'}, rows in order: {ordered}")


if __name__ == "__main__":
    main()
