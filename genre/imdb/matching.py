"""Looking for a pattern in many texts at once."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# what a spreadsheet would compute or run, in the syntax of RE2 and of Python; no film's name or description begins so
FORMULA = (
    r"^\s*(?:=\s*[A-Za-z.]+\(|[+@-][A-Z]{2,}\(|[=+@-][A-Za-z]+\||=\s*[-+@\d\"'({]|[=+@-].*\|.*![A-Za-z$]|"
    r"[+@-]\s*(?i:hyperlink|webservice|import[a-z]+|cmd|dde|call|exec)\s*\()"
)


def matching(texts: pd.Series, pattern: str) -> pd.Series:
    """Which texts hold the pattern, in the syntax of RE2 (no look-around).

    The same as `texts.str.contains(pattern)`, for which pandas takes Python's `re` wherever a pattern may be read
    differently by the two: Arrow's RE2 is about twenty times as fast on short texts.
    """
    found = pc.match_substring_regex(pa.array(texts, type=pa.large_string(), from_pandas=True), pattern)
    return pd.Series(found.to_numpy(zero_copy_only=False).astype(bool), index=texts.index)
