"""What a table of many labels costs: seconds and memory of each command.

python benchmarks/many_labels.py [LABELS [ROWS]]

Makes a table (default 300 labels, 5,000 rows, 60 words each) with a long tail of labels, which the texts name, then
trains a classical baseline and the tiny network on it, predicts the table with the network, compares both, and explores
the table.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from measure import measure


def long_tailed(labels: int, rows: int) -> pd.DataFrame:
    """Texts of 60 words, three of them those of the text's labels, of which the k-th is as frequent as 1 / (k + 3)."""
    choose = np.random.default_rng(0)
    share = 1 / (np.arange(labels) + 3)
    words = np.array([f"word{number}" for number in range(5_000)])
    texts, cells = [], []
    for _ in range(rows):
        own = choose.choice(labels, choose.integers(1, 4), replace=False, p=share / share.sum())
        named = [f"label{number}" for number in own]
        texts.append(" ".join([*named, *choose.choice(words, 60 - len(own))]))
        cells.append("|".join(named))
    return pd.DataFrame({"text": texts, "labels": cells})


def main() -> None:
    """Print a line for each command."""
    labels = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch, "table.csv")
        long_tailed(labels, rows).to_csv(table, index=False)
        outputs = f"paths.outputs={scratch}/outputs"
        data = ["data=table", f"data.file={table}", "data.text=[text]", "data.labels_from=labels", outputs]
        prediction = [f"input={table}", f"output={scratch}/predicted.csv", outputs]
        for script, overrides in (
            ("baseline", data),
            ("train", [*data, "model=tiny", "trainer.max_epochs=1", "logger=csv"]),
            ("predict", prediction),
            ("compare", [outputs]),
            ("explore", data),
        ):
            seconds, peak = measure(script, overrides, subprocess.DEVNULL)
            print(f"{script}: {seconds:.0f} s, peak {peak / 2**30:.2f} GiB", flush=True)


if __name__ == "__main__":
    main()
