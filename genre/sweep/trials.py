"""The record of a search: which settings were tried, what came of them, what to try next."""

from dataclasses import dataclass
from pathlib import Path

import optuna
from optuna.trial import TrialState

from genre.sweep.space import Space


@dataclass(frozen=True)
class Trial:
    """Settings to try.

    Attributes:
        number: of the trial, from 0.
        values: by setting.
        bounds: validation Jaccard after each of the first epochs below which it is stopped.
    """

    number: int
    values: dict[str, object]
    bounds: list[float]


class Trials:
    """An Optuna study in a SQLite file, with the tree-structured Parzen estimator of Bergstra et al. (2011).

    A trial that has no score was cut off or failed, and can be run again.

    Args:
        file: of the study; one that is there is continued.
        space: what to choose from.
        maximize: whether a higher score is better.
        seed: of the first trial; each later one adds its number, so that a search that was cut off goes on as if not.
    """

    def __init__(self, file: Path, space: Space, *, maximize: bool, seed: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.space, self.seed = space, seed
        self.study = optuna.create_study(
            storage=f"sqlite:///{file}",
            study_name="search",
            direction="maximize" if maximize else "minimize",
            load_if_exists=True,
        )

    def known(self) -> list[Trial]:
        """Every trial so far but those that were never known whole, as the process that chose them was killed."""
        trials = self.study.get_trials(deepcopy=False)
        return [
            Trial(trial.number, trial.params, trial.user_attrs["bounds"])
            for trial in trials
            if "bounds" in trial.user_attrs  # which are written last
        ]

    def ask(self, bounds: list[float]) -> Trial:
        """The next trial, with these bounds."""
        self.study.sampler = optuna.samplers.TPESampler(seed=self.seed + len(self.known()))
        asked = self.study.ask(self.space)
        asked.set_user_attr("bounds", bounds)
        return Trial(asked.number, asked.params, bounds)

    def tell(self, number: int, score: float) -> None:
        """Record the score of a trial, unless it is recorded."""
        if self.study.get_trials(deepcopy=False)[number].state == TrialState.RUNNING:
            self.study.tell(number, score)

    def importances(self) -> dict[str, float]:
        """Share of each setting in the variance of the scores, largest first; empty when they tell nothing.

        By functional ANOVA (Hutter, Hoos and Leyton-Brown, 2014), over at least as many trials as there are settings.
        """
        scores = {trial.value for trial in self.study.get_trials(deepcopy=False, states=[TrialState.COMPLETE])}
        if len(scores) <= max(len(self.space), 2) or len(self.space) < 2:
            return {}
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=self.seed)
        return optuna.importance.get_param_importances(self.study, evaluator=evaluator)
