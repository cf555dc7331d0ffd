"""The films that a `data` section names."""

from genre.config import DataConfig
from genre.data.corpus import Corpus
from genre.data.sources import prepared


def corpus_of(cfg: DataConfig) -> Corpus:
    """Prepared, labelled and split."""
    return Corpus(prepared(cfg), cfg)
