"""What a search may choose from."""

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from genre.errors import UserError
from genre.sweep.trials import extremes, search_space
from tests.sweep.test_grid import parsed


@pytest.mark.parametrize(
    ("override", "distribution"),
    [
        ("loss=bce,focal", CategoricalDistribution(["bce", "focal"])),
        ("loss=choice(bce,focal)", CategoricalDistribution(["bce", "focal"])),
        ("data.text=[title],[title,description]", CategoricalDistribution(["[title]", "[title,description]"])),
        ("trainer.max_epochs=range(2,7)", IntDistribution(2, 6)),
        ("trainer.max_epochs=range(2,7,2)", IntDistribution(2, 6, step=2)),
        ("loss.alpha=range(0.25,0.6,0.125)", CategoricalDistribution(["0.25", "0.375", "0.5"])),
        ("loss.gamma=interval(0,4)", FloatDistribution(0, 4)),
        ("trainer.patience=int(interval(1,9))", IntDistribution(1, 9)),
        ("optimizer.learning_rate=tag(log,interval(1e-5,1e-3))", FloatDistribution(1e-5, 1e-3, log=True)),
    ],
)
def test_hydras_sweeps_are_distributions(override: str, distribution: object) -> None:
    assert list(search_space(parsed("seed=3", override)).values()) == [distribution]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("seed=3", "nothing to search"),
        ("loss.gamma=interval(4,0)", "from a lower to a higher number"),
        ("loss.gamma=interval(1,1)", "from a lower to a higher number"),
        ("optimizer.learning_rate=tag(log,interval(0,1))", "from a lower to a higher number above 0"),
    ],
)
def test_what_cannot_be_searched_is_refused(override: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        search_space(parsed(override))


def test_the_extremes_hold_every_category_and_every_end() -> None:
    space = search_space(parsed("loss.gamma=interval(0,4)", "loss=focal,class_balanced_focal", "seed=range(1,9)"))
    cells = extremes(space)
    assert len(cells) == 1 + 3
    assert {key: {cell[key] for cell in cells} for key in space} == {
        "loss.gamma": {0.0, 4.0},
        "loss": {"focal", "class_balanced_focal"},
        "seed": {1, 8},
    }
