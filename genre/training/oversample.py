"""Rare genres made less rare among the training films; validation and test films stay as they are."""

import logging
from dataclasses import replace

from genre.config import TrainConfig, instantiate
from genre.data.datamodule import GenreDataModule
from genre.data.features import FeatureDataModule
from genre.data.truth import Truth
from genre.files import write_json
from genre.runs import RunFolder
from genre.sampling import NoOversampling, Oversampler, RowOversampler

log = logging.getLogger(__name__)


def oversample(cfg: TrainConfig, data: GenreDataModule, run: RunFolder | None) -> None:
    """Let the training batches hold clones or synthetic films as well, and record how many films have which genre then.

    Of several processes that train together the first alone gives the folder of the run.

    What the loss and the output layer's bias are told of the training films includes them; what reports call training
    films does not.
    """
    oversampler: Oversampler = instantiate(cfg.oversample)
    if isinstance(oversampler, NoOversampling):
        return
    films = data.corpus.split.train
    labels = data.corpus.labels[films]
    if isinstance(oversampler, RowOversampler):
        data.train_rows = films[oversampler.rows(labels, cfg.seed)]
    else:
        assert isinstance(data, FeatureDataModule)  # see genre.config.validate
        known = data.corpus.truth.known[films]
        features, all_labels, all_known = oversampler.resample_features(data.features[films], labels, cfg.seed, known)
        made_up = slice(len(films), None)
        assert all_known is not None
        truth = replace(Truth.complete(all_labels[made_up]), known=all_known[made_up])
        data.add_training_films(features[made_up], truth)
    log.info("Oversampled: %d films in an epoch instead of %d", len(data.train_rows), len(films))
    counts = data.train_truth.labels.sum(axis=0, dtype=int).tolist()
    if run:
        write_json(run.oversampled_file, dict(zip(data.corpus.label_names, counts, strict=True)))
