"""What can be known of settings before there are films and a model."""

import torch

from genre.config import BaselineConfig, RunConfig, TrainConfig, instantiate

_FILMS, _LABELS = 100, 2  # any numbers: it is the settings' ranges that are checked


def check(cfg: RunConfig) -> None:
    """Construct what is cheap, so that a value out of range is found now and not in the middle of a sweep.

    Raises:
        UserError: when a part refuses a setting.
    """
    instantiate(cfg.decision)
    if isinstance(cfg, BaselineConfig):
        instantiate(cfg.baseline, oversampler=instantiate(cfg.oversample), seed=cfg.seed)
    if isinstance(cfg, TrainConfig):
        counts = torch.full((_LABELS,), _FILMS // 2)
        instantiate(cfg.loss, label_counts=counts, num_examples=_FILMS)
