"""The 21 genres, their order everywhere, and the ways they are written."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from genre.config import ImdbConfig
from genre.config.explain import suggestion
from genre.data.labels import label_matrix
from genre.errors import UserError

GENRES = (
    "Action",
    "Adventure",
    "Animation",
    "Biography",
    "Comedy",
    "Crime",
    "Drama",
    "Family",
    "Fantasy",
    "Film-Noir",
    "History",
    "Horror",
    "Music",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Sport",
    "Thriller",
    "War",
    "Western",
)

# for a person who is handed a model that knows them
MEANING = (
    "They are IMDb's genres. A genre cell there holds three names at most, the first ones in the alphabet: what comes "
    "after the last name of a full cell is unknown, not false, unless a file holds all films of that genre."
)

# IMDb's genres that are no film genres of this task: they are dropped from a film's genres
DROPPED_GENRES = frozenset({"Adult", "Documentary", "Game-Show", "News", "Reality-TV", "Short", "Talk-Show"})

_POSITION = {genre: position for position, genre in enumerate(GENRES)}
# spelling without case, spaces and hyphens -> genre
_SPELLINGS = {genre.lower().replace("-", ""): genre for genre in (*GENRES, *DROPPED_GENRES)} | {"sports": "Sport"}


def canonical_genre(name: str) -> str | None:
    """The genre that `name` spells (`scifi`, `Sci Fi`, `SPORTS`, ...), or None.

    Example:
        >>> canonical_genre("Film Noir"), canonical_genre("Musik")
        ('Film-Noir', None)
    """
    return _SPELLINGS.get(name.strip().lower().replace("-", "").replace(" ", "").replace("_", ""))


def parse_genres(cell: str, separator: str) -> list[str]:
    """Genres of a cell such as `Drama, Film-Noir`, in the order of `GENRES`, each once; dropped genres are left out.

    Raises:
        UserError: naming the first word that is no genre.
    """
    found = set()
    for name in filter(None, map(str.strip, cell.split(separator))):
        genre = canonical_genre(name)
        if genre is None:
            raise UserError(f"'{name[:60]}' is no genre; there are: {', '.join(GENRES)}")
        found.add(genre)
    return sorted(found - DROPPED_GENRES, key=_POSITION.__getitem__)


def cell_names(cell: str, separator: str) -> list[str]:
    """What a raw file's cell names, as it is written there and each once; genres that are dropped stand among it.

    Example:
        >>> cell_names("Short, sci fi, Drama, Short", ",")
        ['Short', 'Sci-Fi', 'Drama']
    """
    return list(
        dict.fromkeys(canonical_genre(name) or name for name in filter(None, map(str.strip, cell.split(separator))))
    )


def unsaid_genres(cell: str, separator: str, size: int | None) -> list[str]:
    """Genres of which a cell says nothing: it holds `size` names, as many as it can, and they come after all of these.

    The names that a cell has room for are the first ones in the alphabet. A few cells, nearly all of them of animated
    films, are not in order; of these it is the last name in the alphabet that counts, too.

    Args:
        cell: of a raw file.
        separator: of names.
        size: how many names a cell holds at most; None: any number, so that each cell says all.

    Example:
        >>> unsaid_genres("Drama, History, Sport", ",", 3)
        ['Thriller', 'War', 'Western']
        >>> unsaid_genres("Drama, History", ",", 3)
        []
    """
    names = cell_names(cell, separator)
    return [genre for genre in GENRES if genre > max(names)] if size and len(names) >= size else []


def genre_matrix(cells: Iterable[str], genres: Sequence[str] = GENRES) -> npt.NDArray[np.uint8]:
    """Cells of a merged or clean table (`Drama|Film-Noir`) as a 0/1 matrix (B, L).

    Raises:
        UserError: for a word that is no genre, or none of `genres`.
    """
    return label_matrix((parse_genres(cell, "|") for cell in cells), genres)


def chosen_genres(cfg: ImdbConfig) -> tuple[str, ...]:
    """The genres to tell apart, in the order of `GENRES`.

    Raises:
        UserError: when the section `data` names something else than genres, or leaves none.
    """
    kept = set(GENRES) if cfg.genres is None else _spelt("data.genres", cfg.genres)
    chosen = kept - _spelt("data.drop_genres", cfg.drop_genres)
    if not chosen:
        raise UserError(f"data.drop_genres={cfg.drop_genres}: must be such that a genre is left")
    return tuple(genre for genre in GENRES if genre in chosen)


def counted_files(cfg: ImdbConfig) -> frozenset[str]:
    """Genres whose films are told by the files in which they stand.

    Raises:
        UserError: when `data.file_genre` names something else than genres.
    """
    if isinstance(cfg.file_genre, bool):
        return frozenset(GENRES if cfg.file_genre else ())
    return frozenset(_spelt("data.file_genre", cfg.file_genre))


def files_said_whole(cfg: ImdbConfig) -> frozenset[str] | None:
    """Genres whose files are whole, as `data.whole_files` says; None where that is to be found out.

    Raises:
        UserError: when it names something else than genres.
    """
    return None if cfg.whole_files is None else frozenset(_spelt("data.whole_files", cfg.whole_files))


def _spelt(setting: str, names: Iterable[str]) -> set[str]:
    """Names as `GENRES` spells them."""
    found = set()
    for name in names:
        genre = canonical_genre(name)
        if genre not in _POSITION:
            raise UserError(f"{setting}: '{name}' is no genre; {suggestion(name, GENRES)}")
        found.add(genre)
    return found
