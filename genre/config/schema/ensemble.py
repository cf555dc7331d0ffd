"""Types of the settings of ensembles of finished runs."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import require_one_of, schema
from genre.config.schema.run import RunConfig


@schema("ensemble")
@dataclass
class EnsembleConfig(RunConfig):
    """Settings of `scripts/ensemble.py`; in the folder of an ensemble `runs` are the names of its members' folders."""

    runs: list[str] = MISSING
    select: str = MISSING
    weights: str = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        known = ("all", "greedy")
        require_one_of("select", self.select, known)
        known = ("equal", "fitted")
        require_one_of("weights", self.weights, known)
