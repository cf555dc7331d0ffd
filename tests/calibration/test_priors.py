"""Shares of labels found without labels: against Bayes' rule, and a likelihood maximised by scipy."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from genre.calibration.priors import adapted_to_shares


def posterior(scores: np.ndarray, share: float) -> np.ndarray:
    """Of a label whose texts have scores around 1 and the others around -1."""
    true, false = share * norm.pdf(scores, 1), (1 - share) * norm.pdf(scores, -1)
    return np.asarray(true / (true + false))


def drawn(share: float, films: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    has = random.random(films) < share
    return np.asarray(random.normal(np.where(has, 1, -1)))


@pytest.mark.parametrize(("before", "there"), [(0.3, 0.1), (0.1, 0.6), (0.5, 0.5), (0.05, 0.02)])
def test_the_new_share_and_bayes_rule_with_it_are_found(before: float, there: float) -> None:
    scores = drawn(there, 40_000, seed=1)
    found, share = adapted_to_shares(torch.from_numpy(posterior(scores, before))[:, None], torch.tensor([before]))
    assert share.item() == pytest.approx(there, abs=0.012)
    np.testing.assert_allclose(found[:, 0], posterior(scores, share.item()), atol=1e-6)


@given(st.floats(0.02, 0.9), st.floats(0.02, 0.9), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_it_is_the_share_of_the_greatest_likelihood(before: float, there: float, seed: int) -> None:
    """The mean over texts of log(p pi' / pi + (1 - p) (1 - pi') / (1 - pi)), which scipy maximises."""
    chances = posterior(drawn(there, 200, seed), before)
    _, share = adapted_to_shares(torch.from_numpy(chances)[:, None], torch.tensor([before], dtype=torch.double))

    def loss(share: float) -> float:
        return -float(np.log(chances * share / before + (1 - chances) * (1 - share) / (1 - before)).mean())

    best = minimize_scalar(loss, bounds=(1e-9, 1 - 1e-9), method="bounded", options={"xatol": 1e-9})
    assert loss(min(max(share.item(), 1e-12), 1 - 1e-12)) <= best.fun + 1e-6


def test_labels_are_by_themselves_and_a_text_of_which_nothing_is_said_counts_for_none() -> None:
    scores = drawn(0.4, 500, seed=2)
    first, second = torch.from_numpy(posterior(scores, 0.2)), torch.from_numpy(posterior(-scores, 0.7))
    nothing = torch.full((1, 4), torch.nan, dtype=torch.double)
    both = torch.stack([first, second, first, first], dim=1)
    found, shares = adapted_to_shares(
        torch.cat([both[:100], nothing, both[100:]]), torch.tensor([0.2, 0.7, 0.0, 1.0], dtype=torch.double)
    )
    for label, before in enumerate((0.2, 0.7)):
        alone = adapted_to_shares(both[:, [label]], torch.tensor([before], dtype=torch.double))
        torch.testing.assert_close(shares[label], alone[1][0], rtol=0, atol=1e-7)
        torch.testing.assert_close(found[101:, label], alone[0][100:, 0], rtol=0, atol=1e-6)
    assert shares[2:].tolist() == [0, 1]
    assert torch.equal(found[:100, 2:], both[:100, 2:])
    assert found[100].isnan().all()


def test_a_hand_worked_round() -> None:
    """Odds 1 of a share of 1/2: one text sure to have the label, one of even odds; pi' = (1 + pi') / 2 ends at 1."""
    found, share = adapted_to_shares(torch.tensor([[1.0], [0.5]], dtype=torch.double), torch.tensor([0.5]))
    assert share.item() == pytest.approx(1, abs=1e-6)
    assert found.min() > 1 - 1e-6
    unmoved, share = adapted_to_shares(torch.tensor([[0.9], [0.1]], dtype=torch.double), torch.tensor([0.5]))
    assert share.item() == pytest.approx(0.5)
    torch.testing.assert_close(unmoved, torch.tensor([[0.9], [0.1]], dtype=torch.double))


def test_nothing_said_at_all() -> None:
    chances = torch.full((3, 2), torch.nan)
    found, shares = adapted_to_shares(chances, torch.tensor([0.3, 0.4]))
    assert found.isnan().all()
    assert shares.tolist() == torch.tensor([0.3, 0.4]).tolist()
