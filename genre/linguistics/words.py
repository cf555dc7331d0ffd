"""A sentence to words: NLTK's word tokeniser, which never loses a character here and tokenises each string once."""

import re
from functools import lru_cache
from typing import NamedTuple

from nltk.tokenize import NLTKWordTokenizer

CACHE_SIZE = 1 << 18  # strings remembered: more than the words of all descriptions that stand there twice

_tokeniser = NLTKWordTokenizer()
_CHUNK = re.compile(r"(\S+)(\s*)")
# most chunks are a word with at most one mark behind it, and no contraction that NLTK splits
_PLAIN = re.compile(r"([^\W\d_]+)([,;?!])?")
_CONTRACTIONS = {"cannot", "gimme", "gonna", "gotta", "lemme", "wanna"}
_CLOSERS = "])}>\"'»”’"
_QUOTES = ("``", "''")


class Words(NamedTuple):
    """Words of a sentence, in three lists of one length.

    Attributes:
        forms: as they stand in the text.
        words: as NLTK writes them, with `` and '' for quotation marks, and straight apostrophes.
        spaces: the white space after each.
    """

    forms: list[str]
    words: list[str]
    spaces: list[str]


def split_words(sentence: str) -> Words:
    """The words of a sentence that begins with one; forms and spaces together are the sentence exactly.

    NLTK looks beyond a chunk between white space only for the full stop that ends a sentence, so each distinct chunk
    is tokenised once, and once more as the end of a sentence.

    Example:
        >>> split_words("He can't  go.").forms
        ['He', 'ca', "n't", 'go', '.']
    """
    chunks = _CHUNK.findall(sentence)
    last = len(chunks) - 1
    while last > 0 and not chunks[last][0].strip(_CLOSERS):  # brackets and quotes may stand apart behind the stop
        last -= 1
    found = [_pieces(chunk, number == last) for number, (chunk, _) in enumerate(chunks)]
    return Words(
        [form for forms, _, _ in found for form in forms],
        [word for _, words, _ in found for word in words],
        [space for (_, _, glue), (_, after) in zip(found, chunks, strict=True) for space in (*glue, after)],
    )


@lru_cache(maxsize=CACHE_SIZE)
def _pieces(chunk: str, ends_sentence: bool) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Forms and words of a text without white space, and the nothing between them."""
    plain = _PLAIN.fullmatch(chunk)
    if plain and plain[1].lower() not in _CONTRACTIONS:
        pieces = tuple(piece for piece in plain.groups() if piece)
        return pieces, pieces, ("",) * (len(pieces) - 1)
    straight = chunk.replace("’", "'")  # else NLTK takes an apostrophe for a closing quotation mark
    words = _tokeniser.tokenize(straight if ends_sentence else f"{straight} x")
    if not ends_sentence:
        words.pop()
    forms = []
    start = 0
    for word in words:
        # NLTK writes a double quotation mark as two characters
        length = 1 if word in _QUOTES and chunk[start] == '"' else len(word)
        forms.append(chunk[start : start + length])
        start += length
    return tuple(forms), tuple(words), ("",) * (len(forms) - 1)
