"""From sweeps on the command line to what a search may choose from."""

from collections.abc import Sequence

from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from genre.errors import UserError

Space = dict[str, BaseDistribution]


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
