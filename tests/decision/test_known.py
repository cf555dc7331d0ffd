"""Thresholds tuned on films of which not all labels are known, against decisions made and scored on the known cells."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from genre.decision import Decision, FixedThreshold, GlobalThreshold, PerLabelThresholds, decide
from genre.decision.objectives import Curve, Others, objective_by_label_threshold, objective_by_threshold
from genre.metrics.sets import film_scores, label_scores
from tests.decision import scores
from tests.decision.scores import PARTS

DECISIONS = [
    FixedThreshold(0.5, "probability"),
    *(GlobalThreshold(objective, "probability") for objective in PARTS),
    *(PerLabelThresholds(objective, 2, 3.0, "ratio") for objective in PARTS),
]

few = settings(max_examples=20)
seeds = st.integers(0, 10_000)


def partly_known(seed: int, ties: bool, rows: int = 15, labels: int = 4) -> tuple[Tensor, Tensor, Tensor]:
    """Probabilities, targets and what is known of them, of some films and sometimes of a label nothing."""
    random = torch.Generator().manual_seed(seed)
    probabilities = torch.rand(rows, labels, generator=random)
    if ties:
        probabilities = (10 * probabilities).round() / 11
    known = torch.rand(rows, labels, generator=random) < torch.rand(1, generator=random)
    known &= (torch.rand(rows, 1, generator=random) < 0.8) & (torch.rand(labels, generator=random) < 0.9)
    targets = (torch.rand(rows, labels, generator=random) < 0.7 * probabilities) & known
    return probabilities, targets.int(), known


def score(probabilities: Tensor, targets: Tensor, known: Tensor, thresholds: Tensor, objective: str) -> float:
    return scores.objective(objective, decide(probabilities, thresholds), targets, known)


def at(curve: Curve, threshold: float) -> float:
    return float(curve.scores[(curve.cuts >= threshold).sum()])


def arrays(probabilities: Tensor, *sets: Tensor) -> list[np.ndarray]:
    return [probabilities.double().numpy(), *(cells.bool().numpy() for cells in sets)]


@few
@given(seeds, st.booleans(), st.sampled_from(list(PARTS)))
def test_a_common_threshold_scores_what_its_decisions_do(seed: int, ties: bool, objective: str) -> None:
    probabilities, targets, known = partly_known(seed, ties)
    values, sets, mask = arrays(probabilities, targets, known)
    curve = objective_by_threshold(values, sets, objective, mask)
    for cut in [1.1, *probabilities.unique().tolist(), 0.0]:
        expected = score(probabilities, targets, known, torch.full((4,), cut), objective)
        assert at(curve, cut) == pytest.approx(expected, abs=1e-6)


@few
@given(seeds, st.booleans(), st.sampled_from(list(PARTS)), st.floats(0.3, 1))
def test_a_label_threshold_scores_what_its_decisions_do(seed: int, ties: bool, objective: str, highest: float) -> None:
    probabilities, targets, known = partly_known(seed, ties)
    values, sets, mask = arrays(probabilities, targets, known)
    thresholds = highest * torch.rand(4, generator=torch.Generator().manual_seed(seed))
    for label in range(4):
        others = [others_of(*rows, thresholds, label) for rows in zip(probabilities, targets, known, strict=True)]
        order = np.argsort(-values[:, label], kind="stable")
        columns = Others(*(np.array(column) for column in zip(*others, strict=True)))
        curve = objective_by_label_threshold(values[:, label], order, sets, label, columns, objective, mask)
        for cut in [1.1, *probabilities[:, label].unique().tolist(), 0.0]:
            moved = thresholds.clone()
            moved[label] = cut
            chosen = decide(probabilities, moved)
            metrics = {name: float(values.mean()) for name, values in film_scores(chosen, targets, known).items()}
            if "f1_macro" in PARTS[objective]:  # of which the label's own part alone counts
                metrics["f1_macro"] = float(label_scores(chosen, targets, known)["f1"][label]) / 4
            expected = np.mean([metrics[part] for part in PARTS[objective]])
            assert at(curve, cut) == pytest.approx(expected, abs=1e-6)


def others_of(chances: Tensor, targets: Tensor, known: Tensor, thresholds: Tensor, label: int) -> tuple[int, int, int]:
    """Hits, known labels and fallback of a film without one label."""
    reached = [other for other in range(4) if other != label and chances[other] >= thresholds[other]]
    hits = sum(int(targets[other]) for other in reached)
    return hits, sum(bool(known[other]) for other in reached), -1 if reached else int(chances.argmax())


@few
@given(seeds, st.booleans(), st.sampled_from(list(PARTS)))
def test_the_global_threshold_is_the_best_there_is(seed: int, ties: bool, objective: str) -> None:
    parts = partly_known(seed, ties)
    found = score(*parts, GlobalThreshold(objective, "probability").fit(*parts), objective)
    tried = [score(*parts, torch.full((4,), cut), objective) for cut in [1.1, *parts[0].unique().tolist()]]
    assert found == pytest.approx(max(tried), abs=1e-6)


@few
@given(seeds, st.booleans(), st.sampled_from(["jaccard", "f1_samples"]))
def test_no_single_threshold_can_be_moved_to_advantage(seed: int, ties: bool, objective: str) -> None:
    probabilities, targets, known = partly_known(seed, ties)
    decision = PerLabelThresholds(objective, min_positives=1, shrinkage=0.0, fallback="probability")
    thresholds = decision.fit(probabilities, targets, known)
    reached = score(probabilities, targets, known, thresholds, objective)
    for label in targets.sum(dim=0).nonzero().flatten():
        for cut in [*probabilities[:, label].tolist(), 1.1]:
            moved = thresholds.clone()
            moved[label] = cut
            assert score(probabilities, targets, known, moved, objective) <= reached + 1e-6


@few
@given(seeds, st.booleans(), st.sampled_from(DECISIONS))
def test_what_stands_in_unknown_cells_has_no_say(seed: int, ties: bool, decision: Decision) -> None:
    probabilities, targets, known = partly_known(seed, ties)
    thresholds = decision.fit(probabilities, targets, known)
    assert torch.equal(thresholds, decision.fit(probabilities, targets + (~known).int(), known))


@few
@given(seeds, st.booleans(), st.sampled_from(DECISIONS))
def test_all_known_is_as_if_nothing_had_been_said(seed: int, ties: bool, decision: Decision) -> None:
    probabilities, targets, known = partly_known(seed, ties)
    assert torch.equal(
        decision.fit(probabilities, targets), decision.fit(probabilities, targets, torch.ones_like(known))
    )


@few
@given(seeds, st.booleans())
def test_where_the_rule_never_fires_unknown_cells_might_as_well_be_gone(seed: int, ties: bool) -> None:
    probabilities, targets, known = partly_known(seed, ties, labels=2)
    probabilities[:, 0] = 1
    known[:, 0] = True
    known[0, 1] = targets[0, 1] = 1
    decision = PerLabelThresholds("f1_macro", min_positives=1, shrinkage=0.0, fallback="probability")
    alone = decision.fit(probabilities[known[:, 1]], targets[known[:, 1]])
    assert decision.fit(probabilities, targets, known)[1] == alone[1]


def test_by_hand() -> None:
    # the second label's threshold comes down; the first label is reached by the second and the fourth film
    probabilities = np.array([[0.6, 0.5], [0.9, 0.1], [0.3, 0.2], [0.9, 0.4]])
    known = np.array([[True, False], [True, True], [False, True], [True, False]])
    targets = np.array([[True, False], [True, False], [False, True], [True, False]])
    others = Others(np.array([0, 1, 0, 1]), np.array([0, 1, 0, 1]), np.array([0, -1, 0, -1]))
    curve = objective_by_label_threshold(
        probabilities[:, 1], np.array([0, 3, 2, 1]), targets, 1, others, "jaccard", known
    )
    # at 0.5 the first film gets a label that counts neither way, and no longer its right one by the rule; the third,
    # given an unknown one by the rule, has a right one at 0.2, the second a wrong one at 0.1; for the fourth, which
    # keeps its right one, nothing changes
    assert curve.cuts.tolist() == [0.5, 0.2, 0.1]
    assert curve.scores.tolist() == pytest.approx([3 / 4, 2 / 4, 3 / 4, 2.5 / 4])


@pytest.mark.parametrize("decision", DECISIONS)
def test_nothing_known(decision: Decision) -> None:
    probabilities, targets, known = partly_known(0, ties=False)
    thresholds = decision.fit(probabilities, targets, torch.zeros_like(known))
    assert thresholds.tolist() == [0.5] * 4
