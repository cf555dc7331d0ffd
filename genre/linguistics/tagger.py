"""Penn tags without a download: the lexicon and the context rules of Brill's tagger that TextBlob carries.

TextBlob's own tagger looks each word up and stops there. The context rules lie in the package too; applied as Brill
(1992) describes, they halve its errors on descriptions.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from itertools import repeat
from typing import NamedTuple

from textblob.en import lexicon, parser

from genre.linguistics.lemmas import is_verb
from genre.linguistics.universal import UPOS
from genre.linguistics.words import CACHE_SIZE

_EDGE = ["STAART"] * 3  # the rules' mark for what lies beyond a sentence
_MARKS = {
    **dict.fromkeys(".?!", "."),
    **dict.fromkeys([",", "،", "、"], ","),
    **dict.fromkeys(["(", "[", "{", "<"], "-LRB-"),
    **dict.fromkeys([")", "]", "}", ">"], "-RRB-"),
    **dict.fromkeys(["``", "`", "“", "„", "«", "‘"], "``"),
    **dict.fromkeys(["''", "'", '"', "”", "»", "’"], "''"),
    **dict.fromkeys("$£€¥", "$"),
    "#": "#",
    "&": "CC",
}
_PAUSE = re.compile(r"[-:;/‐-―….]+")
_FIRST_WORDS = {"JJ", "VBG", "VBN", "VBZ"}

# a sentence's tags are a string with one (Latin-1) character for each: most rules then are replacements in a string
_CODES = {tag: chr(0xC0 + number) for number, tag in enumerate([*UPOS, "STAART"])}
# no plural but what a single person does: behind one noun, before what no noun begins
_ACT = re.compile("(?<=[{NN}{NNP}]){NNS}(?=[{DT}{IN}{PRP}{PRP$}{TO}])".format(**_CODES))
_TAGS = {code: tag for tag, code in _CODES.items()}
_EDGE = ["STAART"] * 3  # the rules' mark for what lies beyond a sentence
_EDGE_CODES = _CODES["STAART"] * 3

# rules about tags: what is replaced, and by what; o and n are the old and the new tag, x and y the rule's values
_REPLACED = {
    "prevtag": ("{x}{o}", "{x}{n}"),
    "nexttag": ("{o}{x}", "{n}{x}"),
    "surroundtag": ("{x}{o}{y}", "{x}{n}{y}"),
    "prevbigram": ("{x}{y}{o}", "{x}{y}{n}"),
    "nextbigram": ("{o}{x}{y}", "{n}{x}{y}"),
}
_PATTERNS = {
    "prev2tag": "(?<={x}.){o}",
    "next2tag": "{o}(?=.{x})",
    "prev1or2tag": "(?<={x}){o}|(?<={x}.){o}",
    "next1or2tag": "{o}(?=.?{x})",
    "prev1or2or3tag": "(?<={x}){o}|(?<={x}.){o}|(?<={x}..){o}",
}
# rules about words: which of the values are words, and what must hold at place i of the tags t and the words w
_Condition = Callable[[str, list[str], int, str, str], bool]
_CONDITIONS: dict[str, tuple[str, _Condition]] = {
    "curwd": ("x", lambda t, w, i, x, y: w[i] == x),
    "prevwd": ("x", lambda t, w, i, x, y: w[i - 1] == x),
    "nextwd": ("x", lambda t, w, i, x, y: w[i + 1] == x),
    "prev1or2wd": ("x", lambda t, w, i, x, y: x in w[i - 2 : i]),
    "lbigram": ("xy", lambda t, w, i, x, y: w[i - 1] == x and w[i] == y),
    "rbigram": ("xy", lambda t, w, i, x, y: w[i] == x and w[i + 1] == y),
    "wdand2aft": ("xy", lambda t, w, i, x, y: w[i] == x and w[i + 2] == y),
    "wdnexttag": ("x", lambda t, w, i, x, y: w[i] == x and t[i + 1] == y),
    "wdand2tagaft": ("x", lambda t, w, i, x, y: w[i] == x and t[i + 2] == y),
    "wdprevtag": ("y", lambda t, w, i, x, y: w[i] == y and t[i - 1] == x),
    "wdand2tagbfr": ("y", lambda t, w, i, x, y: w[i] == y and t[i - 2] == x),
}


def tag(words: list[str]) -> list[str]:
    """Penn tags of a sentence's words, as `split_words` writes them.

    Example:
        >>> tag(["She", "wants", "to", "march", "."])
        ['PRP', 'VBZ', 'TO', 'VB', '.']
    """
    first = [True, *repeat(False, len(words) - 1)]
    t = _EDGE_CODES + "".join(map(_likeliest_code, words, first)) + _EDGE_CODES
    w = [*_EDGE, *words, *_EDGE]
    here = set(w)
    for before, after, word, change in _rules():
        if before in t:
            if change is None:
                t = t.replace(before, after)
            elif word is None or word in here:
                t = change(t, w)
    # one more, for the language of plots: "A stranger rents the room"
    t = _ACT.sub(lambda found: _CODES["VBZ" if _is_act(w, found.start()) else "NNS"], t)
    return [_TAGS[code] for code in t[len(_EDGE) : -len(_EDGE)]]


def _is_act(w: list[str], i: int) -> bool:
    return w[i].islower() and w[i + 1] != "of" and is_verb(w[i])


class _Rule(NamedTuple):
    """What a sentence's tags must hold for a rule to be tried, and what becomes of it.

    Attributes:
        before: tags that are there.
        after: what replaces them, unless there is more to ask.
        word: that must be there too, if any.
        change: tags and words to new tags, where replacing is not all.
    """

    before: str
    after: str
    word: str | None = None
    change: Callable[[str, list[str]], str] | None = None


@cache
def _rules() -> list[_Rule]:
    """Brill's rules in their order."""
    with _unclosed_files():
        lines = list(lexicon.context)
    rules = []
    for old, new, written_kind, *values in lines:
        if old not in _CODES:  # five rules about words of any tag, which their lexicon entry has anyway
            continue
        kind = written_kind.lower()
        are_words, condition = _CONDITIONS.get(kind, ("", None))
        o, n = _CODES[old], _CODES[new]
        x, y = (
            value if name in are_words else _CODES.get(value, "")
            for name, value in zip("xy", [*values, ""], strict=False)
        )
        if condition:
            change = partial(_change_words, condition=condition, o=o, n=n, x=x, y=y)
            rules.append(_Rule(o, n, x if "x" in are_words else y, change))
        elif kind in _REPLACED:
            before, after = (side.format(o=o, n=n, x=x, y=y) for side in _REPLACED[kind])
            rules.append(_Rule(before, after))
        else:
            rules.append(_Rule(o, n, None, partial(_change_tags, re.compile(_PATTERNS[kind].format(o=o, x=x)), n)))
    return rules


