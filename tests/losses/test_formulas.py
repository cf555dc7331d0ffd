"""Losses against their formulas, written out in float64 with plain probabilities, and against one another."""

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

COUNTS = (40, 10, 3, 1)
FILMS = 60
Cell = Callable[[float, float, int], float]

unit = st.floats(0, 1)
exponents = st.floats(0, 5)
seeds = st.integers(0, 1000)
few = settings(max_examples=30)


def example(seed: int, films: int = 7) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    logits = 4 * torch.randn(films, 4, generator=random, dtype=torch.float64)
    return logits, (torch.rand(films, 4, generator=random) < 0.3).double()


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def mean(logits: Tensor, targets: Tensor, film: Callable[[list[float], list[float]], float]) -> float:
    """The mean over cells of what `film` gives for all cells of a film together."""
    rows = zip(logits.tolist(), targets.tolist(), strict=True)
    return sum(film(z, y) for z, y in rows) / logits.numel()


def check(loss: nn.Module, seed: int, cell: Cell) -> None:
    """Compare with a formula for one cell: logit, target, label -> term."""
    logits, targets = example(seed)
    expected = mean(logits, targets, lambda z, y: sum(cell(*each, k) for k, each in enumerate(zip(z, y, strict=True))))
    assert loss(logits, targets).item() == pytest.approx(expected, rel=1e-6, abs=1e-12)


def bce(z: float, y: float) -> float:
    return -y * math.log(sigmoid(z)) - (1 - y) * math.log(1 - sigmoid(z))


def focal(z: float, y: float, gamma: float) -> float:
    p_true = sigmoid(z) if y else 1 - sigmoid(z)
    return -((1 - p_true) ** gamma) * math.log(p_true)


@few
@given(seed=seeds, smoothing=st.floats(0, 0.9))
def test_bce(make_loss, seed: int, smoothing: float) -> None:
    loss = make_loss("bce", label_smoothing=smoothing)
    check(loss, seed, lambda z, y, k: bce(z, y * (1 - smoothing) + smoothing / 2))


def test_bce_without_smoothing_is_that_of_torch(make_loss) -> None:
    logits, targets = example(0)
    assert torch.equal(make_loss("bce")(logits, targets), nn.BCEWithLogitsLoss()(logits, targets))


def log_weights() -> list[float]:
    raw = [math.log(FILMS / (count + 1)) for count in COUNTS]
    return [value / (sum(raw) / len(raw)) for value in raw]


@pytest.mark.parametrize("seed", range(5))
def test_log_weighted_bce_on_positives(make_loss, seed: int) -> None:
    weights = log_weights()
    loss = make_loss("log_weighted_bce", counts=COUNTS)
    check(loss, seed, lambda z, y, k: (weights[k] if y else 1) * bce(z, y))


@pytest.mark.parametrize("seed", range(5))
def test_log_weighted_bce_on_all_of_a_label(make_loss, seed: int) -> None:
    weights = log_weights()
    loss = make_loss("log_weighted_bce", use="label_weight", counts=COUNTS)
    check(loss, seed, lambda z, y, k: weights[k] * bce(z, y))


@pytest.mark.parametrize(("use", "argument"), [("pos_weight", "pos_weight"), ("label_weight", "weight")])
def test_log_weighted_bce_is_that_of_torch(make_loss, use: str, argument: str) -> None:
    logits, targets = example(0)
    theirs = nn.BCEWithLogitsLoss(**{argument: torch.tensor(log_weights())})
    loss = make_loss("log_weighted_bce", use=use, counts=COUNTS)
    assert loss(logits, targets).item() == pytest.approx(theirs(logits, targets).item(), rel=1e-6)


@few
@given(seed=seeds, alpha=unit, gamma=exponents)
def test_focal(make_loss, seed: int, alpha: float, gamma: float) -> None:
    loss = make_loss("focal", alpha=alpha, gamma=gamma)
    check(loss, seed, lambda z, y, k: (alpha if y else 1 - alpha) * focal(z, y, gamma))


@few
@given(seed=seeds, gamma=exponents)
def test_focal_without_alpha(make_loss, seed: int, gamma: float) -> None:
    check(make_loss("focal", alpha=None, gamma=gamma), seed, lambda z, y, k: focal(z, y, gamma))


