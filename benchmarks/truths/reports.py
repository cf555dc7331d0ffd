"""A report of `scripts/explore.py` as it was written, and films as they are to be."""

import re
from pathlib import Path

import pandas as pd

from truths.documents import plain
from truths.pages import facts
from truths.raw import CUT, PLACEHOLDERS, Flags


class Report:
    """A report that was written.

    Args:
        folder: of it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        page = (folder / "report.html").read_text()
        self.facts = facts(page)
        parts = re.findall(r'<section id="(\w+)">(.*?)</section>', page, re.DOTALL)
        self.findings = {
            name: plain(re.findall(r'class="finding">(.*?)</p>', text, re.DOTALL)[0]) for name, text in parts
        }
        self.texts = {name: plain(re.sub(r"<table.*?</table>", "", text, flags=re.DOTALL)) for name, text in parts}

    def table(self, name: str) -> pd.DataFrame:
        """One of its tables."""
        return pd.read_csv(self.folder / "tables" / f"{name}.csv", keep_default_na=False)


class Films:
    """Films as they are to be.

    Args:
        texts: descriptions (B,).
        years: numbers, missing where there is none (B,).
        labels: (B, L).
    """

    def __init__(self, texts: pd.Series, years: pd.Series, labels: Flags) -> None:
        self.texts, self.years, self.labels = texts.reset_index(drop=True), years.reset_index(drop=True), labels
        empty = self.texts.str.strip() == ""
        placeholder = self.texts.str.match(PLACEHOLDERS) & ~empty
        cut = self.texts.str.contains(CUT) & ~empty & ~placeholder
        gaps = {"no description": empty, "placeholder": placeholder, "cut": cut, "no year": self.years.isna()}
        self.gaps = pd.DataFrame(gaps)
        self.whole = ~(empty | placeholder | cut)
