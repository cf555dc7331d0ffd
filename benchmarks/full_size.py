"""What preparing costs at the size of the whole Kaggle set, in seconds and memory.

python benchmarks/full_size.py RAW_FOLDER [ROWS]

The rows of the given files are repeated up to ROWS (default 368,000) under new ids, in every repetition with every
fourth word of a description exchanged, so that cleaning finds as many different texts as in the whole set. Prints
seconds and the peak memory of all processes together, beside the plain reading of the same files by pandas.
"""

import csv
import random
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from measure import measure


def enlarge(source: Path, target: Path, rows: int) -> None:
    """Write files like those of `source` with `rows` rows altogether."""
    choose = random.Random(0)
    tables = {file.name: list(csv.DictReader(file.open(encoding="utf-8-sig"))) for file in sorted(source.glob("*.csv"))}
    words = [word for table in tables.values() for row in table for word in row["description"].split()]
    repetitions = rows / sum(map(len, tables.values()))
    for name, table in tables.items():
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table[0].keys())
            writer.writeheader()
            for number in range(round(repetitions * len(table))):
                repetition, place = divmod(number, len(table))
                row = dict(table[place])
                if repetition:
                    text = row["description"].split(" ")
                    if "See full" not in row["description"] and len(text) > 4:
                        text[::4] = choose.choices(words, k=len(text[::4]))
                    row |= {"movie_id": f"{row['movie_id']}{repetition:02d}", "description": " ".join(text)}
                writer.writerow(row)


def main() -> None:
    """Print a line for each call of scripts/prepare.py."""
    source, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 368_000
    with tempfile.TemporaryDirectory() as scratch:
        raw, products = Path(scratch, "raw"), Path(scratch, "products")
        raw.mkdir()
        enlarge(source, raw, rows)
        started = time.monotonic()
        for file in raw.glob("*.csv"):
            pd.read_csv(file, dtype=str, keep_default_na=False)
        reading = time.monotonic() - started
        settings = ["data=imdb", f"data.raw={raw}", f"data.dir={products}"]
        for stages in ("merge,clean", "merge,clean", "merge,clean,crawl_list,enrich,lemmatise,conllu"):
            seconds, peak = measure("prepare", [*settings, f"stages=[{stages}]"])
            ratio = f"{seconds / reading:.1f} x pandas.read_csv of the same files"
            print(f"{stages}: {seconds:.1f} s ({ratio}), peak {peak / 2**30:.2f} GiB", flush=True)


if __name__ == "__main__":
    main()
