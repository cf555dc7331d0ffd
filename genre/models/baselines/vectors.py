"""Means of word vectors."""

import csv
import json
import logging
import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

from genre.errors import UserError, one_line
from genre.extras import extra
from genre.files import write_json
from genre.models.baselines.features import (
    Matrix,
    Standardised,
    Vectors,
    load_arrays,
    require_model_file,
    save_arrays,
)

_WORD = re.compile(r"\b\w\w+\b")


class MeanVectors(Standardised):
    """Means of a text's vectors, weighted by how rare their words are among the training texts, then standardised.

    Attributes:
        vectors: (V, D).
    """

    vectors: Vectors

    @abstractmethod
    def analyzer(self) -> Callable[[str], list[str]]:
        """Cuts a text into words of the vocabulary and others."""

    def _fit_means(self, texts: Sequence[str], vocabulary: Sequence[str]) -> None:
        self.weights = self._weights(vocabulary).fit(texts)
        self.standardise_by(self._means(texts))

    def _weights(self, vocabulary: Sequence[str]) -> Any:
        """Shares of words in a text that add up to 1, in proportion to count x idf."""
        analyzer = self.analyzer()
        return TfidfVectorizer(analyzer=analyzer, lowercase=False, vocabulary=vocabulary, norm="l1", dtype=np.float32)

    def _means(self, texts: Sequence[str]) -> Vectors:
        means: Vectors = self.weights.transform(texts) @ self.vectors  # (B, V) x (V, D)
        return means

    def transform(self, texts: Sequence[str]) -> Matrix:
        """See `TextFeatures`; the mean of a text without a known word is zeros, before they are standardised."""
        return self.standardised(self._means(texts))

    @property
    def size(self) -> int:
        """See `TextFeatures`."""
        return super().size + self.vectors.size + len(self.weights.idf_)

    def save(self, folder: Path) -> None:
        """See `TextFeatures`."""
        save_arrays(folder / "means.npz", {"idf": self.weights.idf_, **self.statistics})

    def _load_means(self, folder: Path, vocabulary: Sequence[str]) -> None:
        arrays = load_arrays(folder / "means.npz")
        self.weights = self._weights(vocabulary)
        self.weights.idf_ = arrays.pop("idf")
        self.statistics = arrays


class KeptVectors(MeanVectors):
    """Vectors of words that are kept with the model.

    Attributes:
        vocabulary: the V words.
    """

    vocabulary: list[str]

    def analyzer(self) -> Callable[[str], list[str]]:
        """See `MeanVectors`."""
        return _words

    def save(self, folder: Path) -> None:
        """See `TextFeatures`."""
        super().save(folder)
        write_json(folder / "vocabulary.json", self.vocabulary)
        save_arrays(folder / "vectors.npz", {"vectors": self.vectors})

    def load(self, folder: Path) -> None:
        """See `TextFeatures`."""
        require_model_file(folder / "vocabulary.json")
        self.vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        self.vectors = load_arrays(folder / "vectors.npz")["vectors"]
        self._load_means(folder, self.vocabulary)


class Word2Vec(KeptVectors):
    """Vectors learnt from the training texts: Word2Vec, skip-gram with negative sampling, by gensim.

    Args:
        tokens: see `TextFeatures`.
        width: D.
        window: words to the left and to the right that a word is to predict.
        min_count: times that a word must stand in the training texts.
        epochs: passes over them.
    """

    def __init__(self, tokens: str, width: int, window: int, min_count: int, epochs: int) -> None:
        super().__init__(tokens)
        self.settings = {"vector_size": width, "window": window, "min_count": min_count, "epochs": epochs}

    def fit(self, texts: Sequence[str], seed: int) -> None:
        """See `TextFeatures`."""
        with extra("word2vec", "features=word2vec"):
            from gensim.models import Word2Vec  # a second to import

        logging.getLogger("gensim").setLevel(logging.WARNING)  # it tells every step
        # one worker: several would make the result depend on their pace
        model = Word2Vec(**self.settings, sg=1, seed=seed, workers=1)
        corpus = [_words(text) for text in texts]
        model.build_vocab(corpus)
        if not len(model.wv):
            raise UserError(
                f"features.min_count={self.settings['min_count']}: no word stands so often in the training texts"
            )
        model.train(corpus, total_examples=len(corpus), epochs=model.epochs)
        self.vocabulary, self.vectors = list(model.wv.index_to_key), model.wv.vectors
        self._fit_means(texts, self.vocabulary)


