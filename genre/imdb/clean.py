"""From merged films to the clean table: every film has a whole, repaired description of its own and a genre."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from genre.config import ImdbConfig
from genre.data.duplicates import folded, nearly_repeated
from genre.imdb.descriptions import is_cut, may_hold_placeholder, whole_sentences, without_placeholder
from genre.imdb.genres import chosen_genres
from genre.imdb.nonsense import is_nonsense
from genre.imdb.repairs import (
    remove_source_tail,
    repair_html,
    repair_unicode,
    worth_removing_source_tail,
    worth_repairing_html,
    worth_repairing_unicode,
)

CLEAN_COLUMNS = ["movie_id", "title", "year", "description", "genres", "source"]
PART_COLUMN = "part"  # where cut texts are for training alone: train of them, empty of the others
KNOWN_COLUMNS = ["cells", "unknown"]  # see `merge_films`; a table from elsewhere may lack them

Texts = pd.Series  # of str
Flags = pd.Series  # of bool

# rule -> which texts are worth a look, what it makes of each
REPAIRS: dict[str, tuple[Callable[[Texts], Flags], Callable[[str], str]]] = {
    "unicode": (worth_repairing_unicode, repair_unicode),
    "html": (worth_repairing_html, repair_html),
    "source_tail": (worth_removing_source_tail, remove_source_tail),
    "placeholder": (may_hold_placeholder, without_placeholder),
    "cut_text": (is_cut, whole_sentences),
}

# rules that find a description unusable, the first that applies is named
CHECKS = ("placeholder", "cut_text", "too_short", "not_text")


def clean_texts(films: pd.DataFrame, cfg: ImdbConfig) -> tuple[pd.DataFrame, dict[str, int]]:
    """Repair the descriptions and say of each what is wrong with it.

    Args:
        films: with a column `description`.
        cfg: the `data` section.

    Returns:
        The films with repaired descriptions; `unusable`, the rule by which a description cannot be learnt from, or
        empty; `wanted`, the rule by which a better description is worth asking for, or empty: a text that was cut is
        wanted whole even if its beginning is kept; and `beginning`, whether it is such a beginning, without which the
        film would be dropped. And how many descriptions each repair changed.
    """
    on = vars(cfg.rules)
    skipped = {"cut_text"} if cfg.truncated == "drop" else set()
    repairs = {rule: repair for rule, repair in REPAIRS.items() if on[rule] and rule not in skipped}
    plain = {rule: repair for rule, repair in repairs.items() if rule != "cut_text"}
    cut = is_cut(films["description"])
    beginning = pd.Series(False, index=films.index)
    if "cut_text" in repairs:
        beginning[cut] = is_cut(_repaired(films["description"][cut], plain)[0])  # others are whole without their ends
    wholes, counts = _repaired(films["description"][~beginning], plain)
    beginnings, more = _repaired(films["description"][beginning], repairs)
    texts = pd.concat([wholes, beginnings]).reindex(films.index).astype("str")
    counts = {rule: counts.get(rule, 0) + changed for rule, changed in more.items()}
    found: dict[str, Flags] = {
        "placeholder": (texts == "") & ~cut,
        "cut_text": is_cut(texts) | (cut & (texts == "")),
        "too_short": texts.str.len() < cfg.min_chars,
        "not_text": is_nonsense(texts),
    }
    checks = [rule for rule in CHECKS if on[rule]]
    unusable = pd.Series("", index=texts.index, dtype="str")
    for rule in reversed(checks):
        unusable = unusable.mask(found[rule], rule)
    wanted = unusable.mask(cut & cfg.rules.cut_text & (unusable == ""), "cut_text")
    return films.assign(description=texts, unusable=unusable, wanted=wanted, beginning=beginning), counts


def _repaired(
    texts: Texts, repairs: dict[str, tuple[Callable[[Texts], Flags], Callable[[str], str]]]
) -> tuple[Texts, dict[str, int]]:
    """Apply the repairs until none changes a text any more: one can lay open what another repairs."""
    texts = texts.copy()
    changed = {rule: pd.Series(False, index=texts.index) for rule in repairs}
    pending = texts
    while len(pending):
        before = pending
        for rule, (worth_a_look, repair) in repairs.items():
            looked_at = pending[worth_a_look(pending)]
            repaired = looked_at.map(repair).astype("str")
            repaired = repaired[repaired != looked_at]
            pending = pending.copy()
            pending[repaired.index] = repaired
            changed[rule][repaired.index[repaired != ""]] = True  # what is emptied is counted where it is dropped
        pending = pending[pending != before]
        texts[pending.index] = pending
    return texts, {rule: int(flags.sum()) for rule, flags in changed.items()}


def enrich(films: pd.DataFrame, crawled: pd.DataFrame, cfg: ImdbConfig) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give films whose description is wanted the crawled one, repaired by the same rules, where that is usable.

    Args:
        films: as `clean_texts` gives them.
        crawled: columns movie_id, description, source; a film once.
        cfg: the `data` section.

    Returns:
        The films with a column `source`, which says where a text came from, and how many texts came from each source.
    """
    found, _ = clean_texts(crawled[crawled["movie_id"].isin(films["movie_id"][films["wanted"] != ""])], cfg)
    found = found[found["wanted"] == ""].set_index("movie_id")
    replaced = (films["wanted"] != "") & films["movie_id"].isin(found.index)
    ids = films["movie_id"][replaced]
    enriched = films.assign(source=cfg.source)
    enriched.loc[replaced, "description"] = found.loc[ids, "description"].to_numpy()
    enriched.loc[replaced, "source"] = found.loc[ids, "source"].to_numpy()
    enriched.loc[replaced, "unusable"] = ""
    return enriched, {str(source): int(n) for source, n in found.loc[ids, "source"].value_counts().sort_index().items()}


