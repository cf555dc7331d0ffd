"""What the results say, in a few lines."""

from collections.abc import Sequence

import pandas as pd

from genre.report.results.effects import Effect
from genre.report.results.system_tables import models_table
from genre.report.results.systems import System

_NAMED = 6  # effects of a kind that a line names


def reading(models: Sequence[System], effects: Sequence[Effect]) -> str:
    """A list in Markdown: the preferred system, the best of each other model, and which changes made a difference.

    Args:
        models: the system of each model that validation films prefer.
        effects: of single changes.
    """
    table = models_table(models).set_index("command")
    preferred = max(models, key=lambda system: system.validation)
    row = table.loc[[preferred.command]].iloc[0]
    scores = ", ".join(f"{name} {_with_ends(row, name)}" for name in ("Jaccard", "F1 (samples)", "F1 (macro)"))
    lines = [f"Validation films prefer `{preferred.command}`: {scores}."]
    for command, other in table.drop(preferred.command).iterrows():
        ends = f"{other['difference_low']:+.3f} to {other['difference_high']:+.3f}"
        lines.append(f"`{command}`: Jaccard {other['difference']:+.3f} ({ends}) from that.")
    lines += _changes("Better in a score, and worse in none", [one for one in effects if _kind(one) == (True, False)])
    lines += _changes("Worse in a score, and better in none", [one for one in effects if _kind(one) == (False, True)])
    lines += _changes("Better in one score and worse in the other", [one for one in effects if all(_kind(one))])
    if effects:
        open_ones = sum(not any(_kind(one)) for one in effects)
        lines.append(f"{open_ones} of {len(effects)} single changes show no difference on these test films.")
    return "".join(f"- {line}\n" for line in lines)


def _kind(effect: Effect) -> tuple[bool, bool]:
    """Whether the change is significantly better in a score, and worse in one."""
    return "better" in effect.verdict, "worse" in effect.verdict


def _changes(what: str, effects: Sequence[Effect]) -> list[str]:
    if not effects:
        return []
    named = [f"`{one.changed.command}` than `{one.reference.command}` ({one.verdict})" for one in effects[:_NAMED]]
    more = [f"and {len(effects) - _NAMED} more"] if len(effects) > _NAMED else []
    return [f"{what}: {'; '.join([*named, *more])}."]


def _with_ends(row: pd.Series, name: str) -> str:
    return f"{row[name]:.3f} ({row[f'{name}_low']:.3f}–{row[f'{name}_high']:.3f})"
