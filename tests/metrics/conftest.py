"""Films with everything that a metric may stumble over."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

Films = Callable[..., tuple[Tensor, Tensor, Tensor]]
PartlyKnown = Callable[..., tuple[Tensor, Tensor, Tensor, Tensor]]


@pytest.fixture(scope="session")
def random_films() -> Films:
    """`random_films(seed, films)`: probabilities with ties, predicted and true sets of 21 labels, some empty."""

    def make(seed: int, films: int = 60, decimals: int = 1) -> tuple[Tensor, Tensor, Tensor]:
        random = np.random.default_rng(seed)
        shares = np.linspace(0.4, 0.0, 21)
        targets = (random.random((films, 21)) < shares).astype(int)
        targets[random.random(films) < 0.2] = 0
        targets[random.random(films) < 0.05] = 1
        targets[:, random.integers(21)] = 0
        probabilities = (random.random((films, 21)) * 0.7 + 0.3 * targets).round(decimals)
        predicted = (probabilities > 0.55).astype(int)
        predicted[random.random(films) < 0.2] = 0
        predicted[:, random.integers(21)] = 0
        return torch.from_numpy(probabilities), torch.from_numpy(predicted), torch.from_numpy(targets)

    return make


@pytest.fixture(scope="session")
def partly_known(random_films: Films) -> PartlyKnown:
    """`partly_known(seed, films)`: random films and what is known of them, of some films and labels nothing."""

    def make(seed: int, films: int = 60, decimals: int = 1) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        probabilities, predicted, targets = random_films(seed, films, decimals)
        random = np.random.default_rng([seed, films])
        known = random.random(targets.shape) < random.random()
        known[random.random(films) < 0.2] = False
        known[:, random.integers(21)] = False
        known = torch.from_numpy(known)
        return probabilities, predicted, targets * known, known

    return make