def clean_films(films: pd.DataFrame, cfg: ImdbConfig) -> tuple[pd.DataFrame, dict[str, int]]:
    """Keep the films that can be learnt from.

    Args:
        films: as `enrich` gives them, ordered by movie_id.
        cfg: the `data` section.

    Returns:
        The clean table, ordered by movie_id, and how many films each rule dropped, in the order of the rules.
    """
    on = vars(cfg.rules)
    dropped = {rule: int((films["unusable"] == rule).sum()) for rule in CHECKS if on[rule]}
    films = films[films["unusable"] == ""]
    columns = [*CLEAN_COLUMNS, *KNOWN_COLUMNS]
    if cfg.truncated == "train":
        cut = films["beginning"] & (films["source"] == cfg.source)  # not those that were crawled whole
        films = films.assign(**{PART_COLUMN: np.where(cut, "train", "")})
        films = films.sort_values(PART_COLUMN, kind="stable")  # of two that are alike the whole one stays
        columns = [*columns, PART_COLUMN]
    chosen = chosen_genres(cfg)
    films = films.assign(**{column: _selected(films[column], chosen) for column in ("genres", *KNOWN_COLUMNS)})
    rules: dict[str, Callable[[pd.DataFrame], Any]] = {
        "no_genre": lambda table: (table["genres"] == "").to_numpy(),
        "duplicate": lambda table: table["folded"].duplicated().to_numpy(),
        "near_duplicate": lambda table: nearly_repeated(table["folded"]),
    }
    films = films.assign(folded=folded(films["description"]))
    for name, rule in rules.items():
        if on[name]:
            taken = rule(films)
            dropped[name] = int(taken.sum())
            films = films[~taken]
    return films[columns].sort_values("movie_id", ignore_index=True), dropped


def _selected(cells: pd.Series, labels: tuple[str, ...]) -> pd.Series:
    """Genre cells (`Drama|War`) with the chosen genres alone."""
    kept = {cell: "|".join(genre for genre in cell.split("|") if genre in labels) for cell in cells.unique()}
    return cells.map(kept).astype("str")
