"""From Penn Treebank tags to the parts of speech of Universal Dependencies, as UD's English treebanks have them."""

from collections.abc import Sequence

UPOS = {
    "CC": "CCONJ",
    "CD": "NUM",
    "DT": "DET",
    "EX": "PRON",
    "FW": "X",
    "IN": "ADP",
    "JJ": "ADJ",
    "JJR": "ADJ",
    "JJS": "ADJ",
    "LS": "X",
    "MD": "AUX",
    "NN": "NOUN",
    "NNS": "NOUN",
    "NNP": "PROPN",
    "NNPS": "PROPN",
    "PDT": "DET",
    "POS": "PART",
    "PRP": "PRON",
    "PRP$": "PRON",
    "RB": "ADV",
    "RBR": "ADV",
    "RBS": "ADV",
    "RP": "ADP",
    "SYM": "SYM",
    "TO": "PART",
    "UH": "INTJ",
    "VB": "VERB",
    "VBD": "VERB",
    "VBG": "VERB",
    "VBN": "VERB",
    "VBP": "VERB",
    "VBZ": "VERB",
    "WDT": "PRON",
    "WP": "PRON",
    "WP$": "PRON",
    "WRB": "ADV",
    "$": "SYM",
    "#": "SYM",
    "``": "PUNCT",
    "''": "PUNCT",
    "-LRB-": "PUNCT",
    "-RRB-": "PUNCT",
    ",": "PUNCT",
    ".": "PUNCT",
    ":": "PUNCT",
}
_BE = {"be", "am", "is", "are", "was", "were", "been", "being", "'s", "'re", "'m"}
_HAVE = {"have", "has", "had", "having", "'ve", "'d"}
_DO = {"do", "does", "did"}
_NOT = {"not", "n't"}
_CONJUNCTIONS = {"that", "if", "because", "while", "although", "though", "whether", "unless", "whereas", "lest"}
# words whose part of speech their tag alone does not tell
_SPECIAL = {
    spelling
    for word in _BE | _HAVE | _DO | _NOT | _CONJUNCTIONS | {"to"}
    for spelling in (word, word.capitalize(), word.upper())
}


def universal(words: Sequence[str], xpos: Sequence[str]) -> list[str]:
    """Parts of speech of a sentence's words.

    Penn has one tag for auxiliaries (she has gone, does go) and other verbs (has a dog, does nothing), for `to` before
    a verb and before a noun, and for prepositions and conjunctions.

    Example:
        >>> universal(["She", "has", "gone", "to", "sleep"], ["PRP", "VBZ", "VBN", "TO", "VB"])
        ['PRON', 'AUX', 'VERB', 'PART', 'VERB']
    """
    found = [UPOS[tag] for tag in xpos]
    for place, word in enumerate(words):
        if word in _SPECIAL:
            found[place] = _special(word.lower(), found[place], _next_tag(xpos, place))
    return found


def _next_tag(xpos: Sequence[str], place: int) -> str:
    """The first tag behind a word that is no adverb or pronoun: she has never gone, does he go, to boldly go."""
    return next((tag for tag in xpos[place + 1 :] if tag not in ("RB", "PRP")), "")


def _special(lower: str, upos: str, next_tag: str) -> str:
    if upos == "VERB":
        is_auxiliary = (
            lower in _BE
            or (lower in _HAVE and next_tag in ("VBN", "VBD"))
            or (lower in _DO and next_tag in ("VB", "VBP"))
        )
        return "AUX" if is_auxiliary else upos
    if lower == "to" and upos == "PART":
        return "PART" if next_tag.startswith("VB") else "ADP"
    if lower in _NOT and upos == "ADV":
        return "PART"
    return "SCONJ" if lower in _CONJUNCTIONS and upos == "ADP" else upos
