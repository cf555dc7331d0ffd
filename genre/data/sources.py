"""Where labelled texts come from."""

from typing import NamedTuple, Protocol, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from omegaconf import OmegaConf

from genre.config import DataConfig, instantiate


class Examples(NamedTuple):
    """B labelled texts.

    Attributes:
        table: a row each, every column text; rows are numbered from 0.
        labels: 0/1 (B, L).
    """

    table: pd.DataFrame
    labels: npt.NDArray[np.uint8]


class Source(Protocol):
    """What `data._target_` makes of the `data` section: `data._target_(cfg=<the section>)`."""

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

    def read(self) -> Examples:
        """The labelled texts, always in the same order.

        Raises:
            UserError: when they are broken.
        """
        ...


def prepared(cfg: DataConfig) -> Source:
    """The source of the section `data`, with everything on disk; the only place that makes and prepares one.

    Raises:
        UserError: when a setting is out of range, or the data are missing or broken.
    """
    source = cast(Source, instantiate(OmegaConf.create({"_target_": cfg._target_}), cfg=cfg))
    source.prepare()
    return source
