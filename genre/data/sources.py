"""Where labelled texts come from."""

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from genre.config import DataConfig, target_of
from genre.data.truth import Truth


class Source(Protocol):
    """What `data._target_` makes of the `data` section."""

    @property
    def label_names(self) -> tuple[str, ...]:
        """Names of the L labels, in their order."""
        ...

    def prepare(self) -> None:
        """Make what is missing on disk; the other members want it done.

        Raises:
            UserError: when that cannot be.
        """
        ...

    @property
    def fingerprint(self) -> str:
        """Equal where the labelled texts are equal."""
        ...

    def read(self) -> pd.DataFrame:
        """B texts: a row each, always in the same order and numbered from 0, every column text.

        Its columns are those of `data.text`, an id (`movie_id`), and what reports show of a row: `title`, `year` and
        `description`, by which near-identical rows are known as well; a title or a year that is not known is empty.

        Raises:
            UserError: when they are broken.
        """
        ...

    def truth(self, table: pd.DataFrame) -> Truth:
        """Labels (B, L) of rows that `read` gave, and which of them are known.

        Raises:
            UserError: for a label that is none of `label_names`.
        """
        ...

    def parts(self, table: pd.DataFrame) -> Sequence[str] | None:
        """Which part each of these rows is for, where the data say so: train, val or test (B,).

        Where some are for training and all others are to be split, these are empty.
        """
        ...


def make_source(cfg: DataConfig) -> Source:
    """The source of the section `data`; nothing is read or written yet.

    Raises:
        UserError: when a setting is out of range.
    """
    source: Source = target_of(cfg)(cfg)
    return source


def prepared(cfg: DataConfig) -> Source:
    """The same with everything on disk.

    Raises:
        UserError: when a setting is out of range, or the data are missing or broken.
    """
    source = make_source(cfg)
    source.prepare()
    return source
