"""Descriptions that are no text: gibberish, addresses, numbers."""

import re

import pandas as pd

from genre.imdb.matching import matching

# two of these words make a text English prose, which is most of them: no need to look further
_PROSE_WORD = r"\b(?:a|an|and|as|at|by|for|from|his|her|he|in|is|it|of|on|that|the|their|this|to|who|with)\b"
_PROSE = rf"(?i){_PROSE_WORD} [a-z].* {_PROSE_WORD} [a-z]"
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|#\w+|@\w+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ")


def is_nonsense(descriptions: pd.Series) -> pd.Series:
    """Which descriptions hold no statement in any language.

    They have too few letters, fewer than two different words, one word over and over, or mostly words that nobody could
    say. Texts in scripts without spaces or without written vowels are judged by their letters alone.
    """
    unclear = descriptions[~matching(descriptions, _PROSE)].unique()
    return descriptions.isin([text for text in unclear if _is_nonsense(text)])


def _is_nonsense(text: str) -> bool:
    text = _ADDRESS.sub(" ", text)
    characters = sum(not character.isspace() for character in text)
    letters = sum(map(str.isalpha, text))
    if (letters < 4 and text.isascii()) or letters < 2 or letters < characters / 3:
        return True
    if sum("a" <= character.lower() <= "z" for character in text) < letters / 2:
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    different = set(words)
    if len(different) < 2 or len(different) < len(words) / 4:
        return True
    latin = [word for word in different if len(word) > 3 and word.isascii()]
    unspeakable = sum(not _VOWELS.intersection(word) or len(set(word)) == 1 or len(word) > 35 for word in latin)
    return unspeakable > len(latin) / 2
