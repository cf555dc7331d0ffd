"""Every config composes, every target can be made, and typed configs survive a round trip."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from omegaconf import MISSING

from genre.config import RunConfig, compose, config_from_dict, instantiate
from genre.config.schema import SCHEMAS
from genre.errors import UserError
from genre.paths import CONF_DIR

OPTIONS = [
    f"{group.name}={file.relative_to(group).with_suffix('')}"
    for group in sorted(path for path in CONF_DIR.iterdir() if path.is_dir() and path.name != "hydra")
    for file in sorted(group.rglob("*.yaml"))
    if group.name != "hydra"  # Hydra's own groups: the tests of sweeps and launchers run them
]
# groups, and single options, that belong to another script than train
ELSEWHERE = {
    "crawl": "prepare",
    "lemmatiser": "prepare",
    "baseline": "baseline",
    "features": "baseline",
    "oversample=smote": "baseline",
}
# what an option asks for beside it
BESIDE = {
    "oversample=mlsmote": ["model=probe"],
    "features=glove": ["features.file=vectors.txt"],
    "data=table": ["data.file=films.csv", "data.text=[plot]", "data.labels_from=genres"],
}
LOSSES = [option for option in OPTIONS if option.startswith("loss=")]


def test_the_groups_are_all_found() -> None:
    groups = {option.split("=")[0] for option in OPTIONS}
    training = {
        "calibration",
        "data",
        "decision",
        "experiment",
        "logger",
        "loss",
        "model",
        "optimizer",
        "oversample",
        "paths",
        "report",
    }
    assert groups == training | {"sweep", "teacher", "trainer"} | {group.split("=")[0] for group in ELSEWHERE}


def composed(option: str) -> Any:
    script = ELSEWHERE.get(option, ELSEWHERE.get(option.split("=")[0], "train"))
    return compose(script, [option, *BESIDE.get(option, [])])


@pytest.mark.parametrize("option", OPTIONS)
def test_every_file_composes_and_is_restored_from_its_saved_form(option: str) -> None:
    cfg = composed(option)
    if not isinstance(cfg, RunConfig):
        return
    assert config_from_dict(yaml.safe_load(yaml.safe_dump(asdict(cfg)))) == cfg


@pytest.mark.parametrize("option", LOSSES)
def test_every_loss_is_made_and_gives_a_scalar(option: str) -> None:
    counts = torch.arange(1, 22)
    loss = instantiate(compose("train", [option]).loss, label_counts=counts, num_examples=100)
    value = loss(torch.randn(4, 21, requires_grad=True), torch.ones(4, 21))
    assert value.shape == ()
    assert value.requires_grad


def test_every_value_of_a_schema_stands_in_a_file() -> None:
    """A default in a dataclass would be a second place to look for a value."""
    for place, kind in SCHEMAS.items():
        defaults = {field.name for field in fields(kind) if field.default != MISSING}
        assert defaults <= {"_target_"}, place


def test_the_scripts_have_configs_of_their_own(tmp_path: Path) -> None:
    assert compose("evaluate", [f"run={tmp_path}"]).run == str(tmp_path)
    assert compose("predict", [f"run={tmp_path}", "text=hello"]).text == "hello"
    assert compose("baseline", ["features=bow"]).features.word_ngrams == [1, 1]
    assert compose("compare", [f"runs=[{tmp_path}]"]).runs == [str(tmp_path)]


def test_targets_outside_the_project_are_refused() -> None:
    cfg = compose("train", ["loss._target_=os.system"])
    with pytest.raises(UserError, match="_target_=os.system: no schema that is known here has it"):
        instantiate(cfg.loss)
    with pytest.raises(UserError, match="no schema"):
        instantiate(compose("train", ["loss._target_=genre.losses.binary.BCELoss"]).loss)


def test_a_target_within_a_setting_is_refused() -> None:
    with pytest.raises(UserError, match=r"loss.alpha=\{'_target_': 'os.getcwd'\}: is a single value, not several"):
        compose("train", ["loss=focal", "loss.alpha={_target_:os.getcwd}"])
    cfg = compose("train", ["loss=focal"])
    cfg.loss.alpha = {"_target_": "os.getcwd"}
    with pytest.raises(UserError, match=r"alpha=\{'_target_': 'os.getcwd'\}"):  # as it stands, not what it names
        instantiate(cfg.loss, label_counts=torch.ones(2), num_examples=4)


def test_a_model_brings_its_learning_rates_and_an_override_wins() -> None:
    assert compose("train", ["model=distilbert"]).optimizer.learning_rate == 2e-5
    assert compose("train", ["model=distilbert", "optimizer.learning_rate=1e-3"]).optimizer.learning_rate == 1e-3
    assert compose("train", ["experiment=published/focal"]).optimizer.learning_rate == 2e-5
