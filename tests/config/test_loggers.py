"""One logger or several, each with settings of its own name."""

import re
from dataclasses import asdict

import pytest

from genre.config import compose
from genre.config.compose import config_from_dict
from genre.errors import UserError


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ("wandb", ["wandb"]),
        ("csv", ["csv"]),
        ("[wandb,tensorboard]", ["wandb", "tensorboard"]),
        ("[csv,mlflow]", ["csv", "mlflow"]),
    ],
)
def test_one_or_several(chosen: str, names: list[str]) -> None:
    for command in ("train", "baseline"):
        cfg = compose(command, [f"logger={chosen}"])
        assert list(cfg.logger) == names
        assert config_from_dict(asdict(cfg)).logger == cfg.logger
    assert list(compose("train").logger) == ["wandb"]


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (
            ["logger.wandb.mod=offline"],
            "logger.wandb.mod=offline: no such setting in conf/logger/wandb.yaml; did you mean 'mode'?",
        ),
        (["logger.mode=offline"], "'mode' belongs to logger=wandb, as logger.wandb.mode"),
        (["logger.mlflow.uri=x"], "logger.mlflow.uri=x: belongs to logger=mlflow, which is not chosen"),
        (["logger=[wandb,mlfow]"], "logger=mlfow: no such file in conf/logger; did you mean 'mlflow'?"),
        (["+logger.wandb.colour=red"], "logger.wandb.colour: no such setting"),
        (["logger.wandb.texts=perhaps"], "logger.wandb.texts=perhaps: Value 'perhaps' is not a valid bool"),
    ],
)
def test_a_slip_is_refused(overrides: list[str], told: str) -> None:
    with pytest.raises(UserError, match=re.escape(told)):
        compose("train", overrides)


def test_text_of_one_needs_no_quotes_of_hydra() -> None:
    from genre.config.overrides import taken_as_typed

    _, overrides = taken_as_typed(["logger=mlflow", "logger.mlflow.uri=sqlite:////tmp/a (1).db"], "train")
    assert compose("train", overrides).logger["mlflow"].uri == "sqlite:////tmp/a (1).db"


def test_a_run_of_a_version_with_one_logger_can_be_read() -> None:
    cfg = compose("train")
    saved = asdict(cfg)
    saved["logger"] = saved["logger"]["wandb"]
    del saved["verbose"]
    assert config_from_dict(saved) == cfg
