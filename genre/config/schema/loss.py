"""Types of the losses' settings; their ranges are checked by the losses themselves."""

from dataclasses import dataclass
from typing import Any

from omegaconf import MISSING


@dataclass
class LossConfig:
    """What every loss has in common: the class that makes it."""

    _target_: str = MISSING


@dataclass
class BCEConfig(LossConfig):
    _target_: str = "genre.losses.BCELoss"
    label_smoothing: float = MISSING


@dataclass
class LogWeightedBCEConfig(LossConfig):
    _target_: str = "genre.losses.LogWeightedBCELoss"
    use: str = MISSING


@dataclass
class FocalConfig(LossConfig):
    """`alpha` is a number, null or `balanced`; OmegaConf has no type for that."""

    _target_: str = "genre.losses.FocalLoss"
    alpha: Any = MISSING
    gamma: float = MISSING


@dataclass
class AsymmetricConfig(LossConfig):
    _target_: str = "genre.losses.AsymmetricLoss"
    gamma_neg: float = MISSING
    gamma_pos: float = MISSING
    clip: float = MISSING


@dataclass
class ZLPRConfig(LossConfig):
    _target_: str = "genre.losses.ZLPRLoss"


@dataclass
class ClassBalancedBCEConfig(LossConfig):
    _target_: str = "genre.losses.ClassBalancedBCELoss"
    beta: float = MISSING


@dataclass
class ClassBalancedFocalConfig(LossConfig):
    _target_: str = "genre.losses.ClassBalancedFocalLoss"
    beta: float = MISSING
    gamma: float = MISSING


@dataclass
class DistributionBalancedConfig(LossConfig):
    _target_: str = "genre.losses.DistributionBalancedLoss"
    gamma: float = MISSING
    alpha: float = MISSING
    beta: float = MISSING
    mu: float = MISSING
    negative_scale: float = MISSING
    kappa: float = MISSING
