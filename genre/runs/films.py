"""The validation and test films of a run, kept with it: what it said of them can be told where its data are not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.data.corpus import Corpus, Part
from genre.data.sources import prepared
from genre.errors import UserError
from genre.files import atomic_path
from genre.runs.folder import RunFolder

_PART, _TARGETS = "_part", "_targets"  # columns beside those of the source
HeldOut = Literal["val", "test"]


class RunFilms(Protocol):
    """What a run is evaluated on: a `Corpus` while it lasts, `KeptFilms` afterwards."""

    @property
    def label_names(self) -> tuple[str, ...]:
        """Of the L labels."""
        ...

    @property
    def label_counts(self) -> Tensor:
        """Number of training films with each label (L,)."""
        ...

    def films(self, part: HeldOut) -> pd.DataFrame:
        """Rows of the source's table of one part, numbered from 0."""
        ...

    def targets(self, part: HeldOut) -> npt.NDArray[np.uint8]:
        """Their labels, 0/1 (B, L)."""
        ...


@dataclass(frozen=True)
class KeptFilms:
    """See `RunFilms`.

    Attributes:
        label_names: of the L labels.
        label_counts: of the training films (L,).
    """

    label_names: tuple[str, ...]
    label_counts: Tensor
    _table: pd.DataFrame

    def films(self, part: HeldOut) -> pd.DataFrame:
        """See `RunFilms`."""
        rows = self._table[self._table[_PART] == part]
        return rows.drop(columns=[_PART, _TARGETS]).reset_index(drop=True)

    def targets(self, part: HeldOut) -> npt.NDArray[np.uint8]:
        """See `RunFilms`."""
        rows = self._table.loc[self._table[_PART] == part, _TARGETS]
        return np.stack(rows.tolist()) if len(rows) else np.zeros((0, len(self.label_names)), dtype=np.uint8)


def keep_films(run: RunFolder, corpus: Corpus) -> None:
    """Write the films of a run into its folder."""
    parts: tuple[Part, ...] = ("val", "test")
    told = [corpus.films(part).assign(**{_PART: part, _TARGETS: list(corpus.targets(part))}) for part in parts]
    table = pd.concat(told, ignore_index=True)
    table.attrs = {"training_films": dict(zip(corpus.label_names, corpus.label_counts.tolist(), strict=True))}
    with atomic_path(run.films_file) as file:
        table.to_parquet(file, index=False)


def kept_films(run: RunFolder) -> KeptFilms | None:
    """The films that a run keeps; None for a run of an older version, which keeps none."""
    if not run.films_file.is_file():
        return None
    table = pd.read_parquet(run.films_file)
    counts = table.attrs["training_films"]
    return KeptFilms(tuple(counts), torch.tensor(list(counts.values())), table)


def corpus_of(run: RunFolder) -> Corpus:
    """The data that a run was trained on, for what its folder does not keep.

    Raises:
        UserError: when they are not where they were, or are others now.
    """
    cfg = run.config().data
    with _naming(run):
        corpus = Corpus(cfg)
    if corpus.fingerprint != run.environment().get("data_fingerprint", corpus.fingerprint):
        raise UserError(f"{run.path}: the data are no longer those that this run was trained on; train it again")
    return corpus


@contextmanager
def _naming(run: RunFolder) -> Iterator[None]:
    """Say of data that cannot be read why this run needs them."""
    try:
        yield
    except UserError as error:
        raise UserError(
            f"{run.path}: its films are not kept with it, and its data are not where they were "
            f"({run.config().data.dir}); put them back, or train it again"
        ) from error


def read_films(run: RunFolder, movie_ids: list[str]) -> pd.DataFrame:
    """Rows of the table of some of a run's test films, in their order.

    Raises:
        UserError: when the run does not keep them and they are not to be had elsewhere.
    """
    kept = kept_films(run)
    if kept:
        table = kept.films("test")
    else:
        with _naming(run):
            table = prepared(run.config().data).read()
    table = table.set_index("movie_id")
    gone = sorted(set(movie_ids) - set(table.index))
    if gone:
        raise UserError(
            f"data.dir={run.config().data.dir}: has changed since the run, {len(gone):,} of its films are gone "
            f"({gone[0]}); train again"
        )
    return table.loc[movie_ids].reset_index()
