"""Words of descriptions and the log-odds that tell genres apart."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.report.explore import description_sections
from genre.report.explore.films import Films
from genre.report.explore.words import (
    MIN_FILMS,
    distinctive_words,
    films_with_words,
    log_odds,
    read_lemmas,
    split_words,
)


def test_texts_are_split_into_words() -> None:
    texts = pd.Series(["The dog's 'Rex' didn’t bark - in 1945!", "", " ... ", "Élan naïve"])
    words = split_words(texts)
    assert words.to_pylist() == [["the", "dog", "rex", "didnt", "bark", "in", "1945"], None, None, ["élan", "naïve"]]
    assert split_words(texts[:0]).to_pylist() == []


def test_a_film_counts_once_for_a_word_and_rare_and_function_words_do_not_count() -> None:
    lists = [["king", "king", "the"], None, *[["king", "a$b", "!"]] * (MIN_FILMS - 1), ["queen"]]
    vocabulary, uses = films_with_words(pa.array(lists, pa.list_(pa.string())))
    assert vocabulary == ["king"]
    assert uses.toarray()[:, 0].tolist() == [1, 0, *[1] * (MIN_FILMS - 1), 0]


def test_log_odds_worked_by_hand() -> None:
    # 4 words in all, 3 of them a; 2 words in the vocabulary, so the prior holds 1.5 a and 0.5 b
    z = log_odds(np.array([[2, 0]]), np.array([3, 1]))
    own_a, own_b, other_a, other_b = 3.5, 0.5, 2.5, 1.5
    delta = math.log(own_a / own_b) - math.log(other_a / other_b)
    assert z[0, 0] == pytest.approx(delta / math.sqrt(1 / own_a + 1 / other_a))
    assert z[0, 1] == pytest.approx(-delta / math.sqrt(1 / own_b + 1 / other_b))


def literal_z(texts: list[list[str]], inside: list[bool], word: str) -> float:
    """Equations 15, 20 and 22 of Monroe, Colaresi and Quinn, symbol by symbol."""
    y_i, y_j = Counter[str](), Counter[str]()
    for text, own in zip(texts, inside, strict=True):
        (y_i if own else y_j).update(text)
    y = y_i + y_j
    alpha_0 = len(y)
    alpha = alpha_0 * y[word] / sum(y.values())
    n_i, n_j = sum(y_i.values()), sum(y_j.values())
    omega_i = (y_i[word] + alpha) / (n_i + alpha_0 - y_i[word] - alpha)
    omega_j = (y_j[word] + alpha) / (n_j + alpha_0 - y_j[word] - alpha)
    variance = 1 / (y_i[word] + alpha) + 1 / (y_j[word] + alpha)
    return (math.log(omega_i) - math.log(omega_j)) / math.sqrt(variance)


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True), st.booleans()), min_size=1, max_size=15
    )
)
def test_log_odds_agree_with_the_formula_taken_literally(films: list[tuple[list[str], bool]]) -> None:
    texts, inside = [text for text, _ in films], [own for _, own in films]
    vocabulary = sorted({word for text in texts for word in text})
    if len(vocabulary) < 2:
        return
    uses = np.array([[word in text for word in vocabulary] for text in texts], dtype=np.int64)
    z = log_odds(uses[np.array(inside)].sum(axis=0, keepdims=True), uses.sum(axis=0))
    np.testing.assert_allclose(z[0], [literal_z(texts, inside, word) for word in vocabulary], atol=1e-12)


def test_the_words_of_each_genre() -> None:
    texts = ["sheriff rides town"] * 30 + ["robot rides town"] * 30 + ["town clerk"] * 30
    labels = np.zeros((90, 3), dtype=np.uint8)
    labels[:30, 0] = labels[30:60, 1] = 1
    labels[0, 2] = 1
    found = distinctive_words(split_words(pd.Series(texts)), labels, ["Western", "Sci-Fi", "War"], top=1)
    assert found[["genre", "word", "films"]].to_numpy().tolist() == [
        ["Western", "sheriff", 30],
        ["Sci-Fi", "robot", 30],
    ]
    assert (found["z"] > 1.96).all()


def test_genres_that_are_shuffled_have_words_too() -> None:
    """What the report says of small z: of very many words some pass by chance."""
    random = np.random.default_rng(1)
    texts = pa.array([[f"w{word}" for word in random.integers(600, size=30)] for _ in range(400)])
    labels = (random.random((400, 3)) < 0.3).astype(np.uint8)  # independent of all words
    table = distinctive_words(texts, labels, ["Drama", "Music", "War"], top=16)
    assert set(table["genre"]) == {"Drama", "Music", "War"}
    films = Films(
        pd.DataFrame({"description": ["A whole text."] * 400, "year": "1999"}), ["Drama", "Music", "War"], labels
    )
    assert "with the genres of films shuffled" in description_sections.distinctive_words(films, texts, "words").text


def test_too_few_films_have_no_distinctive_words() -> None:
    found = distinctive_words(split_words(pd.Series(["One lone film."])), np.ones((1, 1), np.uint8), ["War"], top=3)
    assert found.empty


def test_lemmas_follow_the_films(tmp_path: Path) -> None:
    file = tmp_path / "lemmas.parquet"
    lemmas = {"movie_id": ["t2", "t1", "t3"], "lemmas": [["be"], ["ride"], None], "pos": [["VB"], ["VB"], []]}
    pq.write_table(pa.table(lemmas), file)
    stored = read_lemmas(file, pd.Series(["t1", "t2", "t3"]))
    assert stored is not None
    assert stored.to_pylist() == [["ride"], ["be"], None]
    # of other films, or of a part of them
    assert read_lemmas(file, pd.Series(["t1", "t2", "t4"])) is None
    assert read_lemmas(file, pd.Series(["t1", "t2"])) is None
    assert read_lemmas(tmp_path / "none.parquet", pd.Series(["t1"])) is None
