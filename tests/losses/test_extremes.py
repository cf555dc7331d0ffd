"""Value and gradient at extreme logits, against the formulas in 150 digits."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import cache

import pytest
import torch
from torch import Tensor, nn

LOGITS = [-1e4, -100.0, -10.0, 0.0, 10.0, 100.0, 1e4]
STEP = Decimal("1e-40")
Formula = Callable[[Decimal, int], Decimal]


def probability(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


def toward(z: Decimal, y: int) -> Decimal:
    return z if y else -z


def bce(z: Decimal, y: int) -> Decimal:
    return (1 + (-toward(z, y)).exp()).ln()


def focal(z: Decimal, y: int, gamma: int = 2) -> Decimal:
    return probability(-toward(z, y)) ** gamma * bce(z, y)


def asymmetric(z: Decimal, y: int) -> Decimal:
    shifted = max(probability(z) - Decimal("0.05"), Decimal(0))
    return focal(z, 1, gamma=1) if y else -(shifted**4) * (1 - shifted).ln()


def distribution_balanced(z: Decimal, y: int) -> Decimal:
    """One label, on 10 of 100 films: the ratio is 1 for a positive and infinite for a negative."""
    weight = Decimal("0.1") + (probability(Decimal(1)) if y else 1)
    shifted = z - Decimal("0.05") * Decimal(9).ln()
    return weight * (focal(shifted, 1) if y else focal(2 * shifted, 0) / 2)


def margin(z: Decimal) -> Decimal:
    """A positive's focal loss of a logit that is 1 lower."""
    return focal(z - 1, 1)


def hill(z: Decimal, y: int) -> Decimal:
    p = probability(z)
    return margin(z) if y else (Decimal("1.5") - p) * p**2


def splc_later(z: Decimal, y: int) -> Decimal:
    return margin(z) if y else focal(z, int(probability(z) > Decimal("0.6")))


def expected_positive(z: Decimal, y: int) -> Decimal:
    """One label, on 10 of 100 films."""
    return y * bce(z, 1) + 10 * (probability(z) - Decimal("0.1")) ** 2


# one label has the weight 1 in all losses whose weights have mean one
FORMULAS: dict[str, Formula] = {
    "asymmetric": asymmetric,
    "bce": bce,
    "class_balanced_bce": bce,
    "class_balanced_focal": focal,
    "distribution_balanced": distribution_balanced,
    "expected_positive": expected_positive,
    "focal": lambda z, y: (Decimal("0.375") if y else Decimal("0.625")) * focal(z, y),
    "hill": hill,
    "large_loss": bce,
    "log_weighted_bce": bce,
    "splc": lambda z, y: margin(z) if y else focal(z, 0),
    "zlpr": bce,
}
# of the losses that change, after the first epoch, a lone negative being the one of largest loss
LATER: list[tuple[str, dict[str, str], Formula]] = [
    ("splc", {}, splc_later),
    ("large_loss", {"scheme": "rejection"}, lambda z, y: y * bce(z, 1)),
    ("large_loss", {"scheme": "temporary"}, lambda z, y: bce(z, 1)),
]
PRECISIONS = pytest.mark.parametrize(
    ("dtype", "digits"), [(torch.float32, 1e-5), (torch.bfloat16, 2**-8)], ids=["float32", "bf16"]
)
GIVE_UP = {"asymmetric", "expected_positive", "hill"}  # negatives that the model is sure are positives, by design


@cache
def exact(formula: Formula, z: float, y: int) -> tuple[float, float]:
    """Value and derivative."""
    with localcontext() as context:
        context.prec = 150
        at = Decimal(z)
        value, before, after = (formula(point, y) for point in (at, at - STEP, at + STEP))
        return float(value), float((after - before) / (2 * STEP))


@pytest.fixture(autouse=True)
def _no_gradient_is_nan_on_the_way():
    with torch.autograd.set_detect_anomaly(True):
        yield


def check(loss: nn.Module, formula: Formula, at: Tensor, target: int, digits: float, absolute: float = 1e-37) -> None:
    """Compare value and gradient at a logit (1, 1). Below 1e-37 float32 has no normal numbers."""
    at.requires_grad_()
    value = loss(at, torch.full((1, 1), float(target), dtype=at.dtype))
    (gradient,) = torch.autograd.grad(value, at)
    expected_value, expected_gradient = exact(formula, at.item(), target)
    assert value.item() == pytest.approx(expected_value, rel=1e-5, abs=absolute)
    assert gradient.item() == pytest.approx(expected_gradient, rel=digits, abs=absolute / 10)


@PRECISIONS
@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("logit", LOGITS)
def test_extreme_logits_keep_value_and_gradient(
    make_loss, name: str, logit: float, target: int, dtype: torch.dtype, digits: float
) -> None:
    loss = make_loss(name, counts=(10,), films=100)
    # torch's own BCE takes differences, of the logit and a logarithm and of a probability and 1, and is exact to a unit
    # in the last place of those
    absolute = 1e-37 if "bce" not in name else 1e-6
    check(loss, FORMULAS[name], torch.full((1, 1), logit, dtype=dtype), target, digits, absolute)


@PRECISIONS
@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("logit", LOGITS)
@pytest.mark.parametrize(("name", "settings", "formula"), LATER, ids=["splc", "rejection", "temporary"])
def test_extreme_logits_keep_value_and_gradient_after_the_first_epoch(
    make_loss,
    name: str,
    settings: dict[str, str],
    formula: Formula,
    logit: float,
    target: int,
    dtype: torch.dtype,
    digits: float,
) -> None:
    loss = make_loss(name, counts=(10,), films=100, **settings)
    loss.start_epoch(1)
    check(loss, formula, torch.full((1, 1), logit, dtype=dtype), target, digits)


def test_far_on_the_wrong_side_the_gradient_pulls_in_full(make_loss, name: str) -> None:
    """All cells of a batch at once."""
    logits = torch.full((2, 4), 1e4)
    logits[0] = -1e4
    targets = torch.tensor([[1.0] * 4, [0.0] * 4])
    logits.requires_grad_()
    (gradient,) = torch.autograd.grad(make_loss(name)(logits, targets), logits)
    assert (gradient[0] < 0).all()
    assert (gradient[1] == 0).all() if name in GIVE_UP else (gradient[1] > 0).all()


def test_the_clip_is_met_in_float32_without_a_jump(make_loss) -> None:
    """Logits one after the other across the clip, where p and the clip differ by less than float32 tells apart."""
    logits = torch.logit(torch.tensor(0.999)) + 1e-6 * torch.arange(-1000, 1001)
    loss = make_loss("asymmetric", clip=0.999, gamma_neg=0, counts=(10,))
    logits.requires_grad_()
    (gradient,) = torch.autograd.grad(loss(logits[:, None], torch.zeros(2001, 1)), logits)
    assert gradient.isfinite().all()
    assert gradient[:900].eq(0).all()
    assert gradient[1100:].gt(0).all()
