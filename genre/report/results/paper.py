"""The tables of the results for a paper."""

from collections.abc import Sequence

import pandas as pd

from genre.metrics import SIGNIFICANT
from genre.report.latex import PREAMBLE, latex
from genre.report.results import system_tables
from genre.report.results.effects import TITLES, Effect
from genre.report.results.systems import System

_SCORES = ("Jaccard", "F1 (samples)", "F1 (macro)")


def paper(systems: Sequence[System], models: Sequence[System], changes: Sequence[Effect]) -> str:
    """The best of each model, what single changes do, and all systems, as LaTeX.

    Args:
        systems: best first.
        models: the best of each model.
        changes: between systems.
    """
    films = round(systems[0].runs[0].scores.metrics["test/films"])
    brackets = f"In brackets: 95 % bootstrap intervals over {films:,} test films."
    test = f"paired bootstrap over the test films, Holm, p < {SIGNIFICANT}"
    best_of_each = system_tables.models_table(models)
    everything = system_tables.all_table(systems)
    found = system_tables.effects_table(changes)
    parts = [
        PREAMBLE,
        latex(
            best_of_each[["command", *_ends(*_SCORES, "difference")]],
            name="models",
            caption=f"The best of each model on validation films. {brackets} Daggers: different Jaccard ({test}).",
            best=dict.fromkeys(_SCORES, "high"),
            daggers={"difference": _significant(best_of_each, "p")},
            wrapped=["command"],
        ),
        latex(
            everything[["command", "seeds", *_ends(*_SCORES)]],
            name="systems",
            caption=f"All systems, ranked by validation films. {brackets}",
            best=dict.fromkeys(_SCORES, "high"),
            wrapped=["command"],
        ),
    ]
    if not found.empty:
        changed = latex(
            found[["with", "against", *_ends(*TITLES.values())]],
            name="changes",
            caption=f"What single changes of the settings do. Daggers: significant ({test}).",
            best={},
            daggers={title: _significant(found, f"p ({title})") for title in TITLES.values()},
            wrapped=["with", "against"],
        )
        parts.append(changed)
    return "\n".join(parts)


def _ends(*columns: str) -> list[str]:
    """Columns with those of their intervals."""
    return [f"{column}{end}" for column in columns for end in ("", "_low", "_high")]


def _significant(table: pd.DataFrame, column: str) -> list[int]:
    """Rows (0 is the first) whose p is small enough; one that is a bound may be smaller still."""
    return [row for row, p in enumerate(table[column]) if p < SIGNIFICANT]
