"""From the probabilities that a model gives to those that are what they say.

A calibrator is made from the `calibration` section; `fit(probabilities, targets, known=None) -> Calibration` sees
validation films alone, and of them what is known. The calibration is kept with the run and applied to whatever the
model gives, before the decision. `cross_fitted` gives validation films the probabilities on which thresholds can be
chosen honestly.
"""

from typing import TYPE_CHECKING

from genre.calibration.maps import Calibration as Calibration
from genre.calibration.maps import LogOdds as LogOdds
from genre.calibration.maps import Steps as Steps
from genre.lazy import lazily

if TYPE_CHECKING:  # a finished run has its calibration: who applies it needs none of what finds it
    from genre.calibration.fitting import Beta as Beta
    from genre.calibration.fitting import Calibrator as Calibrator
    from genre.calibration.fitting import Isotonic as Isotonic
    from genre.calibration.fitting import NoCalibration as NoCalibration
    from genre.calibration.fitting import Platt as Platt
    from genre.calibration.fitting import Temperature as Temperature
    from genre.calibration.folds import cross_fitted as cross_fitted

_FITTING = ("Beta", "Calibrator", "Isotonic", "NoCalibration", "Platt", "Temperature")
__getattr__ = lazily(__name__, {**dict.fromkeys(_FITTING, "fitting"), "cross_fitted": "folds"})
