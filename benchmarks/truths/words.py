"""Which words tell a genre from the rest, by the log-odds of Monroe, Colaresi and Quinn (2008)."""

import ast
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from truths.raw import GENRES, Flags
from truths.truth import Checks

SOURCE = Path(__file__).resolve().parents[2] / "genre" / "report" / "explore" / "words.py"
FILMS, SHARE, LEAST = 5, 0.0005, 1.96
TOP = 16


def function_words() -> frozenset[str]:
    """The list of words that do not count, which is data: read, not run."""
    for node in ast.walk(ast.parse(SOURCE.read_text())):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FUNCTION_WORDS":
            text = next(one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant))
            return frozenset(str(text).split())
    raise ValueError(SOURCE)


def check_words(checks: Checks, table: pd.DataFrame, texts: pd.Series, labels: Flags) -> None:
    """The words of each genre, how many films of it use them, and z.

    Args:
        checks: to add to.
        table: as it was written.
        texts: whole descriptions (B,).
        labels: (B, L).
    """
    left_out = function_words()
    sets = [set(re.findall(r"[^\W_]+", re.sub(r"['’](?:s\b)?", "", text.lower()))) - left_out for text in texts]
    films = Counter(word for own in sets for word in own)
    vocabulary = sorted(word for word, count in films.items() if count >= max(FILMS, SHARE * len(sets)))
    uses = np.array([[word in own for word in vocabulary] for own in sets], dtype=float)  # (B, V)
    total = uses.sum(0)
    prior = len(total) * total / total.sum()
    for place, genre in enumerate(GENRES):
        inside = uses[labels[:, place]].sum(0)
        own, others = inside + prior, total - inside + prior
        delta = np.log(own / (own.sum() - own)) - np.log(others / (others.sum() - others))
        z = pd.Series(delta / np.sqrt(1 / own + 1 / others), index=vocabulary)
        z = z[(z >= LEAST) & (inside >= FILMS)].sort_values(ascending=False).head(TOP)
        told = table[table["genre"] == genre]
        right = len(told) == len(z) and bool(np.allclose(told["z"], z, atol=0.00006))
        checks.that("words", f"{genre}: z", right)
        for word, number, count in zip(told["word"], told["z"], told["films"], strict=True):
            at = vocabulary.index(word)
            value = delta[at] / np.sqrt(1 / own[at] + 1 / others[at])
            checks.that("words", f"{genre}: {word}", abs(value - number) < 0.00006 and count == inside[at])
