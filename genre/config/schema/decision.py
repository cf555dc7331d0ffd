"""Types of the settings of the way from probabilities to a label set."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import require, require_one_of, schema

_OBJECTIVES = ("jaccard", "f1_samples", "f1_macro", "balanced")
_PROMISES = ("label", "film")


@dataclass
class DecisionConfig:
    """What every decision has in common: its class, and which genre a film gets that reaches no threshold."""

    _target_: str = MISSING
    fallback: str = MISSING

    def __post_init__(self) -> None:
        known = ("probability", "ratio")
        require_one_of("decision.fallback", self.fallback, known)


@schema("decision/fixed")
@dataclass
class FixedConfig(DecisionConfig):
    """One threshold for all genres, chosen by a person."""

    _target_: str = "genre.decision.FixedThreshold"
    threshold: float = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0 < self.threshold < 1, "decision.threshold", self.threshold, "between 0 and 1")


@schema("decision/global")
@dataclass
class GlobalConfig(DecisionConfig):
    """One threshold for all genres, tuned on validation films."""

    _target_: str = "genre.decision.GlobalThreshold"
    objective: str = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.objective in _OBJECTIVES, "decision.objective", self.objective, f"one of {', '.join(_OBJECTIVES)}")


@schema("decision/per_label")
@dataclass
class PerLabelConfig(GlobalConfig):
    """A threshold for each genre, tuned on validation films."""

    _target_: str = "genre.decision.PerLabelThresholds"
    min_positives: int = MISSING
    shrinkage: float = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.min_positives >= 1, "decision.min_positives", self.min_positives, "at least 1")
        require(self.shrinkage >= 0, "decision.shrinkage", self.shrinkage, "0 or more")


@schema("decision/conformal")
@dataclass
class ConformalConfig(DecisionConfig):
    """Label sets that miss what is true at most as promised, by thresholds from validation films."""

    _target_: str = "genre.decision.ConformalThresholds"
    alpha: float = MISSING
    promise: str = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0 < self.alpha < 1, "decision.alpha", self.alpha, "between 0 and 1")
        require(self.promise in _PROMISES, "decision.promise", self.promise, f"one of {', '.join(_PROMISES)}")
