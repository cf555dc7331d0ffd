"""The shipped losses, made from conf/loss/ as the trainer makes them."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch
from torch import nn

from genre.config import compose, instantiate
from genre.config.schema import LossConfig
from genre.paths import CONF_DIR

MakeLoss = Callable[..., nn.Module]


@cache
def shipped(name: str) -> LossConfig:
    return compose("train", [f"loss={name}"]).loss


@pytest.fixture(scope="session", params=sorted(file.stem for file in (CONF_DIR / "loss").glob("*.yaml")))
def name(request: pytest.FixtureRequest) -> str:
    """Each loss in conf/loss/ in turn."""
    return request.param


@pytest.fixture(scope="session")
def make_loss() -> MakeLoss:
    """`make_loss(name, gamma=1, ...)`: with the counts of a small long-tailed set unless told otherwise."""

    def make(
        name: str, counts: tuple[int, ...] = (40, 10, 3, 0), films: int | torch.Tensor = 60, **settings: Any
    ) -> nn.Module:
        return instantiate(replace(shipped(name), **settings), label_counts=torch.tensor(counts), num_examples=films)

    return make


@pytest.fixture(scope="session")
def loss(make_loss: MakeLoss, name: str) -> nn.Module:
    """Each shipped loss as it is; do not change it."""
    return make_loss(name)
