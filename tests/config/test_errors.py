"""What a person reads after a mistake in the settings."""

import re
from dataclasses import asdict, replace

import pytest

from genre.config import ImdbConfig, TrainConfig, compose, config_from_dict
from genre.config.explain import suggestion
from genre.errors import UserError

GAMMA = "'gamma' belongs to loss=class_balanced_focal, loss=distribution_balanced, loss=focal, loss=hill, loss=splc"
TRAINER = "there are: accelerator, devices, ema, keep_last, limit_batches, max_epochs, patience, precision, progress_bar, stop_below"


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["loss=focl"],
            "loss=focl: no such file in conf/loss; did you mean 'focal'? (there are: asymmetric, bce, class_balanced_bce, "
            "class_balanced_focal, distribution_balanced, expected_positive, focal, hill, large_loss, log_weighted_bce, "
            "splc, zlpr)",
        ),
        (
            ["loss.gama=2"],
            f"loss.gama=2: no such setting in conf/loss/bce.yaml; {GAMMA}",
        ),
        (
            ["loss=bce", "loss.gamma=2"],
            f"loss.gamma=2: no such setting in conf/loss/bce.yaml; {GAMMA}",
        ),
        (
            ["loss=focal", "loss.gama=2"],
            "loss.gama=2: no such setting in conf/loss/focal.yaml; did you mean 'gamma'? (there are: alpha, gamma)",
        ),
        (["model=" + "x" * 5000], "model=...: no option has a name as long as that; --help tells which there are"),
        (["+trainer.foo=1"], f"trainer.foo: no such setting; {TRAINER}"),
        (
            ["trainer.max_epoch=3"],
            f"trainer.max_epoch=3: no such setting in conf/trainer/default.yaml; did you mean 'max_epochs'? ({TRAINER})",
        ),
        (["data.size=-3"], "data.size=-3: must be a share above 0 and up to 1, or a number of films above 1"),
        (["data.size=2.5"], "data.size=2.5: must be a share above 0 and up to 1, or a number of films above 1"),
        (["seed=abc"], "seed=abc: Value 'abc' of type 'str' could not be converted to Integer (conf/train.yaml)"),
        (
            ["trainer.max_epochs=x"],
            "trainer.max_epochs=x: Value 'x' of type 'str' could not be converted to Integer (conf/trainer/default.yaml)",
        ),
        (
            ["model.layers=2"],
            "model.layers=2: no such setting in conf/model/distilbert_small.yaml; 'layers' belongs to model=tiny",
        ),
        (
            ["checkpoint=a=b"],
            "checkpoint=a=b: cannot be read as KEY=VALUE; put quotes around special characters: 'KEY=\"VALUE\"'",
        ),
        (["loss=[bce,focal]"], None),
        (["loss=null"], None),
        (
            ["data.text=[description,genres]"],
            "data.text=['description', 'genres']: must be without genres, the answer itself",
        ),
        (
            ["data.val_share=0.5", "data.test_share=0.45"],
            "data.val_share=0.5 data.test_share=0.45: leave at least a tenth of the films for training",
        ),
        (["logger.wandb.mode=onlin"], "logger.wandb.mode=onlin: must be one of auto, offline, online"),
        (["optimizer.learning_rate=0"], "optimizer.learning_rate=0.0: must be above 0"),
    ],
)
def test_a_mistake_is_named_in_one_line(overrides: list[str], message: str | None) -> None:
    with pytest.raises(UserError) as caught:
        compose("train", overrides)
    assert "\n" not in str(caught.value)
    if message is not None:
        assert str(caught.value) == message


def test_a_misspelt_top_level_name_is_mended() -> None:
    with pytest.raises(UserError, match="did you mean 'loss'"):
        compose("train", ["lss=focal"])


