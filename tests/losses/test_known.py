"""Losses of cells of which not all are known."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.losses.arithmetic import label_shares
from tests.losses.examples import example

few = settings(max_examples=20)
seeds = st.integers(0, 10**6)


@few
@given(seed=seeds)
def test_what_is_unknown_has_no_say(loss, seed: int) -> None:
    logits, targets, known = example(seed)
    logits.requires_grad_()
    value = loss(logits, targets, known)
    (gradient,) = torch.autograd.grad(value, logits)
    assert not gradient[~known].any()
    assert gradient.isfinite().all()
    other = torch.where(known, logits, torch.tensor(1e4, dtype=torch.float64))
    assert torch.equal(loss(other, targets, known), value)


@few
@given(seed=seeds)
def test_it_is_the_mean_of_what_is_known(loss, name: str, seed: int) -> None:
    logits, targets, known = example(seed)
    parts = sum(float(loss(logits, targets, some)) * int(some.sum()) for some in (known, ~known))
    if name not in ("zlpr", "expected_positive"):  # which are no sums over cells
        assert parts == pytest.approx(float(loss(logits, targets)) * known.numel(), rel=1e-6)
    assert float(loss(logits, targets, torch.ones_like(known))) == pytest.approx(float(loss(logits, targets)), rel=1e-6)


@few
@given(seed=seeds)
def test_zlpr_sums_over_what_is_known(make_loss, seed: int) -> None:
    logits, targets, known = example(seed)
    total = 0.0
    for row in zip(logits.tolist(), targets.tolist(), known.tolist(), strict=True):
        cells = [(z, y) for z, y, seen in zip(*row, strict=True) if seen]
        total += math.log(1 + sum(math.exp(-z) for z, y in cells if y))
        total += math.log(1 + sum(math.exp(z) for z, y in cells if not y))
    assert float(make_loss("zlpr")(logits, targets, known)) == pytest.approx(total / int(known.sum()), rel=1e-9)


@few
@given(seed=seeds)
def test_expected_positives_are_of_what_is_known(make_loss, seed: int) -> None:
    """Two of four labels are expected: a cell has one half."""
    logits, targets, known = example(seed)
    cells = zip(*(each.flatten().tolist() for each in (logits, targets, known)), strict=True)
    seen = [(1 / (1 + math.exp(-z)), y) for z, y, told in cells if told]
    observed = sum(-math.log(p) for p, y in seen if y) / len(seen)
    too_many = sum(p for p, _ in seen) / len(seen) - 0.5
    value = make_loss("expected_positive", weight=3, positives=2)(logits, targets, known)
    assert float(value) == pytest.approx(observed + 3 * too_many**2, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_are_those_of_the_function(make_loss, name: str, seed: int) -> None:
    logits, targets, known = example(seed, films=3)
    loss = make_loss(name).double()
    assert torch.autograd.gradcheck(lambda z: loss(z, targets, known), (logits.requires_grad_(),))


def test_a_film_or_a_label_of_which_nothing_is_known(loss) -> None:
    logits, targets, known = example(1)
    known[2], known[:, 3] = False, False
    others = [row for row in range(6) if row != 2]
    assert float(loss(logits, targets, known)) == pytest.approx(
        float(loss(logits[others], targets[others], known[others]))
    )
    logits.requires_grad_()
    nothing = loss(logits, targets, torch.zeros_like(known))
    assert nothing.item() == 0
    (gradient,) = torch.autograd.grad(nothing, logits)
    assert not gradient.any()


def test_shares_are_of_films_of_which_the_label_is_known() -> None:
    counts = torch.tensor([0, 5, 10, 3])
    films = torch.tensor([10, 10, 10, 4])
    assert label_shares(counts, films).tolist() == [0.05, 0.5, 0.95, 0.75]
    assert torch.equal(label_shares(counts[:3], 10), label_shares(counts[:3], films[:3]))


def test_weights_know_of_how_many_films_a_label_is_known(make_loss) -> None:
    known = make_loss("log_weighted_bce", films=torch.tensor([60, 60, 60, 30])).label_weights
    raw = [math.log(films / (count + 1)) for films, count in ((60, 40), (60, 10), (60, 3), (30, 0))]
    assert known.tolist() == pytest.approx([value / (sum(raw) / 4) for value in raw], rel=1e-6)
    balanced = make_loss("focal", alpha="balanced", films=torch.tensor([60, 60, 60, 30])).label_weights
    assert balanced.tolist() == pytest.approx([1 - 40 / 60, 1 - 10 / 60, 1 - 3 / 60, 1 - 0.5 / 30], rel=1e-6)
