"""Which jobs a command line asks for."""

import shlex
from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from genre.errors import UserError
from genre.sweep.grid import grid
from genre.sweep.job import varied
from tests.commands import call
from tests.sweeps import BATCH, SweepRunner


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


def test_named_arguments_a_folder_of_any_name_and_the_command_that_is_printed(
    tmp_path: Path, sample_products: Path
) -> None:
    sweeps = SweepRunner(tmp_path / "it's [José], (2024)", sample_products)
    done = sweeps.run("seed=range(start=1,stop=3)", *BATCH)
    assert done.returncode == 0, done.stderr
    assert sweeps.states() == ["completed", "completed"]
    printed = next(line for line in done.stdout.splitlines() if line.startswith("To compare them: "))
    _, script, *arguments = shlex.split(printed.removeprefix("To compare them: "))
    assert script == "scripts/compare.py"
    compared = call("compare", *arguments, f"output={tmp_path / 'compared'}", "report.plots=false")
    assert compared.returncode == 0, compared.stderr
