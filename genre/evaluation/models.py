"""The model of a finished run, whatever its kind."""

from typing import Protocol

import pandas as pd

from genre.config import BaselineConfig, RunConfig, TrainConfig
from genre.evaluation.baseline import BaselineModel
from genre.evaluation.inference import Probabilities
from genre.evaluation.network import NetworkModel
from genre.runs import RunFolder


class RunModel(Protocol):
    """Gives probabilities as the run did."""

    @property
    def size(self) -> int:
        """How many numbers it consists of."""
        ...

    def probabilities(self, films: pd.DataFrame, *, limited: bool = False) -> Probabilities:
        """Of films with the columns of `data.text`; `limited` to as many as the run itself looked at in each part."""
        ...


def load_model(run: RunFolder, cfg: RunConfig) -> RunModel:
    """The model of a finished run with these settings.

    Raises:
        UserError: when its file is missing or belongs to another model.
    """
    if isinstance(cfg, BaselineConfig):
        return BaselineModel.load(run, cfg)
    assert isinstance(cfg, TrainConfig)
    return NetworkModel(run, cfg)
