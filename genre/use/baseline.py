"""A classical model that reads texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from genre.config import BaselineConfig, instantiate
from genre.data.tokens import join_columns
from genre.models.baselines import Model, TextFeatures
from genre.models.baselines.features import SEPARATOR
from genre.runs.folder import RunFolder
from genre.runs.intact import intact
from genre.runs.records import read_labels
from genre.use.scorer import Scores


@dataclass(frozen=True)
class BaselineModel:
    """Features and the classifier that reads them; see `Scorer`.

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
            UserError: when one of its files is missing or damaged.
        """
        features: TextFeatures = instantiate(cfg.features)
        classifier = instantiate(cfg.baseline, oversampler=instantiate(cfg.oversample), seed=cfg.seed)
        with intact(run.architecture):
            features.load(run.architecture)
            return cls(cfg, read_labels(run), features, classifier.model.load(run.architecture))

    def save(self, folder: Path) -> None:
        """Write features and classifier as JSON and arrays."""
        self.features.save(folder)
        self.model.save(folder)

    @property
    def separator(self) -> str:
        """See `Scorer`."""
        return SEPARATOR

    @property
    def size(self) -> int:
        """See `Scorer`."""
        return self.features.size + self.model.size

    def batches(self, texts: Sequence[str], *, progress: bool = False) -> Iterator[tuple[range, Scores]]:
        """See `Scorer`: all at once, too quick for a bar."""
        if texts:
            words = _words(texts, self.cfg, None)
            yield range(len(texts)), self.model.probabilities(self.features.transform(words))


def read_texts(films: pd.DataFrame, cfg: BaselineConfig, cache: Path | None = None) -> list[str]:
    """One text per film as the features want it, of its words or of their lemmas; these are kept in `cache`.

    Raises:
        UserError: for a column that the table lacks, or a lemmatiser that is not installed.
    """
    return _words(join_columns(films, cfg.data.text, SEPARATOR), cfg, cache)


def _words(texts: Sequence[str], cfg: BaselineConfig, cache: Path | None) -> list[str]:
    if cfg.features.tokens == "words":
        return list(texts)
    from genre.linguistics.cached import lemmatised  # a second to import

    return lemmatised(texts, instantiate(cfg.lemmatiser), cache)
