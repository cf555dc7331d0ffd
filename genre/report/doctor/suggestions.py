"""Likely errors as tables: each suggestion by itself, and how many there are of each label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from genre.data.truth import Truth
from genre.report.doctor.confident import Confident, Flags, Floats, confident_learning


@dataclass(frozen=True)
class Examined:
    """Films with what a model that has not seen them says of their labels.

    Attributes:
        movie_ids: of the B films.
        label_names: of the L labels.
        probabilities: (B, L).
        truth: labels (B, L), and which of them are known.
        settled: cells that a person has decided before (B, L), of which nothing is suggested.
        decided: the same cells: movie_id, label, and 1 where the film has it or 0.
    """

    movie_ids: Sequence[str]
    label_names: Sequence[str]
    probabilities: Floats
    truth: Truth
    settled: Flags
    decided: Sequence[tuple[str, str, int]]


def suggestions_and_genres(films: Examined) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All suggestions, the best of each kind first and both kinds in turns, and the table of labels.

    A suggestion's margin is the normalised one of Northcutt et al. (2021): the probability of what is suggested less
    that of what is said, from -1 to 1. Ranks are of a kind: probabilities near 0, of which wrong labels are told, are
    far more common than such near 1, and would fill the beginning of a common list.

    Returns:
        movie_id, genre, kind (missing or wrong), state (known or unknown), probability, margin, rank; and for each
        label the films that have it, those of which it is unknown, the thresholds, and estimated and suggested errors.
    """
    found = confident_learning(films.probabilities, films.truth.labels, films.truth.known)
    kinds = [_of_kind(films, kind, cells & ~films.settled) for kind, cells in _kinds(found).items()]
    table = pd.concat(kinds).sort_values(["rank", "kind"], ignore_index=True)
    return table, _genres(films, found, table)


def _kinds(found: Confident) -> dict[str, Flags]:
    return {"missing": found.missing, "wrong": found.wrong}


def _of_kind(films: Examined, kind: str, cells: Flags) -> pd.DataFrame:
    rows, columns = np.nonzero(cells)
    probabilities = films.probabilities[rows, columns]
    order = np.argsort(-probabilities if kind == "missing" else probabilities, kind="stable")
    rows, columns, probabilities = rows[order], columns[order], probabilities[order]
    return pd.DataFrame(
        {
            "movie_id": np.array(films.movie_ids, dtype=object)[rows],
            "genre": np.array(films.label_names, dtype=object)[columns],
            "kind": kind,
            "state": np.where(films.truth.known[rows, columns], "known", "unknown"),
            "probability": probabilities,
            "margin": 2 * probabilities - 1 if kind == "missing" else 1 - 2 * probabilities,
            "rank": np.arange(1, len(rows) + 1),
        }
    )


def _genres(films: Examined, found: Confident, suggestions: pd.DataFrame) -> pd.DataFrame:
    estimate = found.estimate

    def suggested(kind: str, state: str) -> list[int]:
        chosen = suggestions[(suggestions["kind"] == kind) & (suggestions["state"] == state)]
        return chosen["genre"].value_counts().reindex(list(films.label_names), fill_value=0).tolist()

    return pd.DataFrame(
        {
            "genre": films.label_names,
            "films": found.said[1],
            "unknown": found.said[2],
            "positive_threshold": found.positive,
            "negative_threshold": found.negative,
            "estimated_missing": estimate[0, 1],
            "estimated_missing_unknown": estimate[2, 1],
            "estimated_wrong": estimate[1, 0],
            "suggested_missing": suggested("missing", "known"),
            "suggested_missing_unknown": suggested("missing", "unknown"),
            "suggested_wrong": suggested("wrong", "known"),
        }
    )
