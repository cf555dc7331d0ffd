"""One classical model from data to records; its setting and thresholds are chosen on validation films."""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from pytorch_lightning.loggers import Logger
from torch import Tensor

from genre.calibration import Calibration
from genre.config import BaselineConfig, instantiate, target_of
from genre.config.schema import NoOversamplingConfig, SMOTEConfig
from genre.data.corpus import Corpus
from genre.data.duplicates import folded, near_groups
from genre.data.sources import Source
from genre.data.split import Split, fold_splits, training_subset
from genre.data.truth import Scoring, Truth
from genre.decision import Decision
from genre.evaluation import calibrate, write_results
from genre.evaluation.results import part_records, row_results
from genre.files import write_json
from genre.lightning import quiet_lightning
from genre.metrics import ranking_metrics
from genre.metrics.names import lower_is_better
from genre.models.baselines import BagOfWords, Classifier, LinearModel, Matrix, Model, TextFeatures
from genre.runs import RunFolder
from genre.runs.calibration import keep_calibration
from genre.runs.films import keep_films
from genre.runs.ngrams import NgramCounts, keep_ngrams
from genre.runs.records import Records
from genre.sampling import Oversampler, Resampled
from genre.training.run import Report, recorded_run
from genre.use.baseline import BaselineModel, read_texts

log = logging.getLogger(__name__)

_LEVEL = 0.002  # of a score: a setting that is worse by less may lie on level ground, with better ones behind it


class Choice(NamedTuple):
    """A model with the setting that suits validation films best.

    Attributes:
        model: fitted with it.
        setting: which one.
        scores: on validation films, of each setting that was tried.
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
        calibration: by the validation films.
        val: probabilities of the validation films as the model gives them (B, L).
        honest: the same, each calibrated by the others.
        thresholds: tuned on these (L,).
        test: probabilities of the test films as the model gives them (B, L).
    """

    features: TextFeatures
    choice: Choice
    label_counts: list[int]
    calibration: Calibration
    val: Tensor
    honest: Tensor
    thresholds: Tensor
    test: Tensor


def train_baseline(cfg: BaselineConfig, report: Report | None = None) -> RunFolder:
    """Fit, evaluate and record one run; see `recorded_run`."""
    quiet_lightning()
    return recorded_run(cfg, partial(_fit_and_test, cfg), report)


def _fit_and_test(cfg: BaselineConfig, source: Source, run: RunFolder, loggers: list[Logger]) -> None:
    corpus = Corpus(source, cfg.data)
    log.info("Films: %d training, %d validation, %d test", *map(len, corpus.split))
    keep_films(run, corpus)
    splits = _folds(cfg, corpus) if cfg.cv else []  # now: what cannot be split is told before anything is fitted
    texts = read_texts(corpus.table, cfg, corpus.cache)
    fitted = fit(cfg, texts, corpus.truth, corpus.split, masked=corpus.masked, cache=corpus.cache)
    _save(cfg, run, fitted, source.label_names)
    if isinstance(fitted.features, BagOfWords) and isinstance(fitted.choice.model, LinearModel):
        keep_ngrams(run, _ngram_counts(fitted.features, texts, corpus))
    folds = cross_validate(cfg, corpus, texts, splits) if splits else None
    val = row_results(corpus, corpus.split.val, fitted.val).calibrated(fitted.honest)
    test = row_results(corpus, corpus.split.test, fitted.test).calibrated(fitted.calibration(fitted.test))
    write_results(run, val, test, fitted.thresholds, cfg, corpus, folds)


def _save(cfg: BaselineConfig, run: RunFolder, fitted: Fitted, labels: tuple[str, ...]) -> None:
    model = BaselineModel(cfg, labels, fitted.features, fitted.choice.model)
    model.save(run.architecture)
    keep_calibration(run, cfg, fitted.calibration, labels)
    run.note(parameters=model.size)
    name = target_of(cfg.baseline).setting_name
    chosen = {"name": name, "setting": fitted.choice.setting, "metric": cfg.metric, "scores": fitted.choice.scores}
    write_json(run.architecture / "chosen.json", chosen)
    # SMOTE makes a training set of its own for each genre
    if not isinstance(cfg.oversample, NoOversamplingConfig | SMOTEConfig):
        write_json(run.oversampled_file, dict(zip(labels, fitted.label_counts, strict=True)))


def _ngram_counts(features: BagOfWords, texts: Sequence[str], corpus: Corpus) -> NgramCounts:
    """Those of the training films."""
    columns = features.transform([texts[row] for row in corpus.split.train])  # (B, F)
    labels = corpus.part_truth("train").labels.astype(np.float64)  # (B, L)
    held = columns.astype(bool).astype(np.int64)
    return NgramCounts(
        label_films=corpus.label_counts.numpy(),
        ngram_films=np.asarray(held.sum(axis=0)).ravel(),
        both=(held.T @ labels.astype(np.int64)).T,
        feature_sums=(columns.T @ labels).T,
    )


