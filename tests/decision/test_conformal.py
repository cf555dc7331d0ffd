"""Label sets that miss no more than was promised."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from genre.config import compose, instantiate
from genre.decision import ConformalThresholds, decide
from genre.errors import UserError


def films(seed: int, rows: int) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    probabilities = torch.rand(rows, 3, generator=random)
    return probabilities, (torch.rand(rows, 3, generator=random) < torch.tensor([0.8, 0.5, 0.02])).int()


def missed(alpha: float, promise: str, probabilities: Tensor, targets: Tensor) -> Tensor:
    """True labels (B, L) that each film's set misses under the thresholds of all other films."""
    decision = ConformalThresholds(alpha, promise, "probability")
    lines = []
    for film in range(len(targets)):
        others = torch.arange(len(targets)) != film
        thresholds = decision.fit(probabilities[others], targets[others])
        lines.append((targets[film] == 1) & (probabilities[film] < thresholds))
    return torch.stack(lines)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(30, 50), st.sampled_from([0.05, 0.1, 0.3]))
def test_each_film_left_out_the_promise_holds_exactly(seed: int, rows: int, alpha: float) -> None:
    probabilities, targets = films(seed, rows)
    by_label = missed(alpha, "label", probabilities, targets).sum(dim=0)
    positives = targets.sum(dim=0)
    own = alpha * positives >= 1  # also without one of them
    assert (by_label[own] == (alpha * positives[own] + 1e-9).floor()).all()  # no more, and not for want of trying
    with_labels = int(targets.any(dim=1).sum())
    assert missed(alpha, "film", probabilities, targets).any(dim=1).sum() == math.floor(alpha * with_labels + 1e-9)


def test_worked_by_hand() -> None:
    probabilities = torch.tensor([[0.9, 0.5], [0.8, 0.4], [0.7, 0.3], [0.6, 0.2], [0.1, 0.1]])
    targets = torch.tensor([[1, 0], [1, 0], [1, 1], [1, 1], [0, 0]])
    # the 2nd of .6 .7 .8 .9, as floor(.4 x 5) = 2; of .2 .3 the 1st, as floor(.4 x 3) = 1
    by_label = ConformalThresholds(0.4, "label", "probability").fit(probabilities, targets)
    assert by_label.tolist() == pytest.approx([0.7, 0.2])
    # of .9 .8 .3 .2, what is lowest of each film, the 2nd
    by_film = ConformalThresholds(0.4, "film", "probability").fit(probabilities, targets)
    assert by_film.tolist() == pytest.approx([0.3, 0.3])
    assert decide(probabilities, by_film)[2].tolist() == [1, 1]
    # floor(.25 x 5) = 1; with floor(.25 x 3) = 0 the second label has no threshold of its own
    rare = ConformalThresholds(0.25, "label", "probability").fit(probabilities, targets)
    assert rare[0] == pytest.approx(0.6)
    assert decide(probabilities, rare)[:, 1].all()


def test_rare_labels_share_a_threshold() -> None:
    probabilities = torch.linspace(0.1, 0.9, 9).reshape(9, 1).repeat(1, 3)
    targets = torch.zeros(9, 3, dtype=torch.int)
    targets[:4, 1] = targets[4:, 2] = targets[:, 0] = 1
    # 0.1 x 10 = 1: the first label is common enough by itself, the others are together
    assert ConformalThresholds(0.1, "label", "probability").fit(probabilities, targets).tolist() == pytest.approx(
        [0.1, 0.1, 0.1]
    )
    targets[0, 1] = 0
    lower = ConformalThresholds(0.1, "label", "probability").fit(probabilities, targets)
    assert lower[0] == pytest.approx(0.1)
    assert (lower[1:] < 1e-20).all()


def test_what_is_unknown_is_not_promised() -> None:
    probabilities, targets = films(3, 40)
    known = torch.ones_like(targets).bool()
    known[:10] = False
    for promise in ("label", "film"):
        decision = ConformalThresholds(0.2, promise, "probability")
        without = decision.fit(probabilities[10:], targets[10:])
        assert torch.equal(decision.fit(probabilities, targets, known), without)


def test_settings() -> None:
    decision = instantiate(compose("train", ["decision=conformal", "decision.promise=film"]).decision)
    assert isinstance(decision, ConformalThresholds)
    assert (decision.alpha, decision.promise, decision.fallback) == (0.1, "film", "probability")
    with pytest.raises(UserError, match=r"decision.promise=each: must be one of label, film"):
        compose("train", ["decision=conformal", "decision.promise=each"])
    with pytest.raises(UserError, match=r"decision.alpha=1(.0)?: must be between 0 and 1"):
        compose("train", ["decision=conformal", "decision.alpha=1"])
