"""What lemmatisation finds in a text: sentences of tokens, from which the text can be put together again exactly."""

from dataclasses import dataclass
from typing import NamedTuple


class Token(NamedTuple):
    """A word or mark of a text; a tuple, because a corpus holds ten million of them.

    Attributes:
        form: as it stands in the text.
        lemma: its dictionary form; proper nouns and marks keep their own.
        upos: part of speech of Universal Dependencies.
        xpos: tag of the Penn Treebank, or of the spaCy model.
        space_after: the white space up to the next token.
    """

    form: str
    lemma: str
    upos: str
    xpos: str
    space_after: str = " "


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens of a sentence."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The sentence on one line: any white space inside as one space, none at the ends.

        Example:
            >>> Sentence((Token("It", "it", "PRON", "PRP"), Token("rains", "rain", "VERB", "VBZ", ""))).text
            'It rains'
        """
        return "".join([form + " " if space else form for form, _, _, _, space in self.tokens]).rstrip(" ")


@dataclass(frozen=True, slots=True)
class Document:
    """A film's description.

    Attributes:
        id: the film's movie_id.
        genres: its genres.
        sentences: none where the text holds nothing but white space.
        space_before: the white space before the first token.
    """

    id: str
    genres: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    space_before: str = ""

    @property
    def text(self) -> str:
        """The text that was analysed, exactly."""
        tokens = [token.form + token.space_after for sentence in self.sentences for token in sentence.tokens]
        return self.space_before + "".join(tokens)
