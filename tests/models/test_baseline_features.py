"""Features of texts for classical models."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from genre.errors import UserError
from genre.models.baselines import BagOfWords, Ngram, StaticEmbeddings, TextFeatures, Tfidf, Word2Vec

TEXTS = ["Dogs chase the red cat", "the cat sleeps", "Dogs sleep", "a red, red rose"]


def bow(**settings: object) -> BagOfWords:
    return BagOfWords(
        **{"tokens": "words", "word_ngrams": [1, 1], "char_ngrams": None, "min_df": 1, "max_features": None} | settings
    )


def tfidf(**settings: object) -> Tfidf:
    defaults = {"tokens": "words", "word_ngrams": [1, 1], "char_ngrams": None, "min_df": 1, "max_features": None}
    return Tfidf(**defaults | {"sublinear_tf": False} | settings)


def word2vec(**settings: object) -> Word2Vec:
    return Word2Vec(**{"tokens": "words", "width": 8, "window": 2, "min_count": 1, "epochs": 3} | settings)


KINDS = {
    "bow": lambda: bow(char_ngrams=[2, 3]),
    "tfidf": lambda: tfidf(word_ngrams=[1, 2], char_ngrams=[3, 3], sublinear_tf=True),
    "word2vec": word2vec,
    "embeddings": lambda: StaticEmbeddings("words"),
}


def dense(matrix: object) -> np.ndarray:
    return matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)


def test_words_are_counted() -> None:
    features = bow(min_df=2)
    features.fit(TEXTS, seed=1)
    assert features.ngram_columns() == [Ngram("words", word) for word in ("cat", "dogs", "red", "the")]
    assert dense(features.transform([*TEXTS, "THE THE unseen"])).tolist() == [
        [1, 1, 1, 1],
        [1, 0, 0, 1],
        [0, 1, 0, 0],
        [0, 0, 2, 0],
        [0, 0, 0, 2],
    ]


def test_pairs_of_words_and_characters_within_words() -> None:
    features = bow(word_ngrams=[2, 2], char_ngrams=[4, 4])
    features.fit(["red rose"], seed=1)
    assert features.ngram_columns() == [
        Ngram("words", "red rose"),
        Ngram("characters", "red…"),
        Ngram("characters", "ros…"),
        Ngram("characters", "…ose"),
        Ngram("characters", "…red"),
        Ngram("characters", "…rose…"),
    ]


def test_weights_are_those_of_the_formula() -> None:
    features = tfidf(sublinear_tf=True)
    features.fit(TEXTS, seed=1)
    names = [column.text for column in features.ngram_columns()]
    (row,) = dense(features.transform(["red red rose the"]))
    films = {"red": 2, "rose": 1, "the": 2}
    idf = {word: np.log((1 + 4) / (1 + number)) + 1 for word, number in films.items()}
    weights = np.array([(1 + np.log(2)) * idf["red"], idf["rose"], idf["the"]])
    expected = dict(zip(films, weights / np.linalg.norm(weights), strict=True))
    assert {name: value for name, value in zip(names, row, strict=True) if value} == pytest.approx(expected)


def test_each_kind_of_ngrams_has_length_one() -> None:
    features = tfidf(char_ngrams=[3, 5])
    features.fit(TEXTS, seed=1)
    kinds = np.array([column.kind for column in features.ngram_columns()])
    matrix = dense(features.transform(TEXTS))
    for kind in ("words", "characters"):
        np.testing.assert_allclose(np.linalg.norm(matrix[:, kinds == kind], axis=1), 1)


def test_embeddings_are_means_weighted_by_rarity() -> None:
    features = StaticEmbeddings("words")
    features.fit(["dog cat", "dog", "dog"], seed=1)
    dog, cat = (features.vectors[features.tokenizer.convert_tokens_to_ids(word)] for word in ("dog", "cat"))
    rarity = np.log(4 / 2) + 1  # of the cat; that of the dog is 1
    mixed = (dog + rarity * cat) / (1 + rarity)
    means = np.stack([mixed, dog, dog])
    expected = (means - means.mean(axis=0)) / means.std(axis=0)
    np.testing.assert_allclose(features.transform(["dog cat", "dog", "dog"]), expected, atol=1e-4)


def test_word_vectors_depend_on_the_seed_alone() -> None:
    texts = TEXTS * 5
    first, again, other = word2vec(), word2vec(), word2vec()
    for features, seed in ((first, 1), (again, 1), (other, 2)):
        features.fit(texts, seed)
    assert np.array_equal(first.transform(TEXTS), again.transform(TEXTS))
    assert not np.allclose(first.transform(TEXTS), other.transform(TEXTS))
    assert first.transform(TEXTS).shape == (4, 8)


@pytest.mark.parametrize("kind", KINDS)
def test_features_are_restored_from_json_and_arrays(kind: str, tmp_path: Path) -> None:
    features, restored = KINDS[kind](), KINDS[kind]()
    features.fit(TEXTS, seed=1)
    features.save(tmp_path)
    restored.load(tmp_path)
    asked = [*TEXTS, "unseen words of a cat", ""]
    assert np.array_equal(dense(restored.transform(asked)), dense(features.transform(asked)))
    assert {file.suffix for file in tmp_path.iterdir()} <= {".json", ".npz"}
    for file in tmp_path.glob("*.npz"):
        with np.load(file, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype != object for name in arrays)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_file_is_named(kind: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"{tmp_path}/.*: is missing; train the run again with overwrite=true"):
        KINDS[kind]().load(tmp_path)


@pytest.mark.parametrize(
    ("features", "told"),
    [
        (bow(min_df=3), "features.min_df=3: no n-gram of words is in so many of the 4 training texts"),
        (word2vec(min_count=9), "features.min_count=9: no word stands so often in the training texts"),
    ],
)
def test_texts_that_are_too_few(features: TextFeatures, told: str) -> None:
    with pytest.raises(UserError, match=told):
        features.fit(TEXTS, seed=1)


def test_the_vocabulary_is_readable(tmp_path: Path) -> None:
    features = bow(char_ngrams=[3, 3])
    features.fit(["red"], seed=1)
    features.save(tmp_path)
    assert json.loads((tmp_path / "vocabulary.json").read_text()) == {"word": ["red"], "char_wb": [" re", "ed ", "red"]}
