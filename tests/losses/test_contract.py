"""What holds for every loss in conf/loss/."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from genre.config import compose, instantiate
from genre.errors import UserError

WEIGHTED = {"class_balanced_bce", "class_balanced_focal", "log_weighted_bce"}

REFUSED = [
    ("bce", {"label_smoothing": 1}, "BCELoss: loss.label_smoothing=1: must be 0 or more and below 1"),
    ("bce", {"label_smoothing": -0.1}, "loss.label_smoothing=-0.1: must"),
    ("log_weighted_bce", {"use": "weight"}, "LogWeightedBCELoss: loss.use=weight: must be pos_weight or label_weight"),
    ("focal", {"alpha": 7}, "FocalLoss: loss.alpha=7: must lie between 0 and 1"),
    ("focal", {"alpha": -0.1}, "loss.alpha=-0.1: must lie between 0 and 1"),
    ("focal", {"alpha": math.nan}, "loss.alpha=nan: must lie between 0 and 1"),
    ("focal", {"alpha": "equal"}, "loss.alpha=equal: must be a number between 0 and 1, null, or balanced"),
    ("focal", {"alpha": True}, "loss.alpha=True: must be a number"),
    ("focal", {"alpha": [0.5]}, "must be a number"),
    ("focal", {"gamma": -1}, "loss.gamma=-1: must be 0 or more, and finite"),
    ("focal", {"gamma": math.nan}, "loss.gamma=nan: must"),
    ("focal", {"gamma": math.inf}, "loss.gamma=inf: must"),
    ("asymmetric", {"gamma_neg": -1}, "AsymmetricLoss: loss.gamma_neg=-1: must be 0 or more, and finite"),
    ("asymmetric", {"gamma_pos": -1}, "loss.gamma_pos=-1: must"),
    ("asymmetric", {"clip": 1}, "loss.clip=1: must be 0 or more and below 1"),
    ("asymmetric", {"clip": -0.01}, "loss.clip=-0.01: must"),
    ("class_balanced_bce", {"beta": 1}, "ClassBalancedBCELoss: loss.beta=1: must be 0 or more and below 1"),
    ("class_balanced_focal", {"beta": -1}, "loss.beta=-1: must be 0 or more and below 1"),
    ("class_balanced_focal", {"gamma": -1}, "loss.gamma=-1: must"),
    ("distribution_balanced", {"gamma": -1}, "DistributionBalancedLoss: loss.gamma=-1: must"),
    ("distribution_balanced", {"alpha": -1}, "loss.alpha=-1: must be 0 or more, and finite"),
    ("distribution_balanced", {"beta": 0}, "loss.beta=0: must be above 0, and finite"),
    ("distribution_balanced", {"mu": math.inf}, "loss.mu=inf: must be a finite number"),
    ("distribution_balanced", {"negative_scale": 0}, "loss.negative_scale=0: must be above 0, and finite"),
    ("distribution_balanced", {"kappa": -1}, "loss.kappa=-1: must"),
    ("hill", {"negative_weight": 0.9}, "HillLoss: loss.negative_weight=0.9: must be 1 or more, and finite"),
    ("hill", {"negative_weight": math.inf}, "loss.negative_weight=inf: must"),
    ("hill", {"margin": -1}, "loss.margin=-1: must be 0 or more, and finite"),
    ("hill", {"gamma": -1}, "loss.gamma=-1: must"),
    ("splc", {"tau": 0}, "SPLCLoss: loss.tau=0: must be above 0 and at most 1"),
    ("splc", {"tau": 1.1}, "loss.tau=1.1: must"),
    ("splc", {"change_epoch": -1}, "loss.change_epoch=-1: must be 0 or more"),
    ("splc", {"margin": -1}, "loss.margin=-1: must"),
    ("splc", {"gamma": -1}, "loss.gamma=-1: must"),
    ("large_loss", {"scheme": "permanent"}, "LargeLoss: loss.scheme=permanent: must be rejection or temporary"),
    ("large_loss", {"delta_rel": -1}, "loss.delta_rel=-1: must lie between 0 and 100"),
    ("large_loss", {"delta_rel": 101}, "loss.delta_rel=101: must"),
    ("expected_positive", {"weight": -1}, "ExpectedPositiveLoss: loss.weight=-1: must be 0 or more, and finite"),
    ("expected_positive", {"positives": -1}, "loss.positives=-1: must lie between 0 and the number of labels, 4"),
    ("expected_positive", {"positives": 4.5}, "loss.positives=4.5: must"),
]


def batch(seed: int, films: int = 7, spread: float = 4.0) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    logits = spread * torch.randn(films, 4, generator=random)
    return logits, (torch.rand(films, 4, generator=random) < 0.3).float()


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), spread=st.floats(0, 1e4))
def test_it_is_a_finite_number_not_below_zero(loss, seed: int, spread: float) -> None:
    value = loss(*batch(seed, spread=spread))
    assert value.shape == ()
    assert value.isfinite()
    assert value >= 0


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), order=st.permutations(range(7)))
def test_the_order_of_films_does_not_count(loss, seed: int, order: list[int]) -> None:
    logits, targets = batch(seed)
    assert loss(logits[order], targets[order]).item() == pytest.approx(loss(logits, targets).item(), rel=1e-5)


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), times=st.integers(2, 5))
def test_it_is_a_mean_over_films(loss, seed: int, times: int) -> None:
    logits, targets = batch(seed)
    repeated = loss(logits.repeat(times, 1), targets.repeat(times, 1))
    assert repeated.item() == pytest.approx(loss(logits, targets).item(), rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_are_those_of_the_function(make_loss, name: str, seed: int) -> None:
    logits, targets = batch(seed, films=3)
    assert torch.autograd.gradcheck(make_loss(name).double(), (logits.double().requires_grad_(), targets.double()))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_computed_in_float32(loss, dtype: torch.dtype) -> None:
    logits, targets = batch(0)
    value = loss(logits.to(dtype), targets.to(dtype))
    assert value.dtype == torch.float32
    assert torch.equal(value, loss(logits.to(dtype).float(), targets))


def test_mixed_precision_changes_nothing(loss) -> None:
    logits, targets = batch(0)
    with torch.autocast("cpu", torch.bfloat16):
        mixed = loss(logits, targets)
    assert torch.equal(mixed, loss(logits, targets))


def test_its_tensors_move_with_it(make_loss, name: str) -> None:
    loss = make_loss(name).to("meta")
    assert loss(torch.empty(3, 4, device="meta"), torch.empty(3, 4, device="meta")).device.type == "meta"


def test_its_state_is_restored(make_loss, name: str) -> None:
    state = make_loss(name).state_dict()
    other = make_loss(name, counts=(30, 20, 5, 1))
    other.load_state_dict(state)
    assert torch.equal(other(*batch(0)), make_loss(name)(*batch(0)))


def test_label_weights_are_there_where_labels_are_weighted(loss, name: str) -> None:
    assert hasattr(loss, "label_weights") == (name in WEIGHTED)
    if name in WEIGHTED:
        assert loss.label_weights.shape == (4,)
        assert loss.label_weights.mean().item() == pytest.approx(1)
        assert loss.label_weights[0] < loss.label_weights[1] < loss.label_weights[2]


@pytest.mark.parametrize(("name", "setting", "text"), REFUSED)
def test_settings_out_of_range_are_refused_in_words(make_loss, name: str, setting: dict[str, Any], text: str) -> None:
    with pytest.raises(UserError) as caught:
        make_loss(name, **setting)
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("typed", "alpha"), [("null", None), ("balanced", "balanced"), ("1", 1), ("0.25", 0.25)])
def test_alpha_as_it_is_typed(typed: str, alpha: float | str | None) -> None:
    loss = instantiate(
        compose("train", ["loss=focal", f"loss.alpha={typed}"]).loss, label_counts=torch.ones(4), num_examples=9
    )
    assert loss.alpha == alpha
