"""The validation and test films of a run, kept with it: what it said of them can be told where its data are not."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.data.corpus import Corpus, Part
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


def kept_films(run: RunFolder) -> KeptFilms:
    """The films that a run keeps.

    Raises:
        UserError: when they are missing.
    """
    if not run.films_file.is_file():
        raise UserError(f"{run.films_file}: is missing; train the run again with overwrite=true")
    table = pd.read_parquet(run.films_file)
    counts = table.attrs["training_films"]
    return KeptFilms(tuple(counts), torch.tensor(list(counts.values())), table)


def read_films(run: RunFolder, movie_ids: list[str]) -> pd.DataFrame:
    """Rows of some of a run's test films, in their order.

    Raises:
        UserError: when the run does not keep them.
    """
    table = kept_films(run).films("test").set_index("movie_id")
    gone = sorted(set(movie_ids) - set(table.index))
    if gone:
        raise UserError(f"{run.films_file}: {len(gone):,} of the films are missing ({gone[0]}); train again")
    return table.loc[movie_ids].reset_index()
