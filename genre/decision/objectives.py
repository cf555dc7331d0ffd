"""How good label sets are as the threshold of one genre, or of all at once, comes down.

Nothing is sampled: the cells that a lower threshold adds are sorted by probability, and the objective's changes are
summed along them. For one common threshold that is exact. For a single label, what films get by the at-least-one rule
is taken as it stands: exact for Jaccard and samples F1 where that is the likeliest label, near otherwise.

A label predicted where it is unknown counts neither way. The at-least-one rule sees all labels: a film whose likeliest
one is unknown gets that one, and one that reaches an unknown label needs no other.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Sets = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

# what is averaged to make each objective
OBJECTIVES = {
    "jaccard": ("jaccard",),
    "f1_samples": ("f1_samples",),
    "f1_macro": ("f1_macro",),
    "balanced": ("jaccard", "f1_samples", "f1_macro"),
}

# of films, from the numbers of hits, of predicted and of true labels; 0/0 is 0
_FILM_SCORES: dict[str, Callable[[Counts, Counts, Counts], Floats]] = {
    "jaccard": lambda hits, predicted, true: hits / np.maximum(predicted + true - hits, 1),
    "f1_samples": lambda hits, predicted, true: 2 * hits / np.maximum(predicted + true, 1),
}


class Others(NamedTuple):
    """What films have when one label is looked away from, by thresholds alone.

    Attributes:
        hits: true labels among the predicted ones (B,).
        predicted: known labels (B,).
        fallback: the label (B,) that a film gets by the at-least-one rule, known or not; -1 where it reaches another.
    """

    hits: Counts
    predicted: Counts
    fallback: Counts


class Curve(NamedTuple):
    """An objective for every threshold that makes a difference.

    Attributes:
        cuts: the distinct probabilities at which what counts of a label set changes, descending (C,).
        scores: for thresholds above all of them, then down to and including each (C + 1,).
    """

    cuts: Floats
    scores: Floats


def objective_by_threshold(probabilities: Floats, targets: Sets, objective: str, known: Sets | None = None) -> Curve:
    """The objective for one common threshold, which always leaves each film its likeliest label.

    Args:
        probabilities: (B, L).
        targets: (B, L).
        objective: one of `OBJECTIVES`.
        known: (B, L); what is unknown counts neither way, also where it is a film's likeliest label. None: all are.
    """
    films = len(probabilities)
    known = np.ones_like(targets) if known is None else known
    targets = targets & known
    ranking = np.argsort(-probabilities, axis=1, kind="stable")  # (B, L) labels from likely to unlikely
    hit, counted = (np.take_along_axis(cells, ranking, axis=1) for cells in (targets, known))  # (B, L)
    adds = counted[:, 1:]  # (B, L - 1): the cells, K in all, that a lower threshold adds to what counts
    added = np.take_along_axis(probabilities, ranking, axis=1)[:, 1:][adds]  # (K,)
    order = np.argsort(-added, kind="stable")
    curve = np.zeros(len(order) + 1)
    for part in OBJECTIVES[objective]:
        if part == "f1_macro":
            likeliest = np.zeros_like(targets)
            likeliest[np.arange(films), ranking[:, 0]] = True
            start, change = _macro_changes(likeliest & known, targets, ranking[:, 1:][adds], hit[:, 1:][adds], added)
        else:
            true = targets.sum(axis=1, keepdims=True)
            scores = _FILM_SCORES[part](hit.cumsum(axis=1), counted.cumsum(axis=1), true)  # (B, L)
            start, change = float(scores[:, 0].mean()), np.diff(scores, axis=1)[adds] / films
        curve += _summed(start, change[order])
    return _reachable(added[order], curve / len(OBJECTIVES[objective]))


def objective_by_label_threshold(
    probabilities: Floats,
    order: Counts,
    targets: Sets,
    label: int,
    others: Others,
    objective: str,
    known: Sets | None = None,
) -> Curve:
    """The objective for a threshold of one label while the other labels' sets stay as they are.

    Macro F1 is looked at in its part of this label alone.

    Args:
        probabilities: of this label (B,).
        order: the films by descending probability (B,).
        targets: (B, L).
        label: which one.
        others: what the films have without it.
        objective: one of `OBJECTIVES`.
        known: (B, L); a film of which the label is unknown gains and loses by it nothing but what the at-least-one rule
            gives. None: all are known.
    """
    known = np.ones_like(targets) if known is None else known
    targets = targets & known
    target, counts, true = targets[:, label], known[:, label], targets.sum(axis=1)
    empty = others.fallback >= 0
    fallback = np.arange(len(targets)), others.fallback
    hits_without = np.where(empty, targets[fallback], others.hits)
    predicted_without = np.where(empty, known[fallback], others.predicted)
    order = order[(counts | empty)[order]]  # nothing changes in the other films
    curve = np.zeros(len(order) + 1)
    for part in OBJECTIVES[objective]:
        if part == "f1_macro":
            kept = counts & (others.fallback == label)  # films that get the label in any case
            added = (counts & ~kept)[order]
            hits = _summed((target & kept).sum(), target[order] & added)
            predicted = _summed(kept.sum(), added)
            curve += 2 * hits / np.maximum(predicted + target.sum(), 1) / targets.shape[1]
        else:
            without = _FILM_SCORES[part](hits_without, predicted_without, true)
            reached = _FILM_SCORES[part](others.hits + target, others.predicted + counts, true)
            curve += _summed(without.mean(), (reached - without)[order] / len(targets))
    return _reachable(probabilities[order], curve / len(OBJECTIVES[objective]))


def _macro_changes(predicted: Sets, targets: Sets, label: Counts, hit: Sets, added: Floats) -> tuple[float, Floats]:
    """Macro F1 of `predicted`, and by how much each further cell changes it, the likelier ones coming first."""
    labels = targets.shape[1]
    hits, chosen, true = (part.sum(axis=0).astype(float) for part in (predicted & targets, predicted, targets))  # (L,)
    start = 2 * hits / np.maximum(chosen + true, 1)  # (L,)
    order = np.lexsort((-added, label))
    of = label[order]
    first = np.searchsorted(of, np.arange(labels))  # where the cells of each label begin
    total = hit[order].cumsum()
    before = np.concatenate([[0], total])[first]  # hits of earlier labels
    hits_after = hits[of] + total - before[of]
    chosen_after = chosen[of] + np.arange(len(of)) - first[of] + 1
    scores = 2 * hits_after / (chosen_after + true[of])
    previous = np.concatenate([[0.0], scores[:-1]])
    inside = first[first < len(of)]
    previous[inside] = start[of[inside]]
    changes = np.empty_like(scores)
    changes[order] = (scores - previous) / labels
    return float(start.mean()), changes


def _summed(start: float, changes: npt.NDArray[np.generic]) -> Floats:
    return start + np.concatenate([[0.0], np.cumsum(changes, dtype=np.float64)])


def _reachable(descending: Floats, scores: Floats) -> Curve:
    """Keep the scores that a threshold can reach: equal probabilities come together or not at all."""
    last = np.append(descending[1:] != descending[:-1], True)[: len(descending)]
    return Curve(descending[last], np.concatenate([scores[:1], scores[1:][last]]))
