"""What can be known of settings before there are films and a model."""

import torch

from genre.config import TrainConfig, instantiate

_FILMS = 100  # any number: it is the settings' ranges that are checked


def check(cfg: TrainConfig) -> None:
    """Construct what is cheap, so that a value out of range is found now and not in the middle of a sweep.

    Raises:
        UserError: when the loss or the decision refuses a setting.
    """
    counts = torch.full((len(cfg.data.labels),), _FILMS // 2)
    instantiate(cfg.loss, label_counts=counts, num_examples=_FILMS)
    instantiate(cfg.decision)
