import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genre.decision import decide, fixed_thresholds

probability_rows = arrays("float32", st.tuples(st.integers(1, 20), st.just(5)), elements=st.floats(0, 1, width=32))


def test_a_case_by_hand() -> None:
    probabilities = torch.tensor([[0.9, 0.5, 0.1], [0.2, 0.4, 0.3], [0.0, 0.0, 0.0]])
    assert decide(probabilities, fixed_thresholds(0.5, 3)).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert decide(probabilities, torch.tensor([0.95, 0.6, 0.05])).tolist() == [[0, 0, 1], [0, 0, 1], [1, 0, 0]]


@given(probability_rows, st.floats(0.01, 0.99))
def test_every_film_gets_a_label_and_thresholds_are_kept(rows, threshold: float) -> None:
    probabilities = torch.from_numpy(rows)
    chosen = decide(probabilities, fixed_thresholds(threshold, 5))
    assert (chosen.sum(dim=1) >= 1).all()
    above = probabilities >= torch.tensor(threshold)
    assert (chosen[above] == 1).all()
    only_fallback = above.sum(dim=1) == 0
    assert (chosen[only_fallback].sum(dim=1) == 1).all()
    assert torch.equal(chosen[~only_fallback].bool(), above[~only_fallback])


def test_no_films() -> None:
    assert decide(torch.zeros(0, 3), fixed_thresholds(0.5, 3)).shape == (0, 3)
