"""A training that is cut off."""

import pytest

from genre.config import TrainConfig
from genre.models import GenreClassifier
from genre.training import train


def interrupted_training(cfg: TrainConfig) -> None:
    """Train until Ctrl-C comes in the second epoch."""

    def interrupt(module: GenreClassifier) -> None:
        if module.current_epoch == 1:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GenreClassifier, "on_train_epoch_start", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(cfg)
