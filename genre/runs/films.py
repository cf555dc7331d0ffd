"""The validation and test films of a run, kept with it: what it said of them can be told where its data are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from genre.data.corpus import Corpus, Part
from genre.data.truth import Truth
from genre.errors import UserError
from genre.files import atomic_path
from genre.runs.folder import RunFolder
from genre.runs.intact import intact
from genre.runs.records import stacked, truth_in, with_truth

_ADDED = "_"  # what columns begin with that are not the source's
_PART = f"{_ADDED}part"
HeldOut = Literal["val", "test"]


class RunFilms(Protocol):
    """What a run is evaluated on: a `Corpus` while it lasts, `KeptFilms` afterwards."""

    @property
    def label_names(self) -> tuple[str, ...]:
        """Of the L labels."""
        ...

    @property
    def training_films(self) -> int:
        """Films that the run learnt from, without clones and synthetic ones."""
        ...

    @property
    def label_counts(self) -> Tensor:
        """Number of training films with each label (L,)."""
        ...

    def films(self, part: HeldOut) -> pd.DataFrame:
        """Rows of the source's table of one part, numbered from 0."""
        ...

    def part_truth(self, part: HeldOut) -> Truth:
        """Their labels (B, L)."""
        ...


@dataclass(frozen=True)
class KeptFilms:
    """See `RunFilms`.

    Attributes:
        label_names: of the L labels.
        training_films: how many.
        label_counts: of the training films (L,).
    """

    label_names: tuple[str, ...]
    training_films: int
    label_counts: Tensor
    _table: pd.DataFrame

    def films(self, part: HeldOut) -> pd.DataFrame:
        """See `RunFilms`."""
        rows = self._table[self._table[_PART] == part]
        return rows.loc[:, ~rows.columns.str.startswith(_ADDED)].reset_index(drop=True)

    def part_truth(self, part: HeldOut) -> Truth:
        """See `RunFilms`."""
        rows = self._table[self._table[_PART] == part]
        if rows.empty:
            return Truth.complete(np.zeros((0, len(self.label_names)), dtype=np.uint8))
        return truth_in(rows, _ADDED)

    def places(self, part: HeldOut, movie_ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """Where films are among those of a part (B,)."""
        places = {movie: place for place, movie in enumerate(self.films(part)["movie_id"])}
        return np.array([places[movie] for movie in movie_ids], dtype=np.int64)


def keep_films(run: RunFolder, corpus: Corpus) -> None:
    """Write the films of a run into its folder."""
    parts: tuple[Part, ...] = ("val", "test")
    films = pd.concat([corpus.films(part).assign(**{_PART: part}) for part in parts], ignore_index=True)
    rows = np.concatenate([corpus.rows(part) for part in parts])
    table = with_truth(films, corpus.truth.of(rows), _ADDED)
    counts = dict(zip(corpus.label_names, corpus.label_counts.tolist(), strict=True))
    table.attrs = {**table.attrs, "training_films": corpus.training_films, "label_counts": counts}
    with atomic_path(run.films_file) as file:
        table.to_parquet(file, index=False)


def kept_films(run: RunFolder) -> KeptFilms:
    """The films that a run keeps.

    Raises:
        UserError: when they are missing.
    """
    with intact(run.films_file):
        table = pd.read_parquet(run.films_file)
        counts = table.attrs["label_counts"]
        stacked(table[f"{_ADDED}targets"]).reshape(len(table), len(counts))
        if not set(table[_PART]) <= {"val", "test"}:
            raise ValueError("films of other parts")
        return KeptFilms(tuple(counts), int(table.attrs["training_films"]), torch.tensor(list(counts.values())), table)


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
