"""From probabilities to label sets.

A decision is made from the `decision` section; `fit(probabilities, targets, known=None) -> thresholds (L,)` sees
validation films alone, and of them what is known. The thresholds are kept with the run, and `decide` is what applies
them everywhere afterwards.
"""

from typing import TYPE_CHECKING

from genre.decision.rule import decide as decide
from genre.decision.rule import fallback_share as fallback_share
from genre.lazy import lazily

if TYPE_CHECKING:  # a finished run has its thresholds: who applies them needs none of what finds them
    from genre.decision.conformal import ConformalThresholds as ConformalThresholds
    from genre.decision.thresholds import Decision as Decision
    from genre.decision.thresholds import FixedThreshold as FixedThreshold
    from genre.decision.thresholds import GlobalThreshold as GlobalThreshold
    from genre.decision.thresholds import PerLabelThresholds as PerLabelThresholds

_THRESHOLDS = ("Decision", "FixedThreshold", "GlobalThreshold", "PerLabelThresholds")
__getattr__ = lazily(__name__, dict.fromkeys(_THRESHOLDS, "thresholds") | {"ConformalThresholds": "conformal"})
