"""Systems of invented runs."""

import json
from collections.abc import Callable

import pytest

from genre.report.compare.folders import LeftOut
from genre.report.compare.runs import read_runs
from genre.report.results.systems import System, read_systems
from genre.runs import RunFolder

ReadSystems = Callable[..., tuple[list[System], list[LeftOut]]]


@pytest.fixture
def systems_of() -> ReadSystems:
    """`systems_of(*runs)`, each given a size and a speed, as none of them has a model."""

    def read(*runs: RunFolder, resamples: int = 1200) -> tuple[list[System], list[LeftOut]]:
        for run in runs:
            costs = {"size": 2_000_000, "films_per_second": 1234.5, "processor": "a processor", "threads": 2}
            run.costs_file.write_text(json.dumps(costs))
            run.environment_file.write_text('{"processor": "a processor", "threads": 1, "gpu": null}')
        found, _ = read_runs(runs, "test/jaccard")
        return read_systems(found, resamples)

    return read
