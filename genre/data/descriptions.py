"""Which descriptions are none: placeholders and texts that IMDb cut off."""

import re

import pandas as pd

_SUBJECT = (
    r"(?:the |a )?(?:film'?s? |movie'?s? |story )?"
    r"(?:plot|story ?line|story|synopsis|details?|description|logline|premise)s?"
)
_FILLER = (
    r"(?:is|are|was|has|have|been|being|be|kept|held|remains?|currently|still|yet|to|as|of|at|this|the|present|time|moment|"
    r"now|for|and|details?|outline|very|not|a)"
)
_NOTHING = (
    r"(?:unknown|under wraps|wraps|undisclosed|undetermined|confidential|secret|unavailable|available|announced|"
    r"revealed|released|disclosed|known|determined|tba|tbd|tbc|n/?a|none|coming soon|to come)"
)
_PLACEHOLDER = re.compile(
    rf"(?:add a plot|{_NOTHING}|(?:no )?{_SUBJECT}(?:[\s,:;-]+(?:{_FILLER}|{_NOTHING}))*[\s,:;-]+{_NOTHING}"
    rf"(?:[\s,:;-]+{_FILLER})*|(?:kept )?under wraps|no (?:plot|description|synopsis))[\s.!…]*",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*\.\.\.\s*See full (?:summary|synopsis)\s*»?\s*$", re.IGNORECASE)


def is_placeholder(descriptions: pd.Series) -> pd.Series:
    """Which texts say nothing of the film: empty, "Add a Plot", "Plot under wraps." and the like."""
    stripped = descriptions.str.strip()
    return (stripped == "") | stripped.str.fullmatch(_PLACEHOLDER)


def is_cut(descriptions: pd.Series) -> pd.Series:
    """Which texts end in "... See full summary": IMDb's list pages show the beginning only."""
    return descriptions.str.contains(_CUT)


def tidy(descriptions: pd.Series) -> pd.Series:
    """White space of every kind as single spaces, none at the ends."""
    return descriptions.str.replace(r"\s+", " ", regex=True).str.strip()
