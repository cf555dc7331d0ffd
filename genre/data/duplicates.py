"""Descriptions that stand under several films: word for word, or nearly so."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# two descriptions are nearly the same from this Jaccard similarity of their sets of three successive words
SIMILARITY = 0.8
WORDS = 3
# MinHash signatures (Broder 1997) of 40 values in 10 bands of 4: a pair of similarity 0.8 meets in a band with
# probability 1 - (1 - 0.8^4)^10 = 0.995, one of 0.4 with 0.23, and is then compared exactly
BANDS, ROWS = 10, 4

Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]


def folded(descriptions: pd.Series) -> pd.Series:
    """Descriptions without case, punctuation and differences of white space: equal ones are duplicates."""
    text = pc.utf8_lower(pa.array(descriptions, type=pa.large_string()))
    words = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"[[:punct:][:space:]]+", " "))
    return pd.Series(pc.if_else(pc.equal(words, ""), text, words).to_pandas().array, index=descriptions.index)


def nearly_repeated(descriptions: pd.Series) -> Flags:
    """Which descriptions nearly are that of an earlier row that stays; ones of under three words are not looked at.

    Args:
        descriptions: as `folded` gives them.

    What stays holds no two descriptions that would be found again: the search is repeated until it finds nothing.
    """
    shingles, starts = _shingles(descriptions)
    long_enough = np.flatnonzero(np.diff(starts))
    dropped = np.zeros(len(descriptions), dtype=bool)
    if not len(long_enough):
        return dropped
    bands = _bands(shingles, starts[long_enough])  # (BANDS, films)
    while True:
        there = ~dropped[long_enough]
        found = False
        for earlier, later in _pairs(bands[:, there], long_enough[there]):
            if not (dropped[earlier] or dropped[later]) and _similarity(shingles, starts, earlier, later) >= SIMILARITY:
                dropped[later] = found = True
        if not found:
            return dropped


def near_groups(descriptions: pd.Series) -> npt.NDArray[np.int64]:
    """A number for each row (B,), the same for descriptions that are nearly the same, directly or by others between.

    Args:
        descriptions: as `folded` gives them.
    """
    groups, _ = pd.factorize(descriptions)
    first = np.flatnonzero(~descriptions.duplicated().to_numpy())
    distinct = descriptions.iloc[first]
    shingles, starts = _shingles(distinct)
    long_enough = np.flatnonzero(np.diff(starts))
    pairs = _pairs(_bands(shingles, starts[long_enough]), long_enough) if len(long_enough) else []
    near = [pair for pair in pairs if _similarity(shingles, starts, *pair) >= SIMILARITY]
    one, other = np.array(near, dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(near)), (one, other)), shape=(len(distinct), len(distinct)))
    component: npt.NDArray[np.int64] = connected_components(graph, directed=False)[1].astype(np.int64)
    return component[groups]


def _shingles(texts: pd.Series) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Hashes of each three successive words of all texts, flat, and where those of each text start (B + 1,)."""
    flat = pa.chunked_array([pa.array(texts, type=pa.large_string())]).combine_chunks()
    lists = pc.split_pattern(flat.cast(pa.large_string()), " ")  # without a text there may be no chunk, and no type
    offsets = lists.offsets.to_numpy().astype(np.int64)
    words = lists.values.dictionary_encode()
    hashed: Hashes = pd.util.hash_array(words.dictionary.to_numpy(zero_copy_only=False))
    word = hashed[words.indices.to_numpy()]
    if len(word) < WORDS:
        return np.zeros(0, dtype=np.uint64), np.zeros(len(texts) + 1, dtype=np.int64)
    successive = np.lib.stride_tricks.sliding_window_view(word, WORDS)  # (words - 2, 3)
    weights = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
    hashes = (successive * weights).sum(axis=1, dtype=np.uint64)
    lengths = np.maximum(np.diff(offsets) - WORDS + 1, 0)
    # a window that begins in the last two words of a text reaches into the next one
    inside = np.ones(len(word), dtype=bool)
    for back in range(1, WORDS):
        inside[np.maximum(offsets[1:] - back, offsets[:-1])[np.diff(offsets) > 0]] = False
    return hashes[inside[: len(hashes)]], np.concatenate([[0], np.cumsum(lengths)])


def _bands(shingles: Hashes, starts: npt.NDArray[np.int64]) -> Hashes:
    """A hash of each band of each text's MinHash signature (BANDS, films)."""
    random = np.random.default_rng(0)
    hashes = (shingles >> np.uint64(32)).astype(np.uint32)
    bands = np.zeros((BANDS, len(starts)), dtype=np.uint64)
    for band in bands:
        for _ in range(ROWS):
            factor, shift = random.integers(0, 2**31, size=2, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
            smallest = np.minimum.reduceat(hashes * factor + shift, starts)
            band[:] = (band + smallest) * np.uint64(0x9E3779B97F4A7C15)
    return bands


def _pairs(bands: Hashes, rows: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Rows that meet in a band: each with the first and with the one before it there; ascending by the later row."""
    pairs: set[tuple[int, int]] = set()
    for band in bands:
        order = np.argsort(band, kind="stable")
        same = np.flatnonzero(band[order][1:] == band[order][:-1]) + 1  # places that continue a bucket
        if not len(same):
            continue
        begins = np.ones(len(order), dtype=bool)
        begins[same] = False
        first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))[same]
        later = rows[order[same]]
        for other in (rows[order[first]], rows[order[same - 1]]):
            pairs.update(zip(later.tolist(), other.tolist(), strict=True))
    return [(earlier, later) for later, earlier in sorted(pairs)]


def _similarity(shingles: Hashes, starts: npt.NDArray[np.int64], one: int, other: int) -> float:
    """Jaccard similarity of two texts' sets of three successive words."""
    a, b = (set(shingles[starts[row] : starts[row + 1]].tolist()) for row in (one, other))
    return len(a & b) / len(a | b)
