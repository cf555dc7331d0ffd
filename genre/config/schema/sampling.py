"""Types of the settings of oversampling."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import require, schema


@dataclass
class OversampleConfig:
    """What every way of oversampling has in common: the class that makes it."""

    _target_: str = MISSING


@schema("oversample/none")
@dataclass
class NoOversamplingConfig(OversampleConfig):
    _target_: str = "genre.sampling.NoOversampling"


@dataclass
class CloningConfig(OversampleConfig):
    """Ways that take films several times: how many clones a training film."""

    share: float = MISSING

    def __post_init__(self) -> None:
        require(0 < self.share <= 10, "oversample.share", f"{self.share:g}", "above 0 and up to 10")


@schema("oversample/ml_ros")
@dataclass
class MLROSConfig(CloningConfig):
    _target_: str = "genre.sampling.MLROS"


@schema("oversample/lp_ros")
@dataclass
class LPROSConfig(CloningConfig):
    _target_: str = "genre.sampling.LPROS"


@schema("oversample/class_balanced")
@dataclass
class ClassBalancedConfig(CloningConfig):
    _target_: str = "genre.sampling.ClassBalanced"
    beta: float = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0 <= self.beta < 1, "oversample.beta", f"{self.beta:g}", "0 or more and below 1")


@dataclass
class SyntheticConfig(OversampleConfig):
    """Ways that make films up, as points between the features of real ones: from how many neighbours."""

    neighbours: int = MISSING

    def __post_init__(self) -> None:
        require(self.neighbours >= 1, "oversample.neighbours", self.neighbours, "at least 1")


@schema("oversample/smote")
@dataclass
class SMOTEConfig(SyntheticConfig):
    _target_: str = "genre.sampling.SMOTE"
    ratio: float = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0 < self.ratio <= 1, "oversample.ratio", f"{self.ratio:g}", "above 0 and up to 1")


@schema("oversample/mlsmote")
@dataclass
class MLSMOTEConfig(SyntheticConfig):
    _target_: str = "genre.sampling.MLSMOTE"