def _change_tags(pattern: re.Pattern[str], n: str, t: str, w: list[str]) -> str:
    return pattern.sub(n, t)


def _change_words(t: str, w: list[str], *, condition: _Condition, o: str, n: str, x: str, y: str) -> str:
    i = t.find(o)
    while i != -1:
        if condition(t, w, i, x, y):
            t = f"{t[:i]}{n}{t[i + 1 :]}"
        i = t.find(o, i + 1)
    return t


@cache
def _lexicon() -> dict[str, str]:
    """The likeliest tag of each word."""
    with _unclosed_files():
        return dict(lexicon.items())


@contextmanager
def _unclosed_files() -> Iterator[None]:
    """TextBlob leaves the files that it reads to the garbage collector, which Python warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def _likeliest(word: str, first: bool) -> str:
    """The tag that a word has most often; unknown words are judged by their shape."""
    if word in _MARKS:
        return _MARKS[word]
    if not any(map(str.isalnum, word)):
        return ":" if _PAUSE.fullmatch(word) else "SYM"
    known = _lexicon()
    lower = known.get(word.lower(), "")
    if first and lower in _FIRST_WORDS:  # "Young" is a name elsewhere
        return lower
    found = known.get(word) or (lower if first else "")
    if not found:
        found = "NNP" if word[0].isupper() else parser.find_tags(["", word])[1][1]
    # the lexicon gives some words several tags, and a few others none of Penn's
    found = found.partition("|")[0]
    return found if found in UPOS else "NN"


@lru_cache(maxsize=CACHE_SIZE)
def _likeliest_code(word: str, first: bool) -> str:
    return _CODES[_likeliest(word, first)]
