"""Descriptions that are none: placeholders in all their wordings, and texts that IMDb cut off."""

import re

import pandas as pd

from genre.imdb.matching import matching

# a sentence is a placeholder when it holds one of these states and every other word of it speaks of the
# production, none of the film: so each order and each wording is known without a list of wordings
_STATE = (
    r"under (?:\w+ )?wraps?\b|undisclosed|\bt\.?b\.?[adc]\b|coming soon|none available|being written|optioned|"
    r"to be (?:\w+ )?(?:announced|disclosed|determined|revealed|confirmed|released|added)|"
    r"not (?:yet )?(?:been )?(?:\w+ )?(?:available|disclosed|announced|revealed|released|known|determined)|"
    r"in '?(?:pre-?)?(?:development|production)|(?:production|project) .*under ?way"
)
# these say nothing of the film only beside a word such as plot
_WEAK_STATE = (
    r"unknow\w*|unavailable|secret|confidential|private|hidden|undetermined|unannounced|unreleased|pending|available|none|"
    r"no\b"
)
_SUBJECTS = frozenset(
    """plot plots plotline story storyline storylines synopsis synopses summary logline loglines details detail
    description outline premise""".split()
)
_OTHER_WORDS = _SUBJECTS | frozenset(
    """a about added although an and announced announcement any are as at author available be been before being biopic
    by closely coming complete completed completely completion confidential confirmed currently date determined
    development disclosed do does due english exact feature film film's films for full fully further had has have
    held hidden in info information is it it's its keep kept known later line lines moment more movie movie's movies
    n no none not now of official officially on once optioned or other plus point post pre preproduction present
    presently private process production project project's projects property publication publicly release released
    remain remaining remains revealed right rights screenplay script secret series since soon specific state status
    stay stays still strictly subject tba tbc tbd that the there this though tight tightly time times title to top
    totally unavailable under underway undetermined undisclosed unknown until version was way were when while will
    with wrap wraps writing written yet""".split()
)
# words in small letters without which no text holds a placeholder, for a quick look at many
_CANDIDATE = (
    r"add a plot|wrap|disclosed|to be |t\.?b\.?[adc]\b|coming soon|not (?:yet|been|available|announced|released|known)|"
    r"available|being written|development|production|under ?way|unknow|secret|confiden|private|hidden|undeterm|unannou|"
    r"unrelea|optioned|pending|no (?:plot|desc|syn|det)|^\W*(?:n\s?[./]?\s?a|none|nil|null)?\W*$"
)
_STATES = re.compile(_STATE, re.IGNORECASE)
_WEAK_STATES = re.compile(rf"\b(?:{_WEAK_STATE})", re.IGNORECASE)
_WORD = re.compile(r"[\w'’]+")
_NOTHING = re.compile(
    r"\W*(?:add a plot|n\s?[./]?\s?a|t\.?b\.?[acd]|none|nil|null|unknown|confidential)?\W*", re.IGNORECASE
)
# where one statement ends and another may begin: sentences, brackets, dashes, "..., but ..."
_STATEMENT_END = re.compile(r"(?<=[.!?;\])])[\s\"')]+(?=\S)|\s+[-–—]+\s+|\s*\((?=\S)|[,:]\s+|\s+(?=but\b|except\b)")
_CONNECTIVE = re.compile(
    r"(?:but|except|though|although|however|it is|it's|its|to say|that|said to be|is|and)\b[\s,:]*", re.I
)
# "Set in Rome, the plot details are under wraps": the clause at the end of a statement
_CLAUSE_AT_END = re.compile(
    r"[\s,;-]*\b(?:the )?(?:plot|storyline|logline|synopsis)(?: details?)?(?: (?:is|are|being|be|kept|still))*"
    r" (?:currently )?(?:under wraps?|undisclosed|unknown at this time)(?: at this time)?[.\s]*$",
    re.IGNORECASE,
)
_CUT = r"[\s\xa0]*(?:\.\.\.|…)[\s\xa0]*See full (?:summary|synopsis)[\s\xa0]*»?[\s\xa0]*$"
# a full stop after one letter or a title, or before a small letter, ends no sentence
_LAST_SENTENCE_END = re.compile(
    r".*\w[\w)\"'”’](?<!\b[DMS]r)(?<!\b[MS]t)(?<!\bMrs)(?<!\bSgt)(?<!\bLt)(?<!\bCol)(?<!\bGen)(?<!\bCapt)(?<!\bProf)[.!?][\"'”’)\]]*(?=\s+[^a-z\s]|$)",
    re.DOTALL,
)
# a statement with more words says something of the film
_LONGEST_PLACEHOLDER = 20


def without_placeholder(text: str) -> str:
    """The text without what says nothing of the film; empty if that is all there is.

    Example:
        >>> without_placeholder("Plot kept under wraps. Sequel to a heist film.")
        'Sequel to a heist film.'
        >>> without_placeholder("The storyline is not yet available.")
        ''
    """
    while not _NOTHING.fullmatch(text):
        start = 0
        for end in [*(found.end() for found in _STATEMENT_END.finditer(text)), len(text)]:
            if _says_nothing(text[start:end]):
                text = f"{text[:start].rstrip(' ,:;-–—(')} {_begun_anew(text[end:])}".strip()
                break
            start = end
        else:
            return _CLAUSE_AT_END.sub("", text).strip()
        if _speaks_of_production(text):
            break
    return ""


def _says_nothing(statement: str) -> bool:
    if not _speaks_of_production(statement):
        return False
    about_plot = not _SUBJECTS.isdisjoint(map(str.lower, _WORD.findall(statement)))
    return bool(_STATES.search(statement) or (about_plot and _WEAK_STATES.search(statement)))


def _speaks_of_production(statement: str) -> bool:
    """Whether the statement is short and none of its words is one of the film's own."""
    for number, found in enumerate(_WORD.finditer(statement), start=1):
        word = found[0].lower().replace("’", "'").strip("'")
        if number > _LONGEST_PLACEHOLDER or not (word in _OTHER_WORDS or word.startswith("unknow")):
            return False
    return True


def _begun_anew(rest: str) -> str:
    """What follows a placeholder, as a text of its own: no connective before it, a capital first."""
    rest = rest.strip().lstrip(" .,:;-–—")
    while found := _CONNECTIVE.match(rest):
        rest = rest[found.end() :]
    if rest.endswith(")") and "(" not in rest:
        rest = rest[:-1]
    return rest[:1].upper() + rest[1:]


def may_hold_placeholder(descriptions: pd.Series) -> pd.Series:
    """Which texts are worth the slower look of `without_placeholder`; the others hold no placeholder."""
    return matching(descriptions.str.lower(), _CANDIDATE)


def is_placeholder(descriptions: pd.Series) -> pd.Series:
    """Which texts say nothing of the film: empty, "Add a Plot", "Plot under wraps." and the like."""
    candidates = descriptions[may_hold_placeholder(descriptions)].unique()
    return descriptions.isin([text for text in candidates if not without_placeholder(text)])


def is_cut(descriptions: pd.Series) -> pd.Series:
    """Which texts end in "... See full summary": IMDb's list pages show the beginning only."""
    return matching(descriptions, _CUT)


def whole_sentences(text: str) -> str:
    """A cut text up to the end of its last whole sentence; empty if there is none.

    Example:
        >>> whole_sentences("A king dies. His three sons ... See full summary »")
        'A king dies.'
    """
    found = _LAST_SENTENCE_END.match(re.sub(_CUT, "", text))
    return found[0] if found else ""
