"""Repairs of descriptions: characters, entities, tails that name a source. Each maps a text to a text."""

import html
import re

import ftfy
import pandas as pd

from genre.imdb.matching import matching

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre|q|s|script|small|span|"
    r"strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# what tells where a text comes from, at its end: in brackets, after a sentence, or as a link to more of it
_SOURCE_WORDS = r"(?:synopsis|summary|description|plot|text|source|excerpt|taken|courtesy|review)"
_TAILS = re.compile(
    r"\s*(?:"
    rf"\[[^\[\]]{{0,20}}\b(?:{_SOURCE_WORDS}|from|written|www|http)\b[^\[\]]{{0,150}}\]"
    rf"|\(\s*(?:{_SOURCE_WORDS}|written)\b(?: \w+)? (?:by|from|of|to)\b[^()]{{0,100}}\)"
    rf"|(?<=[.!?…])\s*(?:[-–—~]+\s*)?(?:{_SOURCE_WORDS}|written)(?: \w+)? (?:by|from|courtesy of)\b:?"
    r"\s[^.!?<{]{2,100}(?:[<{]\S+@\S+[>}])?[.!?]?"
    r"|(?<=[.!?…])\s*(?:source|written by|tags?|keywords)\s*:\s[^.!?]{2,200}[.!?]?"
    r"|(?<=[.!?\"')])\s*[-–—]+\s*[\w. '’-]{2,40}\s*[<{]\S+@\S+[>}]"
    r"|(?:\.\.\.|…)?\s*<(?:more|read more|see more)>"
    r"|(?:\.\.\.|…)\s*\(?(?:read|see|show|view) more\)?\.?"
    r"|(?<=[\s.!?])©.{0,60}"
    r")\s*$",
    re.IGNORECASE,
)
_MAY_BE_TAIL = (
    rf"(?:{_SOURCE_WORDS}|written|tags?|keywords)\b[^.!?]*(?::|\b(?:by|from|of|to)\b)[^.!?]*[.!?]?\s*$"
    r"|[\])>}]\s*$|more\W*$|©"
)
# printable ASCII in words with single spaces between them: nothing to repair
_PLAIN = r"[!-~]+(?: [!-~]+)*"
# wrong encodings leave two neighbours outside of ASCII, or one of these; the rest are controls, ligatures, full-width
# and combining characters. IMDb's "See full summary\xa0»" is none of that, and frequent
_SUSPICIOUS = re.compile(
    r"[^\x00-\x7f\xa0»][^\x00-\x7f]|[^\x00-\x7f][^\x00-\x7f\xa0»]|[\x00-\x08\x0e-\x1b\x7f-\x9fÂÃâï\xad\ufb00-\ufb06\uff00-\uffef"
    r"\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\ud800-\udfff]"
)
_FTFY = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, explain=False)


def repair_unicode(text: str) -> str:
    """Wrong encodings undone, control characters gone, one form of each character, white space as single spaces."""
    if _SUSPICIOUS.search(text):
        text = ftfy.fix_text(text, _FTFY)
    return " ".join(text.split())


def repair_html(text: str) -> str:
    """Entities as the characters that they stand for, tags as spaces.

    Example:
        >>> repair_html("A king &amp; his<br/>sons")
        'A king & his sons'
    """
    return " ".join(_TAG.sub(" ", _ENTITY.sub(lambda found: html.unescape(found[0]), text)).split())


def remove_source_tail(text: str) -> str:
    """The text without "Written by ...", "[Synopsis from ...]", "Tags : ..." or "...<more>" at its end.

    Example:
        >>> remove_source_tail("A king dies. [Synopsis from the publisher]")
        'A king dies.'
    """
    return _TAILS.sub("", text)


def worth_repairing_unicode(texts: pd.Series) -> pd.Series:
    """Which texts hold anything but printable ASCII with single spaces."""
    return ~matching(texts, f"^(?:{_PLAIN})?$")


def worth_repairing_html(texts: pd.Series) -> pd.Series:
    """Which texts may hold an entity or a tag."""
    return matching(texts, "[&<]")


def worth_removing_source_tail(texts: pd.Series) -> pd.Series:
    """Which texts may end in a source."""
    return matching(texts.str.lower(), _MAY_BE_TAIL)
