"""A classical model fitted on training films, its setting and thresholds chosen on validation films."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from genre.config import BaselineConfig, instantiate
from genre.data.split import Split
from genre.decision import Decision
from genre.metrics import ranking_metrics
from genre.models.baselines import Classifier, Matrix, Model, TextFeatures
from genre.sampling import Labels, Oversampler

log = logging.getLogger(__name__)


class Choice(NamedTuple):
    """A model with the setting that suits validation films best.

    Attributes:
        model: fitted with it.
        setting: which one.
        scores: mean average precision on validation films of each setting that was tried.
    """

    model: Model
    setting: float
    scores: dict[float, float]


class Fitted(NamedTuple):
    """All that comes of one split.

    Attributes:
        features: fitted on the training films.
        choice: the classifier.
        label_counts: training films with each label, what an oversampler added among them (L,).
        val: probabilities of the validation films (B, L).
        thresholds: tuned on these (L,).
        test: probabilities of the test films (B, L).
    """

    features: TextFeatures
    choice: Choice
    label_counts: list[int]
    val: Tensor
    thresholds: Tensor
    test: Tensor


def fit(cfg: BaselineConfig, texts: Sequence[str], labels: Labels, split: Split) -> Fitted:
    """Fit features and classifier on the films of one split.

    Args:
        cfg: settings.
        texts: of all films, as the features read them.
        labels: of all films, 0/1.
        split: which films are for what; those for testing are only predicted.
    """
    features: TextFeatures = instantiate(cfg.features)
    features.fit([texts[row] for row in split.train], cfg.seed)
    train, val, test = (features.transform([texts[row] for row in rows]) for rows in split)
    log.info("Features: %d columns", train.shape[1])
    oversampler: Oversampler = instantiate(cfg.oversample)
    classifier: Classifier = instantiate(cfg.baseline, oversampler=oversampler, seed=cfg.seed)
    larger, larger_labels = oversampler.resample_features(train, labels[split.train], cfg.seed)
    choice = choose(classifier, larger, larger_labels, val, labels[split.val])
    model = classifier.calibrated(choice.model, train, labels[split.train], choice.setting)
    val_probabilities = torch.from_numpy(model.probabilities(val))
    decision: Decision = instantiate(cfg.decision)
    return Fitted(
        features=features,
        choice=choice._replace(model=model),
        label_counts=larger_labels.sum(axis=0, dtype=int).tolist(),
        val=val_probabilities,
        thresholds=decision.fit(val_probabilities, torch.from_numpy(labels[split.val])),
        test=torch.from_numpy(model.probabilities(test)),
    )


def choose(classifier: Classifier, train: Matrix, train_labels: Labels, val: Matrix, val_labels: Labels) -> Choice:
    """Try the classifier's settings in their order, up to the first that is worse than the one before.

    One setting serves all labels: chosen label by label, it would follow the chance of the few films of rare ones.
    """
    best: Choice | None = None
    scores: dict[float, float] = {}
    for setting in classifier.settings:
        model = classifier.fit(train, train_labels, setting)
        probabilities = torch.from_numpy(model.probabilities(val))
        scores[setting] = ranking_metrics(probabilities, torch.from_numpy(val_labels))["mean_average_precision"]
        log.info("%s=%g: validation average precision %.4f", classifier.setting_name, setting, scores[setting])
        if best and scores[setting] < scores[best.setting]:
            break
        best = Choice(model, setting, scores)
    assert best
    return best
