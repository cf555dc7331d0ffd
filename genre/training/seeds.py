"""The same settings under several seeds."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from genre.config import RunConfig

Config = TypeVar("Config", bound=RunConfig)


def each_seed(cfg: Config) -> Iterator[Config]:
    """The settings of `cfg.seeds` single runs: seed, seed + 1, ...; the split of the films is the same for all."""
    for seed in range(cfg.seed, cfg.seed + cfg.seeds):
        yield replace(cfg, seed=seed, seeds=1)
