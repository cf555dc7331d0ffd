"""Descriptions under several films."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from genre.data.duplicates import SIMILARITY, folded, nearly_repeated

LONG = (
    "a retired lighthouse keeper takes in three children after a storm sinks the ferry that brought them to the island"
)


def test_case_and_punctuation_make_no_difference() -> None:
    texts = pd.Series(["A king, dies!", "a KING dies", "A king lies.", "一人", "二人", "!!", "??"])
    assert folded(texts).duplicated().tolist() == [False, True, False, False, False, False, False]


def test_one_word_of_twenty_makes_a_near_duplicate() -> None:
    texts = pd.Series([LONG, LONG.replace("ferry", "boat"), LONG + " again", "A quite different text about a dog."])
    assert nearly_repeated(folded(texts)).tolist() == [False, False, True, False]
    assert nearly_repeated(folded(texts[::-1])).tolist() == [False, False, False, True]


def test_short_texts_and_none_are_left_alone() -> None:
    assert not nearly_repeated(pd.Series(["", "a", "a b", "a b"], dtype="str")).any()
    assert not len(nearly_repeated(pd.Series([], dtype="str")))


def similarity(one: str, other: str) -> float:
    a, b = ({tuple(words[i : i + 3]) for i in range(len(words) - 2)} for words in (one.split(), other.split()))
    return len(a & b) / len(a | b) if a | b else 0.0


changes = st.lists(st.tuples(st.integers(0, 19), st.sampled_from(["boat", "sea", "owl"])), max_size=3)


@given(st.lists(changes, min_size=2, max_size=7))
def test_what_is_dropped_is_near_to_what_stays_and_the_rest_is_not(films: list[list[tuple[int, str]]]) -> None:
    texts = []
    for film in films:
        words = LONG.split()
        for place, word in film:
            words[place] = word
        texts.append(" ".join(words))
    texts = list(dict.fromkeys(texts))
    dropped = nearly_repeated(pd.Series(texts))
    for row in np.flatnonzero(dropped):
        earlier = [texts[other] for other in range(row) if not dropped[other]]
        assert max(similarity(texts[row], other) for other in earlier) >= SIMILARITY
    kept = pd.Series([text for text, gone in zip(texts, dropped, strict=True) if not gone])
    assert not nearly_repeated(kept).any()


def test_nearly_all_pairs_above_the_threshold_are_found() -> None:
    random = np.random.default_rng(0)
    vocabulary = np.array([f"w{number}" for number in range(4000)])
    originals = [random.choice(vocabulary, 30) for _ in range(600)]
    changed = [words.copy() for words in originals]
    for words in changed:
        words[random.integers(30)] = "other"  # similarity 25/31 = 0.806 or more
    texts = pd.Series([" ".join(words) for words in [*originals, *changed]])
    found = nearly_repeated(texts)
    assert not found[:600].any()
    assert found[600:].mean() > 0.97
