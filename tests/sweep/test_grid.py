"""Which jobs a command line asks for."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from genre.errors import UserError
from genre.sweep.grid import grid
from genre.sweep.job import varied


def parsed(*overrides: str) -> list[Override]:
    return OverridesParser.create().parse_overrides(list(overrides))


def test_the_last_setting_varies_fastest() -> None:
    assert grid(parsed("data=sample", "loss.alpha=0.25,0.5", "seed=range(1,3)")) == [
        ["data=sample", "loss.alpha=0.25", "seed=1"],
        ["data=sample", "loss.alpha=0.25", "seed=2"],
        ["data=sample", "loss.alpha=0.5", "seed=1"],
        ["data=sample", "loss.alpha=0.5", "seed=2"],
    ]


def test_lists_and_quoted_values_stay_what_they_are() -> None:
    cells = grid(parsed("data.text=[title,description],[description]", "data.raw='a b'"))
    assert cells == [
        ["data.text=[title,description]", "data.raw='a b'"],
        ["data.text=[description]", "data.raw='a b'"],
    ]


def test_an_interval_has_no_cells() -> None:
    with pytest.raises(UserError, match=r"loss.gamma=interval\(0,4\): an interval has no cells.*sweep=optuna"):
        grid(parsed("loss.gamma=interval(0,4)"))


def test_what_varies_is_what_not_all_jobs_have() -> None:
    cells = grid(parsed("data=sample", "loss=bce,focal"))
    assert varied(cells) == [["loss=bce"], ["loss=focal"]]
    assert varied(cells[:1]) == [["data=sample", "loss=bce"]]