def _folds(cfg: BaselineConfig, corpus: Corpus) -> list[Split]:
    """A split for each fold, its training films as few as `data.size` asks for, or all there are."""
    groups = near_groups(folded(corpus.table["description"]))
    seed = cfg.data.split_seed
    splits = []
    for split in fold_splits(corpus.labels, groups, folds=cfg.cv, val_share=cfg.data.val_share, seed=seed):
        size = cfg.data.size
        if size is not None and size > 1:  # a fold leaves fewer films than the run itself has
            size = min(size, len(split.train))
        subset = training_subset(corpus.labels[split.train], size, seed)
        splits.append(split._replace(train=split.train[subset]))
    return splits


def cross_validate(cfg: BaselineConfig, corpus: Corpus, texts: Sequence[str], splits: Sequence[Split]) -> Records:
    """Records `cv` of all films, each predicted by a model, a setting and thresholds that were found without it.

    Of what a fold leaves, `data.val_share` of all films choose setting and thresholds, as the validation films do in
    the run itself; the other films train.

    Args:
        cfg: settings.
        corpus: the films.
        texts: theirs, as the features read them.
        splits: of the folds.
    """
    rows, raw, probabilities, thresholds = [], [], [], []
    for number, split in enumerate(splits, 1):
        log.info("Fold %d of %d", number, cfg.cv)
        fitted = fit(cfg, texts, corpus.truth, split, masked=corpus.masked, cache=corpus.cache)
        rows.append(split.test)
        raw.append(fitted.test)
        probabilities.append(fitted.calibration(fitted.test))
        thresholds.append(fitted.thresholds.expand_as(fitted.test))
    films = row_results(corpus, np.concatenate(rows), torch.cat(raw)).calibrated(torch.cat(probabilities))
    records, _ = part_records("cv", films, torch.cat(thresholds), cfg, corpus)
    return records


def fit(cfg: BaselineConfig, texts: Sequence[str], truth: Truth, split: Split, *, masked: bool, cache: Path) -> Fitted:
    """Fit features and classifier on the films of one split.

    Args:
        cfg: settings.
        texts: of all films, as the features read them.
        truth: labels of all films.
        split: which films are for what; those for testing are only predicted.
        masked: whether what is unknown teaches nothing; else it is taken for false.
        cache: folder for what the features read ahead.
    """
    labels, known = truth.labels[split.train], truth.known[split.train] if masked else None
    scoring = truth.of(split.val).scoring_of(cfg.metric)
    features: TextFeatures = instantiate(cfg.features)
    features.read_ahead(texts, cache)
    features.fit([texts[row] for row in split.train], cfg.seed)
    train, val, test = (features.transform([texts[row] for row in rows]) for rows in split)
    log.info("Features: %d columns", train.shape[1])
    oversampler: Oversampler = instantiate(cfg.oversample)
    classifier: Classifier = instantiate(cfg.baseline, oversampler=oversampler, seed=cfg.seed)
    larger = oversampler.resample_features(train, labels, cfg.seed, known)
    choice = choose(classifier, larger, val, scoring, cfg.metric)
    model = classifier.calibrated(choice.model, train, labels, choice.setting, known)
    val_probabilities = torch.from_numpy(model.probabilities(val))
    decision: Decision = instantiate(cfg.decision)
    calibration, honest = calibrate(cfg, val_probabilities, scoring)
    return Fitted(
        features=features,
        choice=choice._replace(model=model),
        label_counts=larger.labels.sum(axis=0, dtype=int).tolist(),
        calibration=calibration,
        val=val_probabilities,
        honest=honest,
        thresholds=decision.fit(honest, scoring.targets, scoring.known),
        test=torch.from_numpy(model.probabilities(test)),
    )


def choose(classifier: Classifier, train: Resampled, val: Matrix, scoring: Scoring, metric: str) -> Choice:
    """Try the classifier's settings in their order, up to the first that is clearly worse than the best.

    One setting serves all labels: chosen label by label, it would follow the chance of the few films of rare ones.

    Args:
        classifier: with its settings.
        train: training films.
        val: features of the validation films.
        scoring: what their predictions are scored against.
        metric: by which, such as `val_known/mean_average_precision`.
    """
    best: Choice | None = None
    scores: dict[float, float] = {}
    sign = -1 if lower_is_better(metric) else 1
    for setting in classifier.settings:
        model = classifier.fit(train.features, train.labels, setting, train.known)
        probabilities = torch.from_numpy(model.probabilities(val))
        found = ranking_metrics(probabilities, scoring.targets, scoring.known)
        scores[setting] = found[metric.partition("/")[2]]
        log.info("%s=%g: %s %.4f", classifier.setting_name, setting, metric, scores[setting])
        ahead = sign * (scores[setting] - scores[best.setting]) if best else 0
        if ahead < -_LEVEL:
            break
        if not best or ahead > 0:
            best = Choice(model, setting, scores)
    assert best
    ends = {min(classifier.settings): "least", max(classifier.settings): "greatest"}
    if len(ends) > 1:
        end = ends.get(best.setting)
        hint = f", the {end} of those to be tried: beyond it there may be a better one" if end else ""
        log.info("Chosen: %s=%g%s", classifier.setting_name, best.setting, hint)
    return best
