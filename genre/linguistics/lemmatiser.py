"""What every lemmatiser does, and what those that tag words one sentence at a time have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from nltk.tokenize.punkt import PunktSentenceTokenizer

from genre.linguistics.document import Sentence, Token
from genre.linguistics.sentences import split_sentences
from genre.linguistics.universal import universal
from genre.linguistics.words import split_words


class Lemmatiser(ABC):
    """Finds sentences, words, parts of speech and lemmas.

    Pickled, it is its settings: a process that unpickles it loads its data, the first time.

    Args:
        settings: that make it again.
    """

    def __init__(self, *settings: str) -> None:
        self._settings = settings

    def __reduce__(self) -> tuple[Callable[..., "Lemmatiser"], tuple[object, ...]]:
        return _load, (type(self), *self._settings)

    @abstractmethod
    def describe(self) -> dict[str, str]:
        """Its name and the versions of what it uses, for the record of what made a file."""

    @abstractmethod
    def analyse(self, texts: Iterable[str]) -> Iterator[tuple[Sentence, ...]]:
        """The sentences of each text; their tokens hold all of it but the white space before the first."""


@cache
def _load(kind: type[Lemmatiser], *settings: str) -> Lemmatiser:
    return kind(*settings)


class PennLemmatiser(Lemmatiser):
    """NLTK's word tokeniser, a tagger of Penn's tags, and lemmas by word and tag."""

    punkt: PunktSentenceTokenizer

    @abstractmethod
    def tag(self, words: list[str]) -> list[str]:
        """Penn tags of a sentence's words."""

    @abstractmethod
    def lemma(self, word: str, xpos: str, upos: str) -> str:
        """Dictionary form of a word."""

    def analyse(self, texts: Iterable[str]) -> Iterator[tuple[Sentence, ...]]:
        """See `Lemmatiser`."""
        for text in texts:
            yield tuple(map(self._analyse_sentence, split_sentences(text, self.punkt)))

    def _analyse_sentence(self, sentence: str) -> Sentence:
        forms, words, spaces = split_words(sentence)
        xpos = self.tag(words)
        upos = universal(words, xpos)
        lemmas = [
            form if part == "PUNCT" or part == "SYM" else self.lemma(word, tag, part)
            for form, word, tag, part in zip(forms, words, xpos, upos, strict=True)
        ]
        return Sentence(tuple(map(Token, forms, lemmas, upos, xpos, spaces)))
