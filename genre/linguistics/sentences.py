"""A text to sentences: NLTK's Punkt, with abbreviations given by hand, because a trained model needs a download."""

import re
from functools import cache
from itertools import pairwise, product
from string import ascii_lowercase

from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

_ABBREVIATIONS = """
mr mrs ms messrs mme mlle dr prof rev fr sr jr st ste hon pres gov sen rep amb capt cpt cmdr col gen lt maj sgt cpl pvt
adm det insp supt esq mt ft ave blvd rd no nos vol vs v etc al cf ca approx dept univ inc ltd co corp bros est
 u.s.a u.s.s.r ph.d a.k.a jan feb mar apr aug sept oct nov dec
""".split()
# words that rarely follow an abbreviation inside a sentence: with a capital letter they begin a new one
_STARTERS = """
a after an and as at before but by during each every for from he her his how however i if in it its later meanwhile my
now on one only our she since so soon that the their then there these they this those though three two until we what
when where while who why will with you your
""".split()
_WORD = re.compile(r"\S")
# where a sentence may end inside a text; most texts have no such place, and Punkt takes its time to find that out
_END_INSIDE = re.compile(r"[.?!][^\s\w]*\s+\S")
_GOES_ON = re.compile(r"[?!][^\s\w]*\s+(?=[a-z])")  # "Who are you?" she asks.


@cache
def given_punkt() -> PunktSentenceTokenizer:
    """Punkt with these abbreviations."""
    parameters = PunktParameters()
    parameters.abbrev_types.update(_ABBREVIATIONS)
    # e.g., p.m., U.S., initials; Punkt knows single letters itself
    parameters.abbrev_types.update(map(".".join, product(ascii_lowercase, repeat=2)))
    parameters.sent_starters.update(_STARTERS)
    return PunktSentenceTokenizer(parameters)


def split_sentences(text: str, punkt: PunktSentenceTokenizer) -> list[str]:
    """The sentences of a text, each with the white space behind it; what precedes the first word is left out.

    Example:
        >>> split_sentences("Mr. Vane hides. Why?", given_punkt())
        ['Mr. Vane hides. ', 'Why?']
    """
    spans = [*punkt.span_tokenize(text)] if _END_INSIDE.search(text) else []
    # Punkt leaves out the white space between sentences, and does not know all of it
    found = [_WORD.search(text, start) for start, _ in [(0, 0), *spans]]
    starts = sorted({word.start() for word in found if word})
    goes_on = {found.end() for found in _GOES_ON.finditer(text)}
    return [text[start:end] for start, end in pairwise([*(s for s in starts if s not in goes_on), len(text)])]
