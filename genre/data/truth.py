"""What is known of films' labels: a label that is not there may be false, or nobody has said."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

Flags = npt.NDArray[np.bool_]


class Scoring(NamedTuple):
    """What predictions are scored against.

    Attributes:
        targets: 0/1 (B, L).
        known: bool (B, L): the other cells do not count; None: all do.
        labels: bool (L,): the others do not count; None: all do.
    """

    targets: "Tensor"
    known: "Tensor | None"
    labels: "Tensor | None"

    def of_labels(self, values: "Tensor") -> "Tensor":
        """The columns of a matrix (B, L) that count."""
        return values if self.labels is None else values[:, self.labels]


@dataclass(frozen=True)
class Truth:
    """Labels of B films, and which of the zeros among them are sure.

    There are up to three ways to score predictions against it, see `scoring`: as the cells say (a label that the data
    do not name is false: so published figures are made); on known cells; and, of labels that files of their own tell,
    against these.

    Attributes:
        labels: 0/1 (B, L): 1 where a film is known to have the label.
        known: bool (B, L): where `labels` is sure; it is wherever a film has the label.
        cells: 0/1 (B, L): 1 where the film's own row names the label.
        by_files: bool (L,): labels of which a whole file tells who has them.
    """

    labels: npt.NDArray[np.uint8]
    known: Flags
    cells: npt.NDArray[np.uint8]
    by_files: Flags

    @classmethod
    def complete(cls, labels: npt.NDArray[np.uint8]) -> "Truth":
        """Of labels (B, L) that are all that there is to know."""
        return cls(labels, np.ones(labels.shape, dtype=bool), labels, np.zeros(labels.shape[1], dtype=bool))

    @cached_property
    def is_complete(self) -> bool:
        """Whether all ways of scoring are one."""
        return bool(self.known.all()) and np.array_equal(self.labels, self.cells)

    def of(self, rows: npt.NDArray[np.int64]) -> "Truth":
        """Of some of the films."""
        return Truth(self.labels[rows], self.known[rows], self.cells[rows], self.by_files)

    def with_films(self, others: "Truth") -> "Truth":
        """Of these films and then of others."""
        return Truth(
            np.concatenate([self.labels, others.labels]),
            np.concatenate([self.known, others.known]),
            np.concatenate([self.cells, others.cells]),
            self.by_files,
        )

    @property
    def ways(self) -> list[str]:
        """The ways of scoring that differ: what stands behind the name of a part, such as `test` or `test_known`."""
        if self.is_complete:
            return [""]
        return ["", "_known", "_files"] if self.by_files.any() else ["", "_known"]

    def scoring(self, way: str) -> Scoring:
        """What predictions of these films are scored against, in one of the `ways`."""
        import torch  # two seconds, which making the table does without

        if way == "" or self.is_complete:
            return Scoring(torch.from_numpy(self.cells).int(), None, None)
        labels, known = torch.from_numpy(self.labels).int(), torch.from_numpy(self.known)
        if way == "_known":
            return Scoring(labels, known, None)
        told = torch.from_numpy(self.by_files)
        return Scoring(labels[:, told], known[:, told], told)

    def scoring_of(self, metric: str) -> Scoring:
        """That of a metric such as `val_known/jaccard`."""
        return self.scoring(way_of(metric))

    def recorded(self, metric: str) -> str:
        """What a metric is called here: `val_known/jaccard` is `val/jaccard` where all is known."""
        part, _, name = metric.partition("/")
        return metric if way_of(metric) in self.ways else f"{part.removesuffix(way_of(metric))}/{name}"


def way_of(metric: str) -> str:
    """The way of scoring that a metric's name tells.

    Example:
        >>> way_of("val_known/jaccard"), way_of("test/jaccard")
        ('_known', '')
    """
    part = metric.partition("/")[0]
    return part[part.index("_") :] if "_" in part else ""
