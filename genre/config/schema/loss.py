"""Types of the losses' settings; their ranges are checked by the losses themselves."""

from dataclasses import dataclass
from typing import Any

from omegaconf import MISSING

from genre.config.schema.base import schema


@dataclass
class LossConfig:
    """What every loss has in common: the class that makes it."""

    _target_: str = MISSING


@schema("loss/bce")
@dataclass
class BCEConfig(LossConfig):
    _target_: str = "genre.losses.BCELoss"
    label_smoothing: float = MISSING


@schema("loss/log_weighted_bce")
@dataclass
class LogWeightedBCEConfig(LossConfig):
    _target_: str = "genre.losses.LogWeightedBCELoss"
    use: str = MISSING


@schema("loss/focal")
@dataclass
class FocalConfig(LossConfig):
    """`alpha` is a number, null or `balanced`; OmegaConf has no type for that."""

    _target_: str = "genre.losses.FocalLoss"
    alpha: Any = MISSING
    gamma: float = MISSING


@schema("loss/asymmetric")
@dataclass
class AsymmetricConfig(LossConfig):
    _target_: str = "genre.losses.AsymmetricLoss"
    gamma_neg: float = MISSING
    gamma_pos: float = MISSING
    clip: float = MISSING


@schema("loss/zlpr")
@dataclass
class ZLPRConfig(LossConfig):
    _target_: str = "genre.losses.ZLPRLoss"


@schema("loss/class_balanced_bce")
@dataclass
class ClassBalancedBCEConfig(LossConfig):
    _target_: str = "genre.losses.ClassBalancedBCELoss"
    beta: float = MISSING


@schema("loss/class_balanced_focal")
@dataclass
class ClassBalancedFocalConfig(LossConfig):
    _target_: str = "genre.losses.ClassBalancedFocalLoss"
    beta: float = MISSING
    gamma: float = MISSING


@schema("loss/distribution_balanced")
@dataclass
class DistributionBalancedConfig(LossConfig):
    _target_: str = "genre.losses.DistributionBalancedLoss"
    gamma: float = MISSING
    alpha: float = MISSING
    beta: float = MISSING
    mu: float = MISSING
    negative_scale: float = MISSING
    kappa: float = MISSING


@schema("loss/hill")
@dataclass
class HillConfig(LossConfig):
    _target_: str = "genre.losses.HillLoss"
    negative_weight: float = MISSING
    margin: float = MISSING
    gamma: float = MISSING


@schema("loss/splc")
@dataclass
class SPLCConfig(LossConfig):
    _target_: str = "genre.losses.SPLCLoss"
    tau: float = MISSING
    change_epoch: int = MISSING
    margin: float = MISSING
    gamma: float = MISSING


@schema("loss/large_loss")
@dataclass
class LargeLossConfig(LossConfig):
    _target_: str = "genre.losses.LargeLoss"
    scheme: str = MISSING
    delta_rel: float = MISSING


@schema("loss/expected_positive")
@dataclass
class ExpectedPositiveConfig(LossConfig):
    _target_: str = "genre.losses.ExpectedPositiveLoss"
    weight: float = MISSING
    positives: float | None = MISSING