def test_predict_wants_one_kind_of_input() -> None:
    with pytest.raises(UserError, match="either text"):
        compose("predict", ["run=x"])
    with pytest.raises(UserError, match="go together"):
        compose("predict", ["run=x", "input=a.csv"])
    for overrides in (["text=a"], ["input=-", "output=-"]):
        with pytest.raises(UserError, match="engine=ray: is for input=FILE"):
            compose("predict", [*overrides, "engine=ray"])
    assert compose("predict", ["text=a"]).run is None  # the newest one


def test_what_a_table_needs() -> None:
    with pytest.raises(UserError, match="data.file: has no value; give one: data.file=VALUE"):
        compose("train", ["data=table", "data.text=[plot]", "data.labels_from=genres"])
    table = ["data=table", "data.file=a.csv", "data.text=[plot]", "data.labels_from=genres"]
    with pytest.raises(UserError, match="data=table: is trained on as it is; prepare.py is for"):
        compose("prepare", table)
    with pytest.raises(UserError, match="which=raw: there is only one table"):
        compose("explore", [*table, "which=raw"])
    assert compose("train", [*table, "data.separator="]).data.separator == ""


@pytest.mark.parametrize(
    ("config", "override", "told"),
    [
        ("train", "loss.gamma=nan", "loss.gamma=nan: must be a finite number"),
        ("train", "optimizer.learning_rate=inf", "optimizer.learning_rate=inf: must be a finite number"),
        ("train", "trainer.stop_below=[0.1,nan]", "trainer.stop_below=nan: must be a finite number"),
        ("baseline", "baseline.C=[1,inf]", "baseline.C=inf: must be a finite number"),
        ("train", "data.val_share=nan", "data.val_share=nan: must be a finite number"),
    ],
)
def test_what_is_no_number_is_refused(config: str, override: str, told: str) -> None:
    with pytest.raises(UserError, match=re.escape(told)):
        compose(config, ["loss=focal", override] if config == "train" else [override])


def test_a_saved_config_of_another_version_is_refused() -> None:
    with pytest.raises(UserError, match=r"another version \(.*there is no such loss\); train it again"):
        config_from_dict({"loss": {"_target_": "genre.losses.Forgotten"}})
    with pytest.raises(UserError, match=r"another version \(.*threshold.*\); train it again") as caught:
        config_from_dict({"decision": {"threshold": 0.5}})
    assert "\n" not in str(caught.value)
    lacking = asdict(compose("train"))
    del lacking["model"]["pooling"]
    with pytest.raises(UserError, match=r"another version \(model.pooling: has no value\); train it again"):
        config_from_dict(lacking)
    with pytest.raises(UserError, match="sead"):
        config_from_dict({"sead": 1})


def test_a_setting_of_an_earlier_name_is_understood() -> None:
    for kept, named in ((True, "keep"), (False, "drop")):
        values = asdict(compose("train"))
        values["data"] = {"keep_truncated": kept} | {k: v for k, v in values["data"].items() if k != "truncated"}
        assert config_from_dict(values) == replace(
            compose("train"), data=replace(compose("train").data, truncated=named)
        )


def test_suggestions() -> None:
    assert suggestion("zzz", ["alpha", "_target_"]) == "there are: alpha"
    assert suggestion("x", []) == "it has no settings"
    assert suggestion("label 7", map("label {:03}".format, range(300))).endswith(", label 049 and 250 more)")


@pytest.mark.parametrize("text", ["${oc.env:HOME}", "a${seed}b", "\\${x}", "\\\\${x}", "${", "$x", "\\$x {y}", "x\\"])
def test_a_saved_config_is_read_and_not_evaluated(text: str) -> None:
    values = asdict(compose("train"))
    values["checkpoint"], values["data"]["drop_genres"] = text, ["Drama", text]
    cfg = config_from_dict(values)
    assert isinstance(cfg, TrainConfig)
    assert isinstance(cfg.data, ImdbConfig)
    assert (cfg.checkpoint, cfg.data.drop_genres) == (text, ["Drama", text])
