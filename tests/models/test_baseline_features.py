"""Features of texts for classical models."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from genre.config import compose
from genre.errors import UserError
from genre.models.baselines import BagOfWords, Ngram, StaticEmbeddings, TextFeatures, Tfidf, Word2Vec, WordVectors
from genre.models.baselines.sentences import SentenceVectors
from genre.models.encoder import FrozenEncoder
from genre.models.minilm import minilm_network
from genre.training.run import check

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


VECTORS = Path(__file__).parent / "word_vectors.txt"  # of dog, cat, red and a comma


def glove() -> WordVectors:
    return WordVectors("words", str(VECTORS))


def sentences(max_tokens: int = 32) -> SentenceVectors:
    return SentenceVectors("words", "minilm", "mean", max_tokens)


KINDS = {
    "bow": lambda: bow(char_ngrams=[2, 3]),
    "tfidf": lambda: tfidf(word_ngrams=[1, 2], char_ngrams=[3, 3], sublinear_tf=True),
    "word2vec": word2vec,
    "embeddings": lambda: StaticEmbeddings("words"),
    "glove": glove,
    "encoder": sentences,
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
    expected = (means - means.mean(axis=0)) / means.std(axis=0) / np.sqrt(384)
    np.testing.assert_allclose(features.transform(["dog cat", "dog", "dog"]), expected, atol=1e-4)


def test_word_vectors_depend_on_the_seed_alone() -> None:
    texts = TEXTS * 5
    first, again, other = word2vec(), word2vec(), word2vec()
    for features, seed in ((first, 1), (again, 1), (other, 2)):
        features.fit(texts, seed)
    assert np.array_equal(first.transform(TEXTS), again.transform(TEXTS))
    assert not np.allclose(first.transform(TEXTS), other.transform(TEXTS))
    assert first.transform(TEXTS).shape == (4, 8)


def test_word_vectors_of_a_file_are_meant_where_training_texts_have_the_word() -> None:
    features = glove()
    features.fit(["dogs and a cat", "Cat, red", "red rose"], seed=1)
    assert (features.vocabulary, features.vectors.tolist()) == (["cat", "red"], [[0, 2], [1, -1]])
    means = np.array([[0, 2], [0.5, 0.5], [1, -1]])  # cat and red are as rare as each other
    expected = (means - means.mean(axis=0)) / means.std(axis=0) / np.sqrt(2)
    np.testing.assert_allclose(features.transform(["dogs and a cat", "Cat, red", "red rose"]), expected, atol=1e-6)
    assert np.array_equal(
        features.transform(["dog cat"]), features.transform(["cat"])
    )  # no text has taught what a dog is


def test_the_first_line_of_word_vectors_may_count_them(tmp_path: Path) -> None:
    (tmp_path / "vectors.txt").write_text("4 2\n" + VECTORS.read_text())
    counted = WordVectors("words", str(tmp_path / "vectors.txt"))
    for features in (counted, plain := glove()):
        features.fit(TEXTS, seed=1)
    assert np.array_equal(counted.transform(TEXTS), plain.transform(TEXTS))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "holds no word vectors, a word and its numbers a line"),
        ("dog one two\n", "holds no word vectors, a word and its numbers a line"),
        ("house 1 2\n", "holds none of the 8 words of the training texts"),
    ],
)
def test_files_that_hold_no_word_vectors(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "vectors.txt").write_text(content)
    with pytest.raises(UserError, match=f"features.file={tmp_path}/vectors.txt: {told}"):
        WordVectors("words", str(tmp_path / "vectors.txt")).fit(TEXTS, seed=1)


def test_sentence_vectors_are_the_encoders_standardised() -> None:
    texts = ["A title \n the red cat sleeps", "dogs", "the cat"]
    encoder = FrozenEncoder(minilm_network(["unused"]).base_model, "mean")
    features = sentences()
    features.fit(texts, seed=1)
    tokenizer = features.tokenizer
    read = [
        tokenizer("A title [SEP] the red cat sleeps", return_tensors="pt"),
        *(tokenizer(text, return_tensors="pt") for text in texts[1:]),
    ]
    vectors = np.concatenate([encoder(one["input_ids"], one["attention_mask"]).numpy() for one in read])  # (3, D)
    mean, deviation = features.statistics["mean"], features.statistics["deviation"]
    np.testing.assert_allclose(mean, vectors.mean(axis=0), atol=1e-3)  # vectors are kept in half precision
    np.testing.assert_allclose(features.transform(texts) * np.sqrt(384) * deviation + mean, vectors, atol=1e-3)
    assert features.size == 384 * 2 + sum(weight.numel() for weight in encoder.encoder.parameters())


def test_texts_that_were_read_ahead_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    features, ahead = sentences(), sentences()
    features.fit(TEXTS, seed=1)
    expected = features.transform(TEXTS[:2])
    ahead.read_ahead(TEXTS, tmp_path)
    again = sentences()
    monkeypatch.setattr(FrozenEncoder, "__call__", None)
    again.read_ahead(TEXTS, tmp_path)  # from the file
    for other in (ahead, again):
        other.fit(TEXTS, seed=1)
        np.testing.assert_allclose(other.transform(TEXTS[:2]), expected, atol=5e-3)
    with pytest.raises(TypeError):
        again.transform(["new"])


def test_sentence_vectors_of_another_encoder_are_refused(tmp_path: Path) -> None:
    features = sentences()
    features.fit(TEXTS, seed=1)
    features.save(tmp_path)
    with pytest.raises(UserError, match=r"encoder.json: the encoder \(features.pretrained\) is another one now"):
        SentenceVectors("words", "minilm", "cls", 32).load(tmp_path)


def test_an_encoder_reads_no_lemmas_and_no_more_tokens_than_it_can(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="features.tokens=lemmas: must be words: an encoder reads texts as they stand"):
        compose("baseline", ["features=encoder", "features.tokens=lemmas"])
    with pytest.raises(UserError, match="data.max_tokens=513: the encoder reads at most 512 tokens"):
        sentences(max_tokens=513)
    with pytest.raises(UserError, match=f"features.pretrained={tmp_path}: that folder holds no config.json"):
        check(compose("baseline", ["features=encoder", f"features.pretrained={tmp_path}"]))
    with pytest.raises(UserError, match="features.file=/nowhere: no such file"):
        check(compose("baseline", ["features=glove", "features.file=/nowhere"]))


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
