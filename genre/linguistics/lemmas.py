"""Words to their dictionary forms, by LemmInflect, which carries its data."""

from functools import lru_cache

import lemminflect

from genre.linguistics.words import CACHE_SIZE

# the tags of forms that are no dictionary forms
_INFLECTED = {"JJR", "JJS", "NNS", "RBR", "RBS", "VBD", "VBG", "VBN", "VBP", "VBZ"}
# what contractions, an article and a pronoun stand for, whatever their tag
_SHORT = {
    "'m": "be",
    "'re": "be",
    "'ve": "have",
    "'ll": "will",
    "an": "a",
    "ca": "can",
    "i": "I",
    "n't": "not",
    "sha": "shall",
    "wo": "will",
}


@lru_cache(maxsize=CACHE_SIZE)
def dictionary_form(word: str, xpos: str, upos: str) -> str:
    """The lemma of a word with this Penn tag and part of speech; proper nouns keep their form.

    Example:
        >>> dictionary_form("Wives", "NNS", "NOUN"), dictionary_form("better", "JJR", "ADJ")
        ('wife', 'good')
    """
    if upos == "PROPN":
        return word
    lower = word.lower()
    if lower in _SHORT:
        return _SHORT[lower]
    if xpos not in _INFLECTED or any(map(str.isdigit, word)):
        return lower
    found = lemminflect.getLemma(lower, "VERB" if upos == "AUX" else upos)
    return found[0] if found and found[0] else lower


@lru_cache(maxsize=CACHE_SIZE)
def is_verb(word: str) -> bool:
    """Whether it is a form of a verb that the dictionary holds."""
    return bool(lemminflect.getAllLemmas(word, "VERB"))
