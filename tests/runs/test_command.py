"""The command that gives a run its settings."""

import pytest

from genre.config import compose
from genre.runs import commands, essential_settings, option, spelled_out
from genre.runs.command import shortest


@pytest.mark.parametrize(
    ("script", "overrides"),
    [
        ("train", ["data=sample"]),
        ("train", ["data=imdb", "loss=focal", "loss.gamma=1", "loss.alpha=null"]),
        ("train", ["data=imdb", "model=probe", "oversample=ml_ros", "data.text=[title,description]"]),
        ("train", ["data=imdb", "experiment=published/focal"]),
        ("train", ["data=imdb", "model=probe", "oversample=mlsmote"]),  # which goes with features alone
        ("train", ["data=imdb", "model=tiny", "trainer=smoke", "decision=fixed", "optimizer.learning_rate=3e-07"]),
        ("train", ["data=imdb", "loss=asymmetric", "calibration=platt"]),
        ("baseline", ["data=imdb", "features=bow", "baseline=knn", "cv=5"]),
        ("baseline", ["data=imdb", "features.char_ngrams=null", "baseline.C=[1]"]),
        # the class counts more than settings that two classes share
        ("baseline", ["data=imdb", "baseline=linear_svm", "baseline.C=[0.03,0.1,0.3,1,3]"]),
        ("baseline", ["data=imdb", "features=bow", "features.word_ngrams=[1,2]", "features.char_ngrams=[5,5]"]),
    ],
)
def test_it_is_the_one_that_was_typed(script: str, overrides: list[str]) -> None:
    cfg = compose(script, [*overrides, "seed=7"])
    ((data, *told),) = commands([cfg])
    assert data == overrides[0]
    assert sorted(told) == sorted(overrides[1:])
    assert essential_settings(compose(script, [data, *told, "seed=7"])) == essential_settings(cfg)


def test_an_experiment_that_was_changed_is_told_by_its_settings() -> None:
    cfg = compose("train", ["data=imdb", "experiment=best", "loss=focal"])
    told = shortest(cfg, ["data=imdb"])
    assert "loss=focal" in told
    assert not any(item.startswith("experiment=") for item in told)
    assert essential_settings(compose("train", told)) == essential_settings(cfg)


def test_spelled_out_there_is_no_experiment() -> None:
    cfg = compose("train", ["experiment=published/focal", "loss.gamma=1.234"])
    told = spelled_out(cfg)
    assert not any(item.startswith("experiment=") for item in told)
    assert {"loss=focal", "loss.gamma=1.234"} <= set(told)
    assert essential_settings(compose("train", told)) == essential_settings(cfg)


def test_the_sample_of_another_checkout_is_the_sample() -> None:
    cfg = compose("train", ["data.raw=/another/checkout/data/sample/raw", "model=probe"])
    assert commands([cfg]) == [["data=sample", "model=probe"]]


def test_data_from_another_folder_are_no_sample() -> None:
    assert commands([compose("train", ["data.raw=/elsewhere"])])[0][0] == "data=imdb"


def test_of_options_as_near_the_default_is_told() -> None:
    assert option(compose("train", ["experiment=published/original"]), "model") == "distilbert"
    assert option(compose("train", ["experiment=best"]), "model") == "distilbert_small"
    assert option(compose("train", ["model=distilbert"]), "model") == "distilbert"
    assert option(compose("baseline", ["baseline=knn"]), "baseline") == "knn"
