"""Counts of n-grams, as they are or weighted."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from genre.errors import UserError
from genre.files import write_json
from genre.models.baselines.features import TextFeatures, load_arrays, require_model_file, save_arrays

_KINDS = {"word": "words", "char_wb": "characters"}  # scikit-learn's analysers, and what they cut texts into


class Ngram(NamedTuple):
    """A column: what it is of, `words` or `characters`, and its text, `…` standing for the rest of a word."""

    kind: str
    text: str


class BagOfWords(TextFeatures):
    """Counts of n-grams of words, and of n-grams of characters within words beside them.

    Args:
        tokens: see `TextFeatures`.
        word_ngrams: shortest and longest.
        char_ngrams: the same in characters; None for none.
        min_df: training texts that an n-gram must be in.
        max_features: most frequent n-grams of each kind that are kept; None for all.
    """

    def __init__(
        self,
        tokens: str,
        word_ngrams: Sequence[int],
        char_ngrams: Sequence[int] | None,
        min_df: int,
        max_features: int | None,
    ) -> None:
        super().__init__(tokens)
        self.ngrams = {"word": word_ngrams} | ({"char_wb": char_ngrams} if char_ngrams else {})
        self.limits = {"min_df": min_df, "max_features": max_features}
        self.vectorizers: dict[str, Any] = {}

    def _vectorizer(self, **settings: Any) -> Any:
        return CountVectorizer(dtype=np.float64, **settings)

    def fit(self, texts: Sequence[str], seed: int) -> None:
        """See `TextFeatures`; there is nothing random in it."""
        for analyzer, ends in self.ngrams.items():
            vectorizer = self._vectorizer(analyzer=analyzer, ngram_range=tuple(ends), **self.limits)
            try:
                self.vectorizers[analyzer] = vectorizer.fit(texts)
            except ValueError as error:
                limit = f"features.min_df={self.limits['min_df']}"
                raise UserError(
                    f"{limit}: no n-gram of {_KINDS[analyzer]} is in so many of the {len(texts)} training texts"
                ) from error

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """See `TextFeatures`: the columns are those of `ngram_columns`."""
        parts = [vectorizer.transform(texts) for vectorizer in self.vectorizers.values()]
        features: sparse.csr_matrix = sparse.hstack(parts, format="csr")
        features.sort_indices()  # now: liblinear would do so in place, in several threads at once
        return features

    def ngram_columns(self) -> list[Ngram]:
        """The n-gram of each column (F,)."""
        return [
            Ngram(_KINDS[analyzer], text if analyzer == "word" else _shown(text))
            for analyzer, vectorizer in self.vectorizers.items()
            for text in vectorizer.get_feature_names_out()
        ]

    @property
    def size(self) -> int:
        """See `TextFeatures`: counts are not weighted by anything learnt."""
        return 0

    def save(self, folder: Path) -> None:
        """See `TextFeatures`."""
        write_json(
            folder / "vocabulary.json",
            {name: vectorizer.get_feature_names_out().tolist() for name, vectorizer in self.vectorizers.items()},
        )

    def load(self, folder: Path) -> None:
        """See `TextFeatures`."""
        file = folder / "vocabulary.json"
        require_model_file(file)
        for analyzer, vocabulary in json.loads(file.read_text(encoding="utf-8")).items():
            ends = tuple(self.ngrams[analyzer])
            self.vectorizers[analyzer] = self._vectorizer(analyzer=analyzer, ngram_range=ends, vocabulary=vocabulary)


class Tfidf(BagOfWords):
    """The same counts times ln((1 + N) / (1 + n)) + 1, n of N training texts having the n-gram; each kind of length 1.

    Args:
        tokens: see `BagOfWords`, as the next four.
        word_ngrams: shortest and longest.
        char_ngrams: shortest and longest.
        min_df: least training texts.
        max_features: most n-grams.
        sublinear_tf: 1 + ln(count) instead of the count.
    """

    def __init__(
        self,
        tokens: str,
        word_ngrams: Sequence[int],
        char_ngrams: Sequence[int] | None,
        min_df: int,
        max_features: int | None,
        sublinear_tf: bool,
    ) -> None:
        super().__init__(tokens, word_ngrams, char_ngrams, min_df, max_features)
        self.sublinear_tf = sublinear_tf

    def _vectorizer(self, **settings: Any) -> Any:
        return TfidfVectorizer(dtype=np.float64, sublinear_tf=self.sublinear_tf, **settings)

    @property
    def size(self) -> int:
        """See `TextFeatures`: a weight for each n-gram."""
        return sum(len(vectorizer.idf_) for vectorizer in self.vectorizers.values())

    def save(self, folder: Path) -> None:
        """See `TextFeatures`."""
        super().save(folder)
        save_arrays(folder / "idf.npz", {name: vectorizer.idf_ for name, vectorizer in self.vectorizers.items()})

    def load(self, folder: Path) -> None:
        """See `TextFeatures`."""
        super().load(folder)
        idf: dict[str, npt.NDArray[np.float64]] = load_arrays(folder / "idf.npz")
        for name, vectorizer in self.vectorizers.items():
            vectorizer.idf_ = idf[name]


def _shown(characters: str) -> str:
    """Characters with `…` for the rest of the word, and without the blanks that mark its ends.

    Example:
        >>> _shown(" spa"), _shown("pace "), _shown("pac")
        ('spa…', '…pace', '…pac…')
    """
    before = "" if characters.startswith(" ") else "…"
    after = "" if characters.endswith(" ") else "…"
    return f"{before}{characters.strip()}{after}"
