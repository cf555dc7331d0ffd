"""What the n-grams of a text add to a linear model's log odds, word by word: exact."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy.special import expit

from genre.config import instantiate
from genre.models.baselines import BagOfWords, LinearModel
from genre.use.baseline import BaselineModel
from genre.use.explain.explanation import Attribution, Span

Pieces = list[tuple[str, int]]  # what the features read, each with the number of its word
Found = Iterator[tuple[str, list[int]]]  # n-grams, each with the numbers of its words


def is_linear(scorer: Any) -> bool:
    """Whether a model's log odds are a weighted sum of n-grams."""
    return (
        isinstance(scorer, BaselineModel)
        and isinstance(scorer.features, BagOfWords)
        and isinstance(scorer.model, LinearModel)
    )


def linear_parts(scorer: BaselineModel, text: str, chunks: Sequence[Span]) -> Attribution:
    """What each word adds to the log odds of each of L labels.

    An n-gram adds its weight times its value in this text. Its occurrences have equal parts of that, and the words of
    an occurrence equal parts again, so that the words' weights and the intercept add up to the log odds. The length
    that TF-IDF divides by is taken as this text has it.

    Args:
        scorer: a model for which `is_linear` holds.
        text: as it reads it.
        chunks: its W words with their marks.
    """
    features, model = scorer.features, scorer.model
    assert isinstance(features, BagOfWords)
    assert isinstance(model, LinearModel)
    pieces = _pieces(scorer, text, chunks)
    values = features.transform([" ".join(piece for piece, _ in pieces)]).tocoo()
    added = values.data[:, None] * model.weights.T[values.col].astype(np.float64)  # (F, L), of the n-grams in the text
    row_of = {column: row for row, column in enumerate(values.col.tolist())}
    occurrences = defaultdict(list)
    for column, words in _occurrences(features, pieces):
        occurrences[row_of[column]].append(words)
    weights = np.zeros((len(chunks), model.weights.shape[0]))
    for row, places in occurrences.items():
        for words in places:
            for word in words:
                weights[word] += added[row] / (len(places) * len(words))
    scores = model.scores(values.tocsr())[0]
    difference = scores - model.intercepts
    error = np.abs(weights.sum(axis=0) - difference)
    return Attribution(weights, expit(scores), expit(scores - difference), error)


def _pieces(scorer: BaselineModel, text: str, chunks: Sequence[Span]) -> Pieces:
    """The words themselves, or their lemmas."""
    if scorer.cfg.features.tokens == "words":
        return [(text[start:end], number) for number, (start, end) in enumerate(chunks)]
    (sentences,) = instantiate(scorer.cfg.lemmatiser).analyse([text])
    pieces = []
    word, end = 0, len(text) - len(text.lstrip())
    for token in (token for sentence in sentences for token in sentence.tokens):
        while chunks[word][1] <= end:
            word += 1
        pieces.append((token.lemma, word))
        end += len(token.form) + len(token.space_after)
    return pieces


def _occurrences(features: BagOfWords, pieces: Pieces) -> Iterator[tuple[int, list[int]]]:
    """Column and words of each n-gram that the features know."""
    first = 0
    for analyzer, vectorizer in features.vectorizers.items():
        found = _word_ngrams(vectorizer, pieces) if analyzer == "word" else _character_ngrams(vectorizer, pieces)
        for ngram, words in found:
            column = vectorizer.vocabulary_.get(ngram)
            if column is not None:
                yield first + column, words
        first += len(vectorizer.vocabulary_)


def _word_ngrams(vectorizer: Any, pieces: Pieces) -> Found:
    """As scikit-learn's `word` analyser: its tokens hold no white space, so that each piece can be cut by itself."""
    prepare, cut = vectorizer.build_preprocessor(), vectorizer.build_tokenizer()
    tokens = [(token, word) for piece, word in pieces for token in cut(prepare(piece))]
    shortest, longest = vectorizer.ngram_range
    for length in range(shortest, longest + 1):
        for start in range(len(tokens) - length + 1):
            names, words = zip(*tokens[start : start + length], strict=True)
            yield " ".join(names), list(words)


def _character_ngrams(vectorizer: Any, pieces: Pieces) -> Found:
    """As its `char_wb`: n-grams within what stands between white space."""
    analyse = vectorizer.build_analyzer()
    return ((ngram, [word]) for piece, word in pieces for ngram in analyse(piece))
