"""Tables in layouts that are in use, made small: each function writes one and gives the overrides that read it."""

import json
from pathlib import Path

import pandas as pd

SUBJECTS = ("a sheriff", "two sisters", "a thief", "the last king", "a nurse")
VERBS = ("hunts", "finds", "loses", "follows", "betrays")
OBJECTS = ("an old friend", "the map", "her brother", "a ship", "the tower")
PLACES = ("in the desert", "at sea", "by night", "after the war", "in the city")
LABELS = ["Action", "Comedy", "Drama", "Science Fiction"]


def text(row: int) -> str:
    """One of 625 texts, no two of which are nearly the same."""
    words = (SUBJECTS[row % 5], VERBS[row // 5 % 5], OBJECTS[row // 25 % 5], PLACES[row // 125 % 5])
    return f"{' '.join(words)} number {row} of {row * 7 % 613}".capitalize() + "."


def labels(row: int) -> list[str]:
    return [label for place, label in enumerate(LABELS) if (row + place) % 3 == 0] or [LABELS[row % 4]]


def kaggle(folder: Path) -> list[str]:
    """The Kaggle set's clean table: CSV, an id, bars."""
    rows = [{"movie_id": f"tt{row}", "title": f"Film {row}", "description": text(row)} for row in range(40)]
    table = pd.DataFrame(rows).assign(genres=["|".join(labels(row)) for row in range(40)])
    table.to_csv(folder / "clean.csv", index=False)
    return [f"data.file={folder}/clean.csv", "data.text=[description]", "data.labels_from=genres", "data.id=movie_id"]


def tmdb(folder: Path) -> list[str]:
    """TMDB's 5,000 films: CSV, a JSON list of objects in a cell."""
    cells = [json.dumps([{"id": LABELS.index(name), "name": name} for name in labels(row)]) for row in range(40)]
    table = pd.DataFrame({"title": [f"Film {row}" for row in range(40)], "overview": map(text, range(40))})
    table.assign(genres=cells, budget=0).to_csv(folder / "tmdb_5000_movies.csv", index=False)
    file = folder / "tmdb_5000_movies.csv"
    return [f"data.file={file}", "data.text=[title,overview]", "data.labels_from=genres"]


def cmu(folder: Path) -> list[str]:
    """CMU's summaries: TSV whose quotes mean nothing, a dictionary id -> name in a cell."""
    lines = ["wiki\tsummary\tgenres"]
    for row in range(40):
        names = {f"/m/{LABELS.index(name):05x}": name for name in labels(row)}
        quote = '"' if row % 3 == 0 else ""  # opens and is not closed
        lines.append(f"{row}\t{quote}{text(row)}\t{json.dumps(names)}")
    (folder / "cmu.tsv").write_text("\n".join(lines))
    return [f"data.file={folder}/cmu.tsv", "data.text=[summary]", "data.labels_from=genres", "data.id=wiki"]


def wikipedia(folder: Path) -> list[str]:
    """Wikipedia's plots: CSV with line breaks in cells, names with spaces, commas between labels."""
    table = pd.DataFrame(
        {"Title": [f"Film {row}" for row in range(40)], "Plot": [f"{text(row)}\n\nEnd." for row in range(40)]}
    )
    table.assign(Genre=[", ".join(labels(row)) for row in range(40)]).to_csv(folder / "wiki.csv", index=False)
    return [f"data.file={folder}/wiki.csv", "data.text=[Title,Plot]", "data.labels_from=Genre"]


def one_hot(folder: Path) -> list[str]:
    """A column of 0 and 1 for each label, as Parquet."""
    table = pd.DataFrame({"plot": map(text, range(40))})
    table = table.assign(**{name: [int(name in labels(row)) for row in range(40)] for name in LABELS})
    table.to_parquet(folder / "onehot.parquet")
    return [f"data.file={folder}/onehot.parquet", "data.text=[plot]", f"data.labels_from=[{','.join(LABELS)}]"]


def goemotions(folder: Path) -> list[str]:
    """GoEmotions: the official split in files of their own, numbers, a file of names."""
    for file, rows in (("train", range(30)), ("dev", range(30, 36)), ("test", range(36, 43))):
        lines = [f'{text(row)} "\t{",".join(sorted({str(row % 3), str(row % 2)}))}\tid{row}' for row in rows]
        (folder / f"{file}.tsv").write_text("\n".join(["text\tlabel\tid", *lines]))
    (folder / "names.txt").write_text("joy\ngrief\nanger")
    files = [f"data.file={folder}/train.tsv", f"data.val_file={folder}/dev.tsv", f"data.test_file={folder}/test.tsv"]
    return [*files, "data.text=[text]", "data.labels_from=label", f"data.label_names={folder}/names.txt", "data.id=id"]
