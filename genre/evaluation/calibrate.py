"""Validation films make a model's probabilities what they say."""

from torch import Tensor

from genre.calibration import Calibration, Calibrator, cross_fitted
from genre.config import RunConfig, instantiate
from genre.data.truth import Scoring


def calibrate(cfg: RunConfig, val: Tensor, scoring: Scoring) -> tuple[Calibration, Tensor]:
    """The calibration that the settings ask for, and validation films calibrated as new films would be.

    Args:
        cfg: settings of the run.
        val: probabilities (B, L) that the model gives of its validation films.
        scoring: of these films, by what their thresholds are chosen.

    Returns:
        See `cross_fitted`.
    """
    calibrator: Calibrator = instantiate(cfg.calibration)
    return cross_fitted(calibrator, val, scoring.targets, scoring.known)
