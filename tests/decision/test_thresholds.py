"""Tuned thresholds against a search by trying, on the validation films that they were tuned on."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from genre.config import compose, instantiate
from genre.decision import Decision, FixedThreshold, GlobalThreshold, PerLabelThresholds, decide
from tests.decision import scores

OBJECTIVES = ("jaccard", "f1_samples", "f1_macro")


def films(seed: int, rows: int = 15, labels: int = 4, ties: bool = False) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    probabilities = torch.rand(rows, labels, generator=random)
    if ties:
        probabilities = (10 * probabilities).round() / 11
    targets = (torch.rand(rows, labels, generator=random) < 0.7 * probabilities).int()
    return probabilities, targets


def score(probabilities: Tensor, targets: Tensor, thresholds: Tensor, objective: str, fallback: str) -> float:
    return scores.objective(objective, decide(probabilities, thresholds, fallback), targets)


def tried(probabilities: Tensor, targets: Tensor, objective: str) -> float:
    """The best score of any common threshold."""
    labels = probabilities.shape[1]
    cuts = [*probabilities.unique().tolist(), 1.1]
    return max(score(probabilities, targets, torch.full((labels,), cut), objective, "probability") for cut in cuts)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([*OBJECTIVES, "balanced"]))
def test_the_global_threshold_is_the_best_there_is(seed: int, ties: bool, objective: str) -> None:
    probabilities, targets = films(seed, ties=ties)
    thresholds = GlobalThreshold(objective, "probability").fit(probabilities, targets)
    assert thresholds.unique().numel() == 1
    found = score(probabilities, targets, thresholds, objective, "probability")
    assert found == pytest.approx(tried(probabilities, targets, objective), abs=1e-6)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(["jaccard", "f1_samples"]))
def test_no_single_threshold_can_be_moved_to_advantage(seed: int, ties: bool, objective: str) -> None:
    probabilities, targets = films(seed, ties=ties)
    decision = PerLabelThresholds(objective, min_positives=1, shrinkage=0.0, fallback="probability")
    thresholds = decision.fit(probabilities, targets)
    reached = score(probabilities, targets, thresholds, objective, "probability")
    assert reached >= tried(probabilities, targets, objective) - 1e-6
    for label in np.flatnonzero(targets.sum(dim=0) >= 1):
        for cut in [*probabilities[:, label].tolist(), 1.1]:
            moved = thresholds.clone()
            moved[label] = cut
            assert score(probabilities, targets, moved, objective, "probability") <= reached + 1e-6


def test_macro_f1_by_label_is_the_best_of_each_label_where_the_rule_never_fires() -> None:
    probabilities, targets = films(3, rows=40)
    probabilities = torch.cat([probabilities, torch.ones(40, 1)], dim=1)  # a label that every film gets
    targets = torch.cat([targets, torch.ones(40, 1, dtype=torch.int)], dim=1)
    thresholds = PerLabelThresholds("f1_macro", 1, 0.0, "probability").fit(probabilities, targets)
    for label in range(4):
        hits = [
            2
            * int(((probabilities[:, label] >= cut) & (targets[:, label] == 1)).sum())
            / int((probabilities[:, label] >= cut).sum() + targets[:, label].sum())
            for cut in [*probabilities[:, label].tolist(), 1.1]
        ]
        chosen = probabilities[:, label] >= thresholds[label]
        f1 = 2 * int((chosen & (targets[:, label] == 1)).sum()) / int(chosen.sum() + targets[:, label].sum())
        assert f1 == pytest.approx(max(hits))


def test_by_hand() -> None:
    # label 0 is right from 0.6 on, label 1 from 0.2 on: no common threshold does both
    probabilities = torch.tensor([[0.8, 0.1], [0.6, 0.2], [0.4, 0.3], [0.5, 0.25]])
    targets = torch.tensor([[1, 0], [1, 1], [0, 1], [0, 1]])
    thresholds = PerLabelThresholds("jaccard", 1, 0.0, "probability").fit(probabilities, targets)
    assert decide(probabilities, thresholds).tolist() == targets.tolist()
    assert 0.5 < thresholds[0] <= 0.6
    assert 0.1 < thresholds[1] <= 0.2


def test_rare_labels_are_held_back() -> None:
    probabilities, targets = films(0, rows=400)
    targets[8:, 3] = 0
    positives = targets.sum(dim=0)
    assert 0 < positives[3] < 10 <= positives[:3].min()
    common = GlobalThreshold("jaccard", "probability").fit(probabilities, targets)
    free, guarded, shrunk = (
        PerLabelThresholds("jaccard", least, shrinkage, "probability").fit(probabilities, targets)
        for least, shrinkage in ((1, 0.0), (10, 0.0), (10, 1e9))
    )
    assert guarded[3] == common[3] != free[3]
    assert (guarded[:3] != common[:3]).all()
    assert shrunk.numpy() == pytest.approx(common.numpy(), abs=1e-5)


def test_shrinkage_is_a_weighted_mean_of_log_odds() -> None:
    # every film has the first label, so that macro F1 falls into one part for each label: one step of ascent
    random = torch.Generator().manual_seed(1)
    probabilities = torch.rand(200, 3, generator=random)
    probabilities[:, 0] = 1.0
    targets = (probabilities > torch.tensor([0.5, 0.9, 0.3])).int()
    positives = float(targets[:, 1].sum())
    half = PerLabelThresholds("f1_macro", 1, positives, "probability").fit(probabilities, targets)[1]
    common = GlobalThreshold("f1_macro", "probability").fit(probabilities, targets)[1]
    free = PerLabelThresholds("f1_macro", 1, 0.0, "probability").fit(probabilities, targets)[1]
    assert free == pytest.approx(0.9, abs=0.02)
    assert common < 0.8
    assert torch.logit(half) == pytest.approx(float((torch.logit(common) + torch.logit(free)) / 2), abs=1e-4)


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize(
    "decision",
    [
        FixedThreshold(0.5, "probability"),
        GlobalThreshold("balanced", "probability"),
        PerLabelThresholds("balanced", 1, 20.0, "ratio"),
    ],
)
def test_hardly_any_films(decision: Decision, rows: int) -> None:
    probabilities, targets = films(0, rows=rows)
    thresholds = decision.fit(probabilities, targets)
    assert thresholds.shape == (4,)
    assert ((thresholds > 0) & (thresholds < 1)).all()


@pytest.mark.parametrize("option", ["fixed", "global", "per_label"])
@pytest.mark.parametrize("objective", [*OBJECTIVES, "balanced"])
def test_every_shipped_decision_is_made(option: str, objective: str) -> None:
    overrides = [f"decision={option}"] + ([] if option == "fixed" else [f"decision.objective={objective}"])
    decision = instantiate(compose("train", overrides).decision)
    assert decision.fit(*films(0)).dtype == torch.float32


def test_a_threshold_that_no_float_is_above() -> None:
    highest = 1 - 2**-24  # the last float32 under 1: what a logit of about 17 becomes
    probabilities = torch.tensor([[highest, 0.9], [0.2, 0.8], [0.1, 0.7]])
    targets = torch.tensor([[0, 1], [0, 1], [0, 1]])
    found = PerLabelThresholds("jaccard", 1, 0.0, "probability").fit(probabilities, targets)
    assert (
        score(probabilities, targets, found, "jaccard", "probability")
        >= tried(probabilities, targets, "jaccard") - 1e-6
    )


def test_certain_probabilities_give_usable_thresholds() -> None:
    probabilities = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    thresholds = PerLabelThresholds("jaccard", 1, 5.0, "ratio").fit(probabilities, probabilities.int())
    assert torch.equal(decide(probabilities, thresholds), probabilities.int())
