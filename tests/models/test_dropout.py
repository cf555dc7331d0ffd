"""Dropout that is quick on a processor, against its definition and torch's own."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from torch import Tensor, nn
from torch.nn import functional

from genre.models import TinyClassifier
from genre.models.dropout import QuickDropout


@given(
    shape=st.lists(st.integers(0, 9), min_size=0, max_size=3),
    share=st.sampled_from([0.1, 0.25, 0.5, 0.9]),
    kind=st.sampled_from([torch.float32, torch.bfloat16, torch.float16, torch.float64]),
)
def test_elements_are_dropped_or_scaled(shape: list[int], share: float, kind: torch.dtype) -> None:
    values = torch.ones(shape, dtype=kind)
    with QuickDropout():
        dropped = functional.dropout(values, share)
    assert dropped.shape == values.shape
    assert dropped.dtype == kind
    scale = torch.tensor(65536 / (65536 - round(share * 65536)), dtype=kind)
    assert ((dropped == 0) | (dropped == scale)).all()


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
def test_as_many_are_dropped_as_asked_and_each_by_itself(share: float) -> None:
    torch.manual_seed(7)
    with QuickDropout():
        gone = (functional.dropout(torch.ones(1_000_000), share) == 0).numpy()
    assert binomtest(int(gone.sum()), len(gone), share).pvalue > 1e-4
    for distance in (1, 2, 3, 4, 5, 1000):  # four neighbours are of one draw
        both = gone[:-distance] & gone[distance:]
        assert both.mean() == pytest.approx(share**2, abs=0.002)


def test_a_seed_repeats_it_and_another_does_not() -> None:
    def drawn(seed: int) -> Tensor:
        torch.manual_seed(seed)
        with QuickDropout():
            return functional.dropout(torch.ones(100), 0.3)

    assert torch.equal(drawn(1), drawn(1))
    assert not torch.equal(drawn(1), drawn(2))


def test_gradients_pass_what_was_kept() -> None:
    values = torch.randn(50, 3, requires_grad=True)
    with QuickDropout():
        dropped = functional.dropout(values, 0.4)
    dropped.sum().backward()
    assert values.grad is not None
    torch.testing.assert_close(values.grad * values, dropped)


@pytest.mark.parametrize("mask", ["none", "bool", "float"])
@pytest.mark.parametrize("scale", [None, 0.3])
def test_attention_is_that_of_torch_where_hardly_anything_is_dropped(mask: str, scale: float | None) -> None:
    torch.manual_seed(3)
    query, key, value = (torch.randn(2, 3, 7, 4) for _ in range(3))
    places = torch.arange(7) < torch.tensor([[7], [4]])  # (2, T)
    masks = {"none": None, "bool": places[:, None, None], "float": torch.randn(2, 1, 7, 7)}
    settings: dict[str, Any] = {"attn_mask": masks[mask], "scale": scale}
    wanted = functional.scaled_dot_product_attention(query, key, value, **settings)
    with QuickDropout():  # 1e-9 is rounded to none of 65536
        found = functional.scaled_dot_product_attention(query, key, value, dropout_p=1e-9, **settings)
    torch.testing.assert_close(found, wanted)
    assert not torch.equal(found, wanted)  # another way to it: this was not torch's own


def test_attention_drops_weights_and_is_right_on_average() -> None:
    torch.manual_seed(4)
    query, key = torch.randn(2, 1, 1, 6, 4).unbind()
    whole = functional.scaled_dot_product_attention(query, key, torch.eye(6)[None, None])  # its weights (T, T)
    with QuickDropout():
        several = torch.stack(
            [
                functional.scaled_dot_product_attention(query, key, torch.eye(6)[None, None], dropout_p=0.25)
                for _ in range(4000)
            ]
        )
    assert (several == 0).float().mean() == pytest.approx(0.25, abs=0.01)
    torch.testing.assert_close(several.mean(dim=0), whole, atol=0.02, rtol=0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: functional.dropout(torch.ones(9), 0.5, training=False),
        lambda: functional.dropout(torch.ones(9), 0.0),
        lambda: functional.dropout(torch.ones(9), 1.0),
        lambda: functional.dropout(torch.ones(9), 0.5, inplace=True),
        lambda: functional.scaled_dot_product_attention(*torch.ones(3, 1, 2, 3), is_causal=True, dropout_p=0.5),
        lambda: functional.scaled_dot_product_attention(*torch.ones(3, 1, 2, 3)),
    ],
)
def test_all_else_is_left_to_torch(call: Callable[[], Tensor]) -> None:
    torch.manual_seed(5)
    wanted = call()
    torch.manual_seed(5)
    with QuickDropout():
        assert torch.equal(call(), wanted)


def test_a_network_of_transformers_trains_in_it() -> None:
    """Its dropout and its attention are found, also under mixed precision."""
    network = TinyClassifier(layers=1, heads=2, width=16, pooling="mean", labels=["a", "b"]).train()
    drops = [part.p for part in network.modules() if isinstance(part, nn.Dropout)]
    assert min(drops) > 0
    calls = []

    class Counting(QuickDropout):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            calls.append(func)
            return super().__torch_function__(func, types, args, kwargs)

    batch = {"input_ids": torch.randint(5, 99, (3, 6)), "attention_mask": torch.ones(3, 6, dtype=torch.long)}
    with torch.autocast("cpu", torch.bfloat16), Counting():
        network(**batch).sum().backward()
    assert functional.dropout in calls
    assert functional.scaled_dot_product_attention in calls
    assert np.isfinite(
        sum(float(weight.grad.abs().sum()) for weight in network.parameters() if weight.grad is not None)
    )
