"""Words of descriptions, and which of them tell a genre from the rest."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import coo_array, csr_array

# A word counts if this many films use it, or this share of them. The names of one film's characters, or of a series',
# then do not. In the genre itself, too, MIN_FILMS films must use it.
MIN_FILMS = 5
MIN_SHARE = 0.0005
SIGNIFICANT = 1.96  # two-sided 5 % of the normal distribution
# closed classes: pronouns and determiners, prepositions, conjunctions, auxiliaries, particles
FUNCTION_WORDS = frozenset(
    """
    a an the this that these those some any each every either neither both all no none such same other another own few
    many much more most several i me my mine myself you your yours yourself he him his himself she her hers herself it
    its itself we us our ours ourselves they them their theirs themselves one who whom whose which what whatever
    whoever someone something anyone anything everyone everything
    of in on at by for from to into onto with within without about above across after against along among around as
    before behind below beneath beside between beyond despite down during except inside like near off out outside over
    past since through throughout toward towards under until up upon via per than
    and or but nor so yet if because though although while whereas whether unless when where why how once
    be am is are was were been being have has had having do does did doing done will would shall should can could may
    might must not never only also too very just even still then there here now again soon however isnt doesnt dont
    didnt cant wont
    """.split()
)

_WORD = r"^[\pL\pN][\pL\pM\pN'’-]*$"


def split_words(descriptions: pd.Series) -> pa.ListArray:
    """Lower-case words of each text: runs of letters and digits; apostrophes and a possessive s are left out."""
    texts = pc.utf8_lower(pa.array(descriptions, pa.string()))
    texts = pc.replace_substring_regex(texts, r"['’](s\b)?", "")
    texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"[^\pL\pM\pN]+", " "))
    # split, an empty text would give one empty word; split, a missing one gives a missing list
    words = pc.split_pattern(pc.if_else(pc.equal(texts, ""), None, texts), " ")
    return words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def read_lemmas(file: Path, movie_ids: pd.Series) -> pa.ListArray | None:
    """Lemmas of the films in the order of `movie_ids`, or None if `file` is missing or is of other films."""
    if not file.is_file():
        return None
    stored = pq.read_table(file, columns=["movie_id", "lemmas"])
    place = pc.index_in(pa.array(movie_ids, pa.string()), stored["movie_id"].cast(pa.string()))
    if len(stored) != len(movie_ids) or place.null_count:
        return None
    return stored["lemmas"].cast(pa.list_(pa.string())).combine_chunks().take(place)


def films_with_words(words: pa.ListArray) -> tuple[list[str], csr_array]:
    """The words that enough films use, and a 0/1 matrix (films, words) of who uses which.

    A film counts once for a word, however often it repeats it: a name said three times tells no more of a genre than
    a name said once.
    """
    flat = pc.utf8_lower(words.flatten())
    kept = pc.match_substring_regex(flat, _WORD)
    kept = pc.and_not(kept, pc.is_in(flat, pa.array(sorted(FUNCTION_WORDS))))
    coded = flat.filter(kept).dictionary_encode()
    film = pc.list_parent_indices(words).filter(kept).to_numpy()
    vocabulary = coded.dictionary.to_pylist()
    ones = np.ones(len(film), dtype=np.int32)
    uses = coo_array((ones, (film, coded.indices.to_numpy())), shape=(len(words), len(vocabulary))).tocsr()
    uses.data[:] = 1  # tocsr added up repetitions
    films = np.bincount(uses.indices, minlength=len(vocabulary))
    frequent = np.flatnonzero(films >= max(MIN_FILMS, MIN_SHARE * len(words)))
    return [vocabulary[position] for position in frequent], uses[:, frequent]


def log_odds(inside: npt.NDArray[np.int64], total: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """z-scores (genres, words) of the log-odds ratio of each word in a genre against all other films.

    With y the count of a word and n of all words, i the genre's films, j the others, and a Dirichlet prior of
    alpha_0 = one word for each of the vocabulary, shared out as in the whole collection (alpha of them for this word):

        delta = log((y_i + alpha) / (n_i + alpha_0 - y_i - alpha)) - log((y_j + alpha) / (n_j + alpha_0 - y_j - alpha))
        z = delta / sqrt(1 / (y_i + alpha) + 1 / (y_j + alpha))

    The prior draws rare words towards no difference, and z puts a small difference that is sure above a large one that
    may be chance; so rare words do not win, as they do in a plain ratio, nor frequent ones, as they do in a difference.
    Source: Monroe, Colaresi, Quinn: Fightin' Words (Political Analysis 16, 2008), equations 15 to 22.

    Args:
        inside: (genres, words) counts in the genre's films.
        total: (words,) counts in all films, all above 0 and at least two words.
    """
    alpha = len(total) * total / total.sum()
    own = inside + alpha
    others = total - inside + alpha
    delta = np.log(own / (own.sum(axis=1, keepdims=True) - own))
    delta -= np.log(others / (others.sum(axis=1, keepdims=True) - others))
    z: npt.NDArray[np.float64] = delta / np.sqrt(1 / own + 1 / others)
    return z


def distinctive_words(
    words: pa.ListArray, labels: npt.NDArray[np.uint8], genres: list[str], *, top: int
) -> pd.DataFrame:
    """The words of each genre with the highest z-scores above chance: genre, word, z, films of the genre that use it.

    Args:
        words: of each film.
        labels: (films, genres) 0/1.
        genres: names of the columns of `labels`.
        top: at most so many words per genre; a genre may have fewer or none.
    """
    vocabulary, uses = films_with_words(words)
    columns = ["genre", "word", "z", "films"]
    if len(vocabulary) < 2:
        return pd.DataFrame({column: [] for column in columns})
    inside = (csr_array(labels.T.astype(np.int32)) @ uses).toarray().astype(np.int64)  # (L, V)
    z = log_odds(inside, uses.sum(axis=0))
    z[(z < SIGNIFICANT) | (inside < MIN_FILMS)] = 0
    best = np.argsort(-z, axis=1, kind="stable")[:, :top]
    return pd.DataFrame(
        [
            (genre, vocabulary[word], z[row, word], inside[row, word])
            for row, genre in enumerate(genres)
            for word in best[row]
            if z[row, word] > 0
        ],
        columns=columns,
    )
