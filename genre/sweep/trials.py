"""A search: what it may choose from, which settings were tried, what came of them, what to try next."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import optuna
from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.exceptions import OptunaError
from optuna.storages import RDBStorage
from optuna.trial import TrialState
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from genre.errors import UserError
from genre.runs.intact import intact

Space = dict[str, BaseDistribution]


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

    Raises:
        UserError: when the study is damaged.
    """

    def __init__(self, file: Path, space: Space, *, maximize: bool, seed: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.file, self.space, self.seed = file, space, seed
        with self._intact():
            self.study = optuna.create_study(
                # a connection is closed with its use, not at some time by whoever collects garbage
                storage=RDBStorage(f"sqlite:///{file}", engine_kwargs={"poolclass": NullPool}),
                study_name="search",
                direction="maximize" if maximize else "minimize",
                load_if_exists=True,
            )

    def known(self) -> list[Trial]:
        """Every trial so far but those that were never known whole, as the process that chose them was killed.

        Raises:
            UserError: when the study is damaged.
        """
        with self._intact():
            trials = self.study.get_trials(deepcopy=False)
            return [
                Trial(trial.number, trial.params, list(map(float, trial.user_attrs["bounds"])))
                for trial in trials
                if "bounds" in trial.user_attrs  # which are written last
            ]

    @contextmanager
    def _intact(self) -> Iterator[None]:
        with intact(self.file, "delete it: the search begins afresh, and runs that are finished are known without it"):
            try:
                yield
            except (SQLAlchemyError, OptunaError, AssertionError) as error:
                raise ValueError(str(getattr(error, "orig", error))) from error

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


def search_space(overrides: Sequence[Override]) -> Space:
    """Distributions by setting.

    `a,b` and `choice(a, b)` are categories; `range(1, 5)` whole numbers below 5 (or steps); `interval(0, 1)` any number
    between, `int(interval(1, 9))` any whole one; `tag(log, interval(1e-5, 1e-3))` is searched by orders of magnitude.

    Raises:
        UserError: when nothing is left to search, or an interval has no inside.
    """
    space = {item.get_key_element(): _distribution(item) for item in overrides if item.is_sweep_override()}
    if not space:
        raise UserError("nothing to search: give a setting several values, such as loss.gamma='interval(0, 4)'")
    return space


def extremes(space: Space) -> list[dict[str, object]]:
    """Choices that between them hold every category and both ends of every interval, the rest at their first.

    Example:
        >>> extremes({"loss.gamma": FloatDistribution(0, 4), "loss.alpha": FloatDistribution(0.2, 0.5)})[1]
        {'loss.gamma': 4.0, 'loss.alpha': 0.2}
    """
    values = {key: _extreme_values(distribution) for key, distribution in space.items()}
    first = {key: several[0] for key, several in values.items()}
    return [first, *(first | {key: value} for key, several in values.items() for value in several[1:])]


def _extreme_values(distribution: BaseDistribution) -> list[object]:
    if isinstance(distribution, CategoricalDistribution):
        return list(distribution.choices)
    assert isinstance(distribution, (IntDistribution, FloatDistribution))
    return [distribution.low, distribution.high]


def _distribution(item: Override) -> BaseDistribution:
    sweep = item.value()
    if isinstance(sweep, IntervalSweep):
        log = "log" in sweep.tags
        assert sweep.start is not None
        assert sweep.end is not None
        if sweep.start >= sweep.end or (log and sweep.start <= 0):
            above = " above 0" if log else ""
            raise UserError(f"{item.input_line}: an interval goes from a lower to a higher number{above}")
        if isinstance(sweep.start, int) and isinstance(sweep.end, int):
            return IntDistribution(sweep.start, sweep.end, log=log)
        return FloatDistribution(sweep.start, sweep.end, log=log)
    if isinstance(sweep, RangeSweep) and not sweep.shuffle:
        values = list(sweep.range())
        if not values:
            raise UserError(f"{item.input_line}: the range is empty")
        if all(isinstance(value, int) for value in values) and isinstance(sweep.step, int):
            return IntDistribution(values[0], values[-1], step=sweep.step)
    return CategoricalDistribution([str(value) for value in item.sweep_string_iterator()])
