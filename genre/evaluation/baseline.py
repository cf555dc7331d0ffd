"""The classical model of a run."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from genre.config import BaselineConfig, instantiate
from genre.data.tokens import join_columns
from genre.evaluation.inference import Probabilities
from genre.linguistics.cached import lemmatised
from genre.models.baselines import Model, TextFeatures
from genre.runs import RunFolder
from genre.runs.records import read_labels

_SEPARATOR = "\n"  # between a title and a description


@dataclass(frozen=True)
class BaselineModel:
    """Features and the classifier that reads them.

    Attributes:
        cfg: settings of the run.
        labels: names of the L labels.
        features: fitted.
        model: fitted.
    """

    cfg: BaselineConfig
    labels: tuple[str, ...]
    features: TextFeatures
    model: Model

    @classmethod
    def load(cls, run: RunFolder, cfg: BaselineConfig) -> "BaselineModel":
        """The model of a finished run.

        Raises:
            UserError: when one of its files is missing.
        """
        features: TextFeatures = instantiate(cfg.features)
        features.load(run.architecture)
        classifier = instantiate(cfg.baseline, oversampler=instantiate(cfg.oversample), seed=cfg.seed)
        return cls(cfg, read_labels(run), features, classifier.model.load(run.architecture))

    def save(self, folder: Path) -> None:
        """Write features and classifier as JSON and arrays."""
        self.features.save(folder)
        self.model.save(folder)

    @property
    def size(self) -> int:
        """See `RunModel`."""
        return self.features.size + self.model.size

    def probabilities(self, films: pd.DataFrame, *, limited: bool = False) -> Probabilities:
        """See `RunModel`."""
        if films.empty:
            return Probabilities(np.arange(0), torch.zeros(0, len(self.labels)))
        texts = read_texts(films, self.cfg)
        values = self.model.probabilities(self.features.transform(texts))
        return Probabilities(np.arange(len(films)), torch.from_numpy(values))


def read_texts(films: pd.DataFrame, cfg: BaselineConfig, cache: Path | None = None) -> list[str]:
    """One text per film as the features want it, of its words or of their lemmas; these are kept in `cache`.

    Raises:
        UserError: for a column that the table lacks, or a lemmatiser that is not installed.
    """
    texts = join_columns(films, cfg.data.text, _SEPARATOR)
    return texts if cfg.features.tokens == "words" else lemmatised(texts, instantiate(cfg.lemmatiser), cache)
