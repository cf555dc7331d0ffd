"""How the cost of each step grows with the films: seconds, memory, and the exponent of the growth.

python benchmarks/scaling.py [LARGEST]

Makes tables of invented films (8 to 60 words, 21 genres) of a 64th, a 16th, a quarter and all of LARGEST films (default
64,000), trains logistic regression and the tiny network, one epoch, and predicts the table. The exponent is that of
what each four times as many films add, so that the start of a program does not flatter it; 1 is linear.
"""

import itertools
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from measure import measure

GENRES = [f"genre{number}" for number in range(21)]


def films(number: int) -> pd.DataFrame:
    """Texts of common words, and of one word of each of their genres."""
    choose = np.random.default_rng(0)
    words = np.array([f"word{place}" for place in range(5_000)])
    texts, cells = [], []
    for _ in range(number):
        own = choose.choice(GENRES, choose.integers(1, 4), replace=False)
        texts.append(" ".join([*own, *choose.choice(words, choose.integers(8, 60))]))
        cells.append("|".join(own))
    return pd.DataFrame({"text": texts, "labels": cells})


def main() -> None:
    """Print a table for each command."""
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 64_000
    sizes = [largest // part for part in (64, 16, 4, 1)]
    costs: dict[str, list[tuple[float, int]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            table, outputs = Path(scratch, f"{size}.csv"), f"paths.outputs={scratch}/{size}"
            films(size).to_csv(table, index=False)
            data = ["data=table", f"data.file={table}", "data.text=[text]", "data.labels_from=labels", outputs]
            fast = ["report.resamples=50", "report.plots=false", "logger=csv"]
            for script, overrides in (
                ("baseline", [*data, *fast]),
                ("train", [*data, *fast, "model=tiny", "trainer.max_epochs=1"]),
                ("predict", [f"input={table}", f"output={scratch}/{size}-predicted.csv", outputs]),
            ):
                costs.setdefault(script, []).append(measure(script, overrides, subprocess.DEVNULL))
                seconds, peak = costs[script][-1]
                print(f"{script}, {size:,} films: {seconds:.1f} s, peak {peak / 2**20:,.0f} MiB", flush=True)
    for script, told in costs.items():
        added = [after[0] - before[0] for before, after in itertools.pairwise(told)]
        exponents = [math.log(b / a, 4) if min(a, b) > 0 else math.nan for a, b in itertools.pairwise(added)]
        print(f"{script}: exponents {', '.join(f'{one:.2f}' for one in exponents)}")


if __name__ == "__main__":
    main()
