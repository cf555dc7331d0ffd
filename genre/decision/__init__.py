"""From probabilities to label sets.

A decision is made from the `decision` section; `fit(probabilities, targets, known=None) -> thresholds (L,)` sees
validation films alone, and of them what is known. The thresholds are kept with the run, and `decide` is what applies
them everywhere afterwards.
"""

from genre.decision.rule import decide as decide
from genre.decision.rule import fallback_share as fallback_share
from genre.decision.thresholds import Decision as Decision
from genre.decision.thresholds import FixedThreshold as FixedThreshold
from genre.decision.thresholds import GlobalThreshold as GlobalThreshold
from genre.decision.thresholds import PerLabelThresholds as PerLabelThresholds
