"""Losses that change with the epoch, after the first."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from genre.losses import EpochLoss
from tests.losses.examples import example

CHANGING = {"large_loss", "splc"}
SHIPPED = [
    ("splc", {"change_epoch": 2}),
    ("large_loss", {"scheme": "rejection", "delta_rel": 10}),
    ("large_loss", {"scheme": "temporary", "delta_rel": 10}),
]

few = settings(max_examples=20)
seeds = st.integers(0, 10**6)


@pytest.fixture(scope="module", params=SHIPPED, ids=["splc", "rejection", "temporary"])
def later(make_loss, request: pytest.FixtureRequest) -> nn.Module:
    """Each of them in its third epoch; do not change it."""
    name, settings = request.param
    loss = make_loss(name, **settings)
    loss.start_epoch(2)
    return loss


def test_those_that_change_are_told_apart(loss, name: str) -> None:
    assert isinstance(loss, EpochLoss) == (name in CHANGING)


@pytest.mark.parametrize(("name", "settings"), SHIPPED)
def test_until_it_is_told_and_in_eval_mode_it_is_as_in_the_first_epoch(
    make_loss, name: str, settings: dict[str, Any]
) -> None:
    logits, targets, _ = example(0)
    loss = make_loss(name, **settings)
    first = loss(logits, targets)
    loss.start_epoch(0)
    assert torch.equal(loss(logits, targets), first)
    loss.start_epoch(2)
    assert not torch.equal(loss(logits, targets), first)
    loss.eval()
    assert torch.equal(loss(logits, targets), first)


@pytest.mark.parametrize(("name", "settings"), SHIPPED)
def test_the_epoch_is_all_that_it_keeps(make_loss, name: str, settings: dict[str, Any]) -> None:
    logits, targets, _ = example(0)
    undisturbed, resumed = make_loss(name, **settings), make_loss(name, **settings)
    assert not undisturbed.state_dict()
    for epoch in (0, 1, 2, 3, 1):
        undisturbed.start_epoch(epoch)
        undisturbed(logits, targets)
    resumed.start_epoch(1)
    assert torch.equal(resumed(logits, targets), undisturbed(logits, targets))


@few
@given(seed=seeds, spread=st.floats(0, 1e4))
def test_it_is_a_finite_number_not_below_zero(later, seed: int, spread: float) -> None:
    logits, targets, _ = example(seed)
    value = later((spread * logits).float(), targets)
    assert value.shape == ()
    assert value.isfinite()
    assert value >= 0


@few
@given(seed=seeds, order=st.permutations(range(6)), times=st.integers(1, 4))
def test_neither_order_nor_number_of_films_counts(later, seed: int, order: list[int], times: int) -> None:
    logits, targets, _ = example(seed)
    other = later(logits[order].repeat(times, 1), targets[order].repeat(times, 1))
    assert other.item() == pytest.approx(later(logits, targets).item(), rel=1e-9)


@few
@given(seed=seeds)
def test_what_is_unknown_has_no_say(later, seed: int) -> None:
    logits, targets, known = example(seed)
    logits.requires_grad_()
    value = later(logits, targets, known)
    (gradient,) = torch.autograd.grad(value, logits)
    assert not gradient[~known].any()
    assert torch.equal(later(torch.where(known, logits, 1e4), targets, known), value)
    assert later(logits, targets, torch.zeros_like(known)).item() == 0


@pytest.mark.parametrize("seed", range(3))
def test_gradients_are_those_of_the_function(later, seed: int) -> None:
    logits, targets, known = example(seed)
    assert torch.autograd.gradcheck(lambda z: later(z, targets, known), (logits.requires_grad_(),))


def test_half_precision_is_computed_in_float32(later) -> None:
    logits, targets, _ = example(0)
    half = logits.bfloat16()
    assert torch.equal(later(half, targets.bfloat16()), later(half.float(), targets.float()))


def test_it_asks_the_device_for_no_number(later) -> None:
    logits, targets = torch.empty(3, 4, device="meta"), torch.empty(3, 4, device="meta")
    assert later(logits, targets).device.type == "meta"


def test_splc_worked_by_hand(make_loss) -> None:
    """Negatives with p = 4/5 and 1/2, the first a missing positive from epoch 1 on; a positive with 4/5 after the margin.

    (4/5)^2 * -ln 1/5 and (1/5)^2 * -ln 4/5; (1/2)^2 * ln 2.
    """
    logits = torch.tensor([[math.log(4), 0, math.log(4) + 1]], dtype=torch.float64)
    targets = torch.tensor([[0.0, 0.0, 1.0]])
    loss = make_loss("splc", counts=(3, 3, 3))
    negative, positive, even = 0.64 * 1.6094379124, 0.04 * 0.2231435513, 0.25 * 0.6931471806
    for epoch, doubted in enumerate([negative, positive, positive]):
        loss.start_epoch(epoch)
        assert loss(logits, targets).item() == pytest.approx((doubted + even + positive) / 3, rel=1e-9)


def doubted(loss: nn.Module, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> list[float]:
    """Logits of the negatives that push no more: those left out have no gradient."""
    (gradient,) = torch.autograd.grad(loss(logits.requires_grad_(), targets, known), logits)
    left_out = (gradient == 0) & (targets == 0) & (True if known is None else known)
    return sorted(logits[left_out].tolist())


def test_large_losses_worked_by_hand(make_loss) -> None:
    """Ten negatives with logits 0 to 9 and ten positives: 10 percent of the negatives, not of the cells, each epoch."""
    logits = torch.arange(10.0)[:, None].expand(10, 2).clone()
    targets = torch.tensor([[0.0, 1.0]]).expand(10, 2)
    loss = make_loss("large_loss", delta_rel=10, counts=(3, 3))
    expected = [[], [9.0], [8.0, 9.0], [7.0, 8.0, 9.0]]
    for epoch, left_out in enumerate(expected):
        loss.start_epoch(epoch)
        assert doubted(loss, logits, targets) == left_out
    loss.start_epoch(1000)
    assert doubted(loss, logits, targets) == list(range(10))

    positives = sum(math.log1p(math.exp(-z)) for z in range(10))
    negatives = sum(math.log1p(math.exp(z)) for z in range(9))
    loss.start_epoch(1)
    assert loss(logits, targets).item() == pytest.approx((positives + negatives) / 20, rel=1e-6)
    loss = make_loss("large_loss", scheme="temporary", delta_rel=10, counts=(3, 3))
    loss.start_epoch(1)
    corrected = positives + negatives + math.log1p(math.exp(-9))
    assert loss(logits, targets).item() == pytest.approx(corrected / 20, rel=1e-6)


def test_the_share_is_of_the_negatives_that_are_known(make_loss) -> None:
    logits = torch.arange(10.0)[:, None]
    loss = make_loss("large_loss", delta_rel=25, counts=(3,))
    loss.start_epoch(1)
    known = (logits < 8) & (logits % 2 == 0)  # 0, 2, 4, 6
    assert doubted(loss, logits, torch.zeros(10, 1), known) == [6.0]


def test_the_share_is_rounded_up_but_not_for_the_sake_of_a_rounding_error(make_loss) -> None:
    """0.1 percent of 1000, three times over: as floating point has it a little above 3."""
    logits = torch.arange(1000.0)[:, None] / 1000
    loss = make_loss("large_loss", delta_rel=0.1, counts=(3,))
    loss.start_epoch(3)
    assert len(doubted(loss, logits, torch.zeros(1000, 1))) == 3
    assert len(doubted(loss, logits[:999], torch.zeros(999, 1))) == 3
    assert len(doubted(loss, logits[:1], torch.zeros(1, 1))) == 1


def test_negatives_of_one_loss_are_treated_alike(make_loss) -> None:
    logits = torch.tensor([[0.0], [1.0], [1.0], [1.0]])
    loss = make_loss("large_loss", delta_rel=25, counts=(3,))
    loss.start_epoch(1)
    assert doubted(loss, logits, torch.zeros(4, 1)) == [1.0, 1.0, 1.0]
