"""The sample's films read from its raw files alone, and a copy of them whose cells and files leave things open."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

RAW = Path(__file__).resolve().parents[2] / "data" / "sample" / "raw"
CRAWL = RAW.parent / "crawl_data.csv"
GENRES = (
    "Action Adventure Animation Biography Comedy Crime Drama Family Fantasy Film-Noir History Horror Music Musical "
    "Mystery Romance Sci-Fi Sport Thriller War Western"
).split()
FILES = {"scifi": "Sci-Fi", "sports": "Sport"} | {genre.lower(): genre for genre in GENRES}
ROOM = 3  # names of a cell
WHOLE = 0.95  # of the films that others say to have the genre, from which on a file counts as whole
PLACEHOLDERS = (
    r"(?i)^\W*(?:add a plot|tba|n/a|unknown|coming soon|undisclosed|under wraps|no plot available|"
    r"(?:plot|details)\b.*(?:unknown|undisclosed|wraps).*)\W*$"
)
CUT = "See full summary"

Flags = npt.NDArray[np.bool_]


def raw_rows(folder: Path) -> pd.DataFrame:
    """All rows with the genre of their file and the names of their cell."""
    files = sorted(folder.glob("*.csv"))
    rows = [pd.read_csv(file, dtype=str, keep_default_na=False).assign(file=FILES[file.stem]) for file in files]
    table = pd.concat(rows, ignore_index=True)
    return table.assign(names=table["genre"].map(lambda cell: [name.strip() for name in cell.split(",")]))


def by_film(rows: pd.DataFrame, column: str, joined: Callable[[list[Any]], set[str]]) -> dict[str, set[str]]:
    """What the rows of each film say together, films in their order."""
    found: dict[str, list[Any]] = {}
    for film, value in zip(rows["movie_id"], rows[column], strict=True):
        found.setdefault(film, []).append(value)
    return {film: joined(found[film]) for film in sorted(found)}


def matrix(sets: list[set[str]]) -> Flags:
    """Sets of genres (B, L)."""
    return np.array([[genre in own for genre in GENRES] for own in sets])


class RawTruth:
    """What raw files say of their films.

    Args:
        rows: of the files.
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        full = [len(names) >= ROOM for names in rows["names"]]
        unsaid = [
            {genre for genre in GENRES if genre > max(names)} if there else set()
            for names, there in zip(rows["names"], full, strict=True)
        ]
        self.rows = rows.assign(
            full=full,
            unsaid=pd.Series(unsaid, index=rows.index, dtype=object),
            ordered=[names == sorted(names) for names in rows["names"]],
            lacking=[file not in names for file, names in zip(rows["file"], rows["names"], strict=True)],
        )
        self.cells = by_film(self.rows, "names", lambda every: {name for names in every for name in names})
        self.files = by_film(self.rows, "file", set)
        self.silent = by_film(self.rows, "unsaid", lambda every: set.intersection(*every))
        self.films = list(self.cells)
        self.shares = {genre: self._share(genre) for genre in sorted(set(rows["file"]))}
        self.whole = {genre for genre, share in self.shares.items() if share >= WHOLE}
        self.labels = matrix([self.cells[film] | self.files[film] for film in self.films])
        self.unsaid = matrix(list(self.silent.values())) & ~self.labels
        told = np.array([genre in self.whole for genre in GENRES])
        self.known = self.labels | told | ~self.unsaid

    def _share(self, genre: str) -> float:
        """Of the films that rows of other files say to have it, how many stand in its own."""
        others = self.rows[(self.rows["file"] != genre) & self.rows["names"].map(lambda names: genre in names)]
        films = set(others["movie_id"])
        return len(films & set(self.rows["movie_id"][self.rows["file"] == genre])) / len(films) if films else np.nan

    def descriptions(self) -> pd.Series:
        """The longest usable description of each film, then the longest at all, on one line."""
        texts = self.rows["description"].str.split().str.join(" ")
        usable = ~(texts.str.match(PLACEHOLDERS) | texts.str.contains(CUT) | (texts == ""))
        order = self.rows.assign(text=texts, usable=usable, size=texts.str.len())
        order = order.sort_values(["movie_id", "usable", "size", "text"], ascending=[True, False, False, True])
        return order.groupby("movie_id")["text"].first()

    def years(self) -> pd.Series:
        """The earliest year of each film; missing where none of its rows has one."""
        years = pd.to_numeric(self.rows["year"].where(self.rows["year"].str.fullmatch(r"\s*\d{4}\s*")))
        return years.groupby(self.rows["movie_id"]).min()


def repaired(texts: pd.Series) -> pd.Series:
    """Which texts are not in one form of characters with single spaces; of raw texts, which tell line breaks too."""
    return texts != [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]


def damage(folder: Path) -> Path:
    """A copy of the sample's files: some cells lack their file's genre, some are out of order, two files are cut short.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    for file in sorted(RAW.glob("*.csv")):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        genre, cells = FILES[file.stem], []
        for cell in table["genre"]:
            names, chance = [name.strip() for name in cell.split(",")], random.random()
            if len(names) == ROOM and chance < 0.2:
                others = [one for one in GENRES if one not in names][:: 1 if chance < 0.15 else -1]
                names = sorted({*names, others[0]} - {genre})[:: -1 if chance < 0.05 else 1]
            elif len(names) == ROOM and chance < 0.3:
                names = names[::-1]
            cells.append(", ".join(names))
        table = table.assign(genre=cells)
        if genre in ("Thriller", "Romance"):
            table = table.iloc[::2]
        table.to_csv(folder / file.name, index=False)
    return folder
