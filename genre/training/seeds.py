"""The same settings under several seeds."""

from collections.abc import Iterator
from dataclasses import replace

from genre.config import TrainConfig


def each_seed(cfg: TrainConfig) -> Iterator[TrainConfig]:
    """The settings of `cfg.seeds` single runs: seed, seed + 1, ...; the split of the films is the same for all."""
    for seed in range(cfg.seed, cfg.seed + cfg.seeds):
        yield replace(cfg, seed=seed, seeds=1)
