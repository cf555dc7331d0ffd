import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genre.decision import decide, fallback_share

probability_rows = arrays("float32", st.tuples(st.integers(1, 20), st.just(5)), elements=st.floats(0, 1, width=32))


def test_a_case_by_hand() -> None:
    probabilities = torch.tensor([[0.9, 0.5, 0.1], [0.2, 0.4, 0.3], [0.0, 0.0, 0.0]])
    assert decide(probabilities, torch.full((3,), 0.5)).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert decide(probabilities, torch.tensor([0.95, 0.6, 0.05])).tolist() == [[0, 0, 1], [0, 0, 1], [1, 0, 0]]


def test_the_ratio_prefers_what_is_nearest_to_its_threshold() -> None:
    probabilities, thresholds = torch.tensor([[0.4, 0.18, 0.0]]), torch.tensor([0.8, 0.2, 0.5])
    assert decide(probabilities, thresholds, "probability").tolist() == [[1, 0, 0]]
    assert decide(probabilities, thresholds, "ratio").tolist() == [[0, 1, 0]]  # 0.9 of its threshold against 0.5
    with pytest.raises(ValueError, match="decision.fallback=nearest: must be one of probability, ratio"):
        decide(probabilities, thresholds, "nearest")


@given(probability_rows, st.floats(0.01, 0.99), st.sampled_from(["probability", "ratio"]))
def test_every_film_gets_a_label_and_thresholds_are_kept(rows, threshold: float, fallback: str) -> None:
    probabilities, thresholds = torch.from_numpy(rows), torch.full((5,), threshold)
    chosen = decide(probabilities, thresholds, fallback)
    assert (chosen.sum(dim=1) >= 1).all()
    above = probabilities >= threshold
    assert (chosen[above] == 1).all()
    only_fallback = above.sum(dim=1) == 0
    assert (chosen[only_fallback].sum(dim=1) == 1).all()
    assert torch.equal(chosen[~only_fallback].bool(), above[~only_fallback])
    assert fallback_share(probabilities, thresholds) == pytest.approx(only_fallback.double().mean())


def test_no_films() -> None:
    assert decide(torch.zeros(0, 3), torch.full((3,), 0.5)).shape == (0, 3)
