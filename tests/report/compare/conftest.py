"""Comparisons of invented runs."""

from collections.abc import Callable

import pytest

from genre.report.compare.comparison import Comparison, read_comparison
from genre.runs import RunFolder

Compared = Callable[..., Comparison]


@pytest.fixture
def compared() -> Compared:
    """`compared(*runs, metric="test/jaccard", baseline=None)`."""

    def read(*runs: RunFolder, metric: str = "test/jaccard", baseline: str | None = None) -> Comparison:
        return read_comparison([str(run.path) for run in runs], metric, baseline, resamples=1200)

    return read
