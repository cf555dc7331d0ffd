"""Losses against formulas written out in float64, against torch, and at their extremes."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from genre.losses import BCELoss, FocalLoss, LogWeightedBCELoss

COUNTS = torch.tensor([40, 10, 3, 0])
FILMS = 60


def bce() -> nn.Module:
    return BCELoss(COUNTS, FILMS)


def log_weighted() -> nn.Module:
    return LogWeightedBCELoss(COUNTS, FILMS)


def focal(alpha: float = 0.375, gamma: float = 2.0) -> nn.Module:
    return FocalLoss(alpha, gamma, COUNTS, FILMS)


ALL = [bce, log_weighted, focal, lambda: focal(0.25, 0.5), lambda: focal(0.5, 0.0)]


def example(seed: int, films: int = 7) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    logits = 4 * torch.randn(films, 4, generator=random, dtype=torch.float64)
    return logits, (torch.rand(films, 4, generator=random) < 0.3).double()


def reference(logits: Tensor, targets: Tensor, cell) -> float:
    """The mean over cells of a formula in plain Python floats."""
    cells = [
        cell(1 / (1 + math.exp(-z)), y, k)
        for row, labels in zip(logits.tolist(), targets.tolist(), strict=True)
        for k, (z, y) in enumerate(zip(row, labels, strict=True))
    ]
    return sum(cells) / len(cells)


def log_weights() -> list[float]:
    raw = [math.log(FILMS / (count + 1)) for count in COUNTS.tolist()]
    return [value / (sum(raw) / len(raw)) for value in raw]


@pytest.mark.parametrize("seed", range(5))
def test_bce_is_its_formula(seed: int) -> None:
    logits, targets = example(seed)
    expected = reference(logits, targets, lambda p, y, k: -math.log(p if y else 1 - p))
    assert bce()(logits, targets).item() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_log_weighted_bce_is_its_formula(seed: int) -> None:
    logits, targets = example(seed)
    weights = log_weights()
    expected = reference(logits, targets, lambda p, y, k: -weights[k] * math.log(p) if y else -math.log(1 - p))
    assert log_weighted()(logits, targets).item() == pytest.approx(expected, rel=1e-6)


def test_log_weights_have_mean_one_and_grow_with_rarity() -> None:
    weights = log_weighted().pos_weight
    assert weights.tolist() == pytest.approx(log_weights(), rel=1e-6)
    assert weights.mean().item() == pytest.approx(1)
    assert torch.equal(weights.argsort(), COUNTS.argsort(descending=True))


@given(st.floats(0, 1), st.floats(0, 5), st.integers(0, 1000))
def test_focal_is_its_formula(alpha: float, gamma: float, seed: int) -> None:
    logits, targets = example(seed)

    def cell(p: float, y: float, k: int) -> float:
        p_t, alpha_t = (p, alpha) if y else (1 - p, 1 - alpha)
        return -alpha_t * (1 - p_t) ** gamma * math.log(p_t)

    assert focal(alpha, gamma)(logits, targets).item() == pytest.approx(
        reference(logits, targets, cell), rel=1e-6, abs=1e-12
    )


def test_focal_with_gamma_0_and_alpha_a_half_is_half_of_bce() -> None:
    logits, targets = example(0)
    assert focal(0.5, 0.0)(logits, targets).item() == pytest.approx(bce()(logits, targets).item() / 2, rel=1e-12)


def test_a_focal_value_worked_by_hand() -> None:
    """p = 0.8 for a positive: 0.25 * 0.2^2 * -ln 0.8 = 0.002231."""
    logit = torch.tensor([[math.log(4.0)]], dtype=torch.float64)
    assert focal(0.25, 2.0)(logit, torch.ones(1, 1)).item() == pytest.approx(0.25 * 0.04 * 0.2231435513, rel=1e-6)


@pytest.mark.parametrize("make", ALL)
def test_the_mean_does_not_depend_on_the_size_of_the_batch(make) -> None:
    logits, targets = example(1)
    loss = make()
    assert loss(logits.repeat(3, 1), targets.repeat(3, 1)).item() == pytest.approx(loss(logits, targets).item())


@pytest.mark.parametrize("make", ALL)
def test_gradients_are_those_of_the_function(make) -> None:
    logits, targets = example(2, films=3)
    assert torch.autograd.gradcheck(make().double(), (logits.requires_grad_(), targets))


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_extreme_logits_keep_value_and_gradient(make, dtype: torch.dtype) -> None:
    logits = torch.tensor([[1e4, -1e4, 60.0, -60.0], [0.0, 1e-4, -1e4, 1e4]], dtype=dtype, requires_grad=True)
    for targets in (torch.zeros(2, 4, dtype=dtype), torch.ones(2, 4, dtype=dtype)):
        (gradient,) = torch.autograd.grad(make()(logits, targets), logits)
        assert gradient.isfinite().all()
        wrong = (logits > 1) != (targets > 0.5)  # far on the wrong side: the gradient must still pull
        far = logits.abs() > 50
        assert (gradient[wrong & far] != 0).all()


@pytest.mark.parametrize(("alpha", "gamma"), [(-0.1, 2.0), (1.1, 2.0), (0.5, -1.0), (0.5, math.nan)])
def test_settings_out_of_range_are_refused(alpha: float, gamma: float) -> None:
    with pytest.raises(ValueError, match="loss\\.(alpha|gamma)="):
        focal(alpha, gamma)


def test_a_label_on_every_film_has_no_log_weight() -> None:
    with pytest.raises(ValueError, match="use loss=bce"):
        LogWeightedBCELoss(torch.tensor([10, 1]), 10)
    LogWeightedBCELoss(torch.tensor([8, 1]), 10)


def test_weights_travel_in_the_state() -> None:
    assert list(log_weighted().state_dict()) == ["pos_weight"]
