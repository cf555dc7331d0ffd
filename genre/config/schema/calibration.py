"""Types of the settings of the way from a model's probabilities to those that are what they say."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import schema


@dataclass
class CalibrationConfig:
    """What every calibration has in common: its class. All are fitted on validation films."""

    _target_: str = MISSING


@schema("calibration/none")
@dataclass
class NoCalibrationConfig(CalibrationConfig):
    _target_: str = "genre.calibration.NoCalibration"


@schema("calibration/temperature")
@dataclass
class TemperatureConfig(CalibrationConfig):
    _target_: str = "genre.calibration.Temperature"


@schema("calibration/platt")
@dataclass
class PlattConfig(CalibrationConfig):
    _target_: str = "genre.calibration.Platt"


@schema("calibration/isotonic")
@dataclass
class IsotonicConfig(CalibrationConfig):
    _target_: str = "genre.calibration.Isotonic"


@schema("calibration/beta")
@dataclass
class BetaConfig(CalibrationConfig):
    _target_: str = "genre.calibration.Beta"