@pytest.mark.parametrize("seed", range(5))
def test_balanced_focal(make_loss, seed: int) -> None:
    alphas = [1 - count / FILMS for count in COUNTS]
    loss = make_loss("focal", alpha="balanced", counts=COUNTS)
    check(loss, seed, lambda z, y, k: (alphas[k] if y else 1 - alphas[k]) * focal(z, y, 2))


@few
@given(seed=seeds, alpha=unit, gamma=exponents)
def test_focal_is_that_of_torchvision(make_loss, seed: int, alpha: float, gamma: float) -> None:
    """The formula of `torchvision.ops.sigmoid_focal_loss(reduction="mean")`: the package has no build for every torch."""
    logits, targets = example(seed)
    p = logits.sigmoid()
    p_true = p * targets + (1 - p) * (1 - targets)
    alpha_true = alpha * targets + (1 - alpha) * (1 - targets)
    cells = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    expected = (alpha_true * cells * (1 - p_true) ** gamma).mean().item()
    loss = make_loss("focal", alpha=alpha, gamma=gamma)
    assert loss(logits, targets).item() == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_a_focal_value_worked_by_hand(make_loss) -> None:
    """p = 0.8 for a positive: 0.25 * 0.2^2 * -ln 0.8 = 0.002231."""
    logit = torch.tensor([[math.log(4.0)]], dtype=torch.float64)
    loss = make_loss("focal", alpha=0.25, counts=(3,))
    assert loss(logit, torch.ones(1, 1)).item() == pytest.approx(0.25 * 0.04 * 0.2231435513, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_focal_with_gamma_0_and_alpha_a_half_is_half_of_bce(make_loss, seed: int) -> None:
    logits, targets = example(seed)
    half = make_loss("focal", alpha=0.5, gamma=0)(logits, targets)
    assert 2 * half.item() == pytest.approx(make_loss("bce")(logits, targets).item(), rel=1e-12)


@few
@given(seed=seeds, gamma_neg=exponents, gamma_pos=exponents, clip=st.floats(0, 0.99))
def test_asymmetric(make_loss, seed: int, gamma_neg: float, gamma_pos: float, clip: float) -> None:
    def cell(z: float, y: float, k: int) -> float:
        p = sigmoid(z)
        shifted = max(p - clip, 0)
        return -((1 - p) ** gamma_pos) * math.log(p) if y else -(shifted**gamma_neg) * math.log(1 - shifted)

    loss = make_loss("asymmetric", gamma_neg=gamma_neg, gamma_pos=gamma_pos, clip=clip)
    check(loss.double(), seed, cell)


@few
@given(seed=seeds, gamma=exponents)
def test_asymmetric_without_clip_is_focal(make_loss, seed: int, gamma: float) -> None:
    logits, targets = example(seed)
    loss = make_loss("asymmetric", gamma_neg=gamma, gamma_pos=gamma, clip=0)
    same = make_loss("focal", alpha=None, gamma=gamma)
    assert torch.equal(loss(logits, targets), same(logits, targets))


@pytest.mark.parametrize("seed", range(5))
def test_asymmetric_with_nothing_but_zeros_is_bce(make_loss, seed: int) -> None:
    logits, targets = example(seed)
    loss = make_loss("asymmetric", gamma_neg=0, gamma_pos=0, clip=0)
    assert loss(logits, targets).item() == pytest.approx(make_loss("bce")(logits, targets).item(), rel=1e-12)


@pytest.mark.parametrize("distance", [1e-6, 1e-3])
def test_asymmetric_around_the_clip(make_loss, distance: float) -> None:
    """Below it there is neither loss nor gradient, just above it both are there and finite."""
    loss = make_loss("asymmetric", gamma_neg=0.5).double()
    for side in (-1, 1):
        logit = torch.logit(torch.tensor([[0.05 + side * distance]], dtype=torch.float64)).requires_grad_()
        value = loss(logit, torch.zeros(1, 1))
        (gradient,) = torch.autograd.grad(value, logit)
        expected = distance**0.5 * -math.log1p(-distance) if side > 0 else 0
        assert value.item() == pytest.approx(expected, rel=1e-2)
        assert (gradient > 0) == (side > 0)
        assert gradient.isfinite()


@pytest.mark.parametrize("seed", range(5))
def test_zlpr(make_loss, seed: int) -> None:
    def film(z: list[float], y: list[float]) -> float:
        pairs = list(zip(z, y, strict=True))
        positives = sum(math.exp(-logit) for logit, target in pairs if target)
        negatives = sum(math.exp(logit) for logit, target in pairs if not target)
        return math.log(1 + positives) + math.log(1 + negatives)

    logits, targets = example(seed)
    assert make_loss("zlpr")(logits, targets).item() == pytest.approx(mean(logits, targets, film), rel=1e-9)


def test_zlpr_of_a_film_with_one_label_in_all_is_bce(make_loss) -> None:
    logits, targets = example(0)
    loss = make_loss("zlpr", counts=(3,))
    expected = make_loss("bce")(logits[:, :1], targets[:, :1])
    assert loss(logits[:, :1], targets[:, :1]).item() == pytest.approx(expected.item(), rel=1e-12)


def effective_weights(beta: float) -> list[float]:
    raw = [(1 - beta) / (1 - beta**count) for count in COUNTS]
    return [value / (sum(raw) / len(raw)) for value in raw]


@few
@given(seed=seeds, beta=st.floats(0, 0.99))
def test_class_balanced_bce(make_loss, seed: int, beta: float) -> None:
    weights = effective_weights(beta)
    loss = make_loss("class_balanced_bce", beta=beta, counts=COUNTS)
    check(loss, seed, lambda z, y, k: weights[k] * bce(z, y))


@few
@given(seed=seeds, beta=st.floats(0, 0.99), gamma=exponents)
def test_class_balanced_focal(make_loss, seed: int, beta: float, gamma: float) -> None:
    weights = effective_weights(beta)
    loss = make_loss("class_balanced_focal", beta=beta, gamma=gamma, counts=COUNTS)
    check(loss, seed, lambda z, y, k: weights[k] * focal(z, y, gamma))


@few
@given(
    seed=seeds,
    gamma=exponents,
    alpha=unit,
    beta=st.floats(0.1, 20),
    mu=unit,
    scale=st.floats(0.5, 5),
    kappa=unit,
)
def test_distribution_balanced(
    make_loss, seed: int, gamma: float, alpha: float, beta: float, mu: float, scale: float, kappa: float
) -> None:
    def film(z: list[float], y: list[float]) -> float:
        by_film = sum(target / count for target, count in zip(y, COUNTS, strict=True)) / 4
        total = 0.0
        for logit, target, count in zip(z, y, COUNTS, strict=True):
            weight = alpha + (sigmoid(beta * (1 / 4 / count / by_film - mu)) if by_film else 1)
            shift = kappa * math.log(FILMS / count - 1)
            q = sigmoid(logit - shift) if target else sigmoid(scale * (logit - shift))
            term = -((1 - q) ** gamma) * math.log(q) if target else -(q**gamma) * math.log1p(-q) / scale
            total += weight * term
        return total

    logits, targets = example(seed)
    logits /= 2  # steep negatives would leave plain probabilities at 1
    settings = {"gamma": gamma, "alpha": alpha, "beta": beta, "mu": mu, "negative_scale": scale, "kappa": kappa}
    loss = make_loss("distribution_balanced", counts=COUNTS, **settings)
    assert loss(logits, targets).item() == pytest.approx(mean(logits, targets, film), rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_distribution_balanced_with_all_of_it_switched_off_is_focal(make_loss, seed: int) -> None:
    logits, targets = example(seed)
    off = {"alpha": 0.5, "beta": 1e-9, "negative_scale": 1, "kappa": 0}  # the sigmoid is one half everywhere
    targets[:, 0] = 1
    loss = make_loss("distribution_balanced", **off)(logits, targets)
    assert loss.item() == pytest.approx(make_loss("focal", alpha=None)(logits, targets).item(), rel=1e-6)


@few
@given(seed=seeds, weight=st.floats(1, 4), margin=st.floats(0, 3), gamma=exponents)
def test_hill(make_loss, seed: int, weight: float, margin: float, gamma: float) -> None:
    def cell(z: float, y: float, k: int) -> float:
        return focal(z - margin, 1, gamma) if y else (weight - sigmoid(z)) * sigmoid(z) ** 2

    check(make_loss("hill", negative_weight=weight, margin=margin, gamma=gamma), seed, cell)


def test_hill_worked_by_hand(make_loss) -> None:
    """Negatives with p = 1/2 and 4/5: 1 * 1/4 and 0.7 * 16/25; a positive with 4/5 after the margin: (1/5)^2 * -ln 4/5."""
    logits = torch.tensor([[0, math.log(4), math.log(4) + 1]], dtype=torch.float64)
    expected = (0.25 + 0.448 + 0.04 * 0.2231435513) / 3
    loss = make_loss("hill", counts=(3, 3, 3))
    assert loss(logits, torch.tensor([[0.0, 0.0, 1.0]])).item() == pytest.approx(expected, rel=1e-9)


def test_the_gradient_of_a_negative_is_a_hill(make_loss) -> None:
    """3 p^2 (1 - p)^2; with a lambda of 1.2 it is negative above p = 0.8."""
    p = torch.linspace(0.01, 0.99, 99, dtype=torch.float64)[:, None]
    logits = torch.logit(p).requires_grad_()
    gradients = []
    for weight in (1.5, 1.2):
        loss = make_loss("hill", negative_weight=weight, counts=(3,))
        (gradient,) = torch.autograd.grad(loss(logits, torch.zeros_like(logits)), logits)
        gradients.append(99 * gradient)
    assert torch.allclose(gradients[0], 3 * p**2 * (1 - p) ** 2, rtol=1e-9)
    assert gradients[0].argmax() == 49  # p = 1/2
    assert torch.equal(gradients[1] < 0, p > 0.8 + 1e-9)


def test_positives_of_hill_without_margin_and_focus_have_bce(make_loss) -> None:
    logits, _ = example(0)
    loss = make_loss("hill", margin=0, gamma=0)
    expected = make_loss("bce")(logits, torch.ones_like(logits)).item()
    assert loss(logits, torch.ones_like(logits)).item() == pytest.approx(expected, rel=1e-12)


@few
@given(seed=seeds, tau=st.floats(0.05, 1), margin=st.floats(0, 3), gamma=exponents, epoch=st.integers(0, 4))
def test_splc(make_loss, seed: int, tau: float, margin: float, gamma: float, epoch: int) -> None:
    def cell(z: float, y: float, k: int) -> float:
        if y:
            return focal(z - margin, 1, gamma)
        return focal(z, 1, gamma) if epoch >= 2 and sigmoid(z) > tau else focal(z, 0, gamma)

    loss = make_loss("splc", tau=tau, margin=margin, gamma=gamma, change_epoch=2)
    loss.start_epoch(epoch)
    check(loss, seed, cell)


@few
@given(seed=seeds, delta=st.sampled_from([0, 0.2, 10, 30, 100]), epoch=st.integers(0, 4), rejection=st.booleans())
def test_large_loss(make_loss, seed: int, delta: float, epoch: int, rejection: bool) -> None:
    logits, targets = example(seed)
    negatives = sorted((z for z, y in zip(logits.flatten().tolist(), targets.flatten().tolist(), strict=True) if not y))
    large = min(math.ceil(len(negatives) * delta * epoch / 100), len(negatives))
    doubted = negatives[len(negatives) - large :]

    def cell(z: float, y: float, k: int) -> float:
        if not y and z in doubted:
            return 0 if rejection else bce(z, 1)
        return bce(z, y)

    loss = make_loss("large_loss", scheme="rejection" if rejection else "temporary", delta_rel=delta)
    loss.start_epoch(epoch)
    check(loss, seed, cell)


@few
@given(seed=seeds, weight=exponents, positives=st.floats(0, 4))
def test_expected_positive(make_loss, seed: int, weight: float, positives: float) -> None:
    logits, targets = example(seed)
    given = sum(sigmoid(z) for z in logits.flatten().tolist()) / len(logits)
    observed = mean(logits, targets, lambda zs, ys: sum(bce(z, 1) for z, y in zip(zs, ys, strict=True) if y))
    loss = make_loss("expected_positive", weight=weight, positives=positives).double()
    expected = observed + weight * ((given - positives) / 4) ** 2
    assert loss(logits, targets).item() == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_an_expected_positive_value_worked_by_hand(make_loss) -> None:
    """Two films with p = 4/5, 1/5 and 1/2, 1/2 have one label each on average, half a label too many; one is observed."""
    logits = torch.tensor([[math.log(4), -math.log(4)], [0, 0]], dtype=torch.float64)
    loss = make_loss("expected_positive", positives=0.5, weight=2, counts=(3, 3))
    expected = 0.2231435513 / 4 + 2 * (0.5 / 2) ** 2
    assert loss(logits, torch.tensor([[1.0, 0.0], [0.0, 0.0]])).item() == pytest.approx(expected, rel=1e-9)
