"""What an ensemble says of films that its members have read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from genre.calibration import Calibration, Calibrator, cross_fitted
from genre.config import EnsembleConfig, instantiate
from genre.data.truth import Scoring
from genre.ensemble import (
    Cells,
    cross_fitted_mean,
    equal_weights,
    fitted_weights,
    greedy_weights,
    log_odds,
    mean_probabilities,
)
from genre.ensemble.weights import Floats


@dataclass(frozen=True)
class Mean:
    """Members put together by what validation films say.

    Attributes:
        calibrations: of the M members.
        weights: of the members (M,).
        val: probabilities of the validation films (B, L), each by calibrations and weights that were found without it.
    """

    calibrations: list[Calibration]
    weights: Floats
    val: Tensor

    def of(self, raw: Sequence[Tensor]) -> Tensor:
        """Probabilities of other films (B, L), of what each member gives for them."""
        given = zip(self.calibrations, raw, strict=True)
        return mean_probabilities(np.stack([log_odds(one(values)) for one, values in given]), self.weights)


def mean_of(cfg: EnsembleConfig, raw: Sequence[Tensor], scoring: Scoring) -> Mean:
    """Calibrate and weigh members.

    Args:
        cfg: how.
        raw: what each of M members gives for the validation films (B, L).
        scoring: of these films.
    """
    calibrator: Calibrator = instantiate(cfg.calibration)
    targets, known = scoring.targets, scoring.known
    fitted = [cross_fitted(calibrator, values, targets, known) for values in raw]

    def choose(cells: Cells) -> Floats:
        greedy = greedy_weights(cells, cfg.seed) if cfg.select == "greedy" else equal_weights(cells)
        if cfg.weights == "equal":
            return greedy
        chosen = greedy > 0
        weights = np.zeros_like(greedy)
        weights[chosen] = fitted_weights(Cells(cells.scores[chosen], cells.true))
        return weights

    scores = np.stack([log_odds(honest) for _, honest in fitted])
    weights, val = cross_fitted_mean(scores, targets, known, choose)
    return Mean([calibration for calibration, _ in fitted], weights, val)
