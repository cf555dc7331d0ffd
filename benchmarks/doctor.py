"""How many of the label doctor's proposals are right, by genres that were hidden from it.

python benchmarks/doctor.py RAW_FOLDER [overrides of conf/baseline.yaml]

The raw files of some genres, Sport, History and Film-Noir, are whole: who stands there has the genre, and nobody else.
Here these genres are known by the cells of rows alone, which have room for three genres; the files are hidden. A
baseline with a cross-validation is trained on all films, and of what is proposed as missing of these genres that is
right which stands in the genre's file. Prints the precision of the first 50, 100 and 200 proposals, of all of them and
by themselves of cells that the data deny and of unknown ones; then how many labels are estimated to be missing, and how
many are hidden.
"""

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from genre.config import compose
from genre.imdb.raw import raw_files, read_raw
from genre.report.doctor import examine
from genre.training import train_baseline

FIRST = (50, 100, 200)


def precision(right: pd.Series) -> str:
    """Of the first proposals, as cells of a Markdown table."""
    return " | ".join(f"{right.head(number).mean():.3f}" if len(right) >= number else "" for number in FIRST)


def measure(raw: Path, hidden: list[str], overrides: list[str]) -> None:
    """Print the two tables."""
    rows = read_raw(raw_files(raw))
    stands = {genre: set(rows["movie_id"][rows["file"] == genre]) for genre in hidden}
    counted = ",".join(sorted(set(rows["file"]) - set(hidden)))
    with tempfile.TemporaryDirectory() as scratch:
        places = [f"data.raw={raw}", f"data.dir={scratch}/data", f"paths.outputs={scratch}"]
        fixed = ["data=imdb", f"data.file_genre=[{counted}]", "cv=5", "report.plots=false", "logger=csv", *places]
        run = train_baseline(compose("baseline", [*fixed, *overrides]))
        _, folder = examine(compose("doctor", [f"run={run.path}", f"output={scratch}/doctor"]))
        proposals = pd.read_csv(folder / "suggestions.csv", dtype={"movie_id": "str"}, keep_default_na=False)
        genres = pd.read_csv(folder / "genres.csv").set_index("genre")
        predictions = pd.read_parquet(run.predictions_file).query("split == 'cv'")
    asked = proposals[(proposals["kind"] == "missing") & proposals["genre"].isin(hidden)].sort_values("rank")
    pairs = zip(asked["movie_id"], asked["genre"], strict=True)
    right = pd.Series([film in stands[genre] for film, genre in pairs], index=asked.index)
    print(f"\n| proposals | number | {' | '.join(f'first {number}' for number in FIRST)} |\n|---|---:|---:|---:|---:|")
    print(f"| all | {len(right):,} | {precision(right)} |")
    for state in ("known", "unknown"):
        of_state = right[asked["state"] == state]
        print(f"| of {state} cells | {len(of_state):,} | {precision(of_state)} |")
    print("| unknown cells among them, right ones |  |", end="")
    for number in FIRST:
        unknown = asked["state"].head(number) == "unknown"
        print(f" {unknown.sum()}, {right[unknown.index[unknown]].sum()} |", end="")
    print()

    print("\n| genre | films with it | denied: estimated, hidden | unknown: estimated, hidden |\n|---|---:|---:|---:|")
    for genre, ids in stands.items():
        place = list(genres.index).index(genre)
        known = predictions["known"].str[place].astype(bool)
        lost = predictions["movie_id"].isin(ids) & (predictions["truth"].str[place] == 0)
        row = genres.loc[genre]
        denied = f"{row['estimated_missing']:.0f}, {(lost & known).sum()}"
        unsaid = f"{row['estimated_missing_unknown']:.0f}, {(lost & ~known).sum()}"
        print(f"| {genre} | {row['films']:,.0f} | {denied} | {unsaid} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="folder of the raw files, those of the hidden genres among them")
    parser.add_argument("overrides", nargs="*", help="settings of the baseline")
    parser.add_argument("--genres", nargs="+", default=["Sport", "History", "Film-Noir"], help="whose files are hidden")
    options = parser.parse_args()
    measure(options.raw, options.genres, options.overrides)