class WordVectors(KeptVectors):
    """Vectors that a file holds, such as GloVe's, of the words that stand in training texts.

    Args:
        tokens: see `TextFeatures`.
        file: a word and its D numbers on each line, separated by spaces; the first line may tell how many there are.
    """

    def __init__(self, tokens: str, file: str) -> None:
        super().__init__(tokens)
        self.file = file

    def fit(self, texts: Sequence[str], seed: int) -> None:
        """See `TextFeatures`; there is nothing random in it.

        Raises:
            UserError: also when the file cannot be read, or holds no word of the texts.
        """
        words = {word for text in texts for word in _words(text)}
        table = _read_vectors(self.file)
        table = table[table[0].isin(words)].drop_duplicates(subset=0)
        if table.empty:
            raise UserError(f"features.file={self.file}: holds none of the {len(words):,} words of the training texts")
        self.vocabulary, self.vectors = table[0].tolist(), table.drop(columns=0).to_numpy(np.float32)
        self._fit_means(texts, self.vocabulary)


def _read_vectors(file: str) -> pd.DataFrame:
    """Words (column 0) and their numbers."""
    try:
        with Path(file).open(encoding="utf-8") as lines:
            head = lines.readline().split(" ")
            numbers = len(head if len(head) > 2 else lines.readline().split(" ")) - 1
        if numbers < 1:
            raise ValueError("its first lines hold no numbers")
        types: Any = {0: str} | dict.fromkeys(range(1, numbers + 1), np.float32)
        plain: Any = {"header": None, "quoting": csv.QUOTE_NONE, "keep_default_na": False, "encoding": "utf-8"}
        table: pd.DataFrame = pd.read_csv(
            file, sep=" ", skiprows=int(len(head) <= 2), names=list(types), dtype=types, **plain
        )
        return table
    except (OSError, ValueError) as error:
        reason = one_line(str(error))
        raise UserError(
            f"features.file={file}: holds no word vectors, a word and its numbers a line ({reason})"
        ) from error


class StaticEmbeddings(MeanVectors):
    """The token embeddings of the packaged all-MiniLM-L6-v2, which know no context.

    Args:
        tokens: see `TextFeatures`.
    """

    def __init__(self, tokens: str) -> None:
        super().__init__(tokens)
        # seconds to import, which other features do without
        from transformers import AutoTokenizer

        from genre.models.minilm import minilm_folder, minilm_network

        self.tokenizer: Any = AutoTokenizer.from_pretrained(minilm_folder())
        embedding: Any = minilm_network(["unused"]).get_input_embeddings()
        self.vectors = embedding.weight.detach().numpy()

    def analyzer(self) -> Callable[[str], list[str]]:
        """See `MeanVectors`."""
        tokenize: Callable[[str], list[str]] = self.tokenizer.tokenize
        return tokenize

    def fit(self, texts: Sequence[str], seed: int) -> None:
        """See `TextFeatures`; there is nothing random in it."""
        self._fit_means(texts, self._vocabulary())

    def load(self, folder: Path) -> None:
        """See `TextFeatures`."""
        self._load_means(folder, self._vocabulary())

    def _vocabulary(self) -> list[str]:
        pieces: list[str] = self.tokenizer.convert_ids_to_tokens(list(range(len(self.vectors))))
        return pieces


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
