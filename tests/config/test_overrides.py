"""What is typed arrives as it was typed, and what is printed can be pasted."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.config import compose
from genre.config.overrides import command, taken_as_typed
from genre.errors import UserError

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r"), min_size=1)
FOLDERS = [
    "/películas",
    "/raw (1)",
    "/it's",
    "/数据",
    "/a, b",
    "/é, b",
    "/[old] runs",
    "/a=b",
    "/a:b",
    "/50 % {of}",
    "/#1",
    "/'x",
]


def overrides(config_name: str, *arguments: str) -> list[str]:
    return taken_as_typed(arguments, config_name)[1]


@settings(max_examples=25)
@given(TEXTS)
def test_free_text_arrives_as_it_was_typed(text: str) -> None:
    quoted = text[0] == text[-1] and text[0] in "'\"" and len(text) > 1
    if text not in ("null", "???") and not quoted:
        assert compose("predict", overrides("predict", "run=x", f"text={text}")).text == text


@pytest.mark.parametrize(
    "text",
    [
        "'Tis the 'end'",
        "a \\ b",
        "C:\\films\\",
        "it's \\' odd",
        "${gold}",
        "\\${gold} costs",
        "a \\\\${b}",
        "[a, b]",
        "x=1",
        "50 % {of}",
    ],
)
def test_text_that_means_something_to_hydra(text: str) -> None:
    assert compose("predict", overrides("predict", "run=x", f"text={text}")).text == text


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_of_any_name_is_taken_in_every_setting(folder: str) -> None:
    typed = [f"data.raw={folder}", f"data.dir={folder}", f"paths.outputs={folder}", f"model.pretrained={folder}"]
    cfg = compose("train", overrides("train", *typed))
    assert {cfg.data.raw, cfg.data.dir, cfg.paths.outputs, cfg.model.pretrained} == {folder}
    assert compose("train", overrides("train", "-m", typed[2])).paths.outputs == folder  # a sweep's too


@pytest.mark.parametrize("folders", [FOLDERS, ["2024"], ["null", "/x"]])
def test_a_printed_command_names_the_same_folders(folders: list[str]) -> None:
    _, script, *arguments = shlex.split(command("compare", runs=folders))
    assert script == "scripts/compare.py"
    assert compose("compare", overrides("compare", *arguments)).runs == folders


@pytest.mark.parametrize(
    "sweep",
    [
        "seed=range(start=1,stop=3)",
        "optimizer.learning_rate=interval(start=1e-5,end=1e-3)",
        "loss=bce,focal",
        "logger.wandb.mode=auto,offline",
        "data.text=[title],[title,description]",
        "+seed=tag(a,choice(1,2))",
    ],
)
def test_sweeps_are_left_to_hydra(sweep: str) -> None:
    assert overrides("train", "-m", sweep) == [sweep]
    assert overrides("train", "hydra.mode=MULTIRUN", sweep)[1:] == [sweep]


def test_with_m_a_comma_separates_folders_too() -> None:
    assert overrides("train", "-m", "data.raw=/films,/películas") == ["data.raw=/films,'/películas'"]


def test_settings_and_flags_are_left_alone(tmp_path: Path) -> None:
    for override in (
        "loss=focal",
        "data.text=[title,description]",
        "data.text=a,b",
        'paths.outputs="/a b"',
        "data.genres=null",
    ):
        assert overrides("train", override) == [override]
    mixed = ["seed=2", "--config-name", "a=b", "loss=focal", "--cfg", "job"]
    assert taken_as_typed(mixed, "train") == (["--config-name", "a=b", "--cfg", "job"], ["seed=2", "loss=focal"])
    own = tmp_path / "a=b"
    own.mkdir()
    searched = f"hydra.searchpath=['file://{own}']"
    assert taken_as_typed(["--config-dir", str(own), "seed=2"], "train") == ([], ["seed=2", searched])
    assert taken_as_typed(["seed=2", f"--config-dir={own}"], "train") == ([], ["seed=2", searched])
    with pytest.raises(UserError, match="--config-dir none: no such folder"):
        taken_as_typed(["--config-dir", "none"], "train")
    assert overrides("prepare", "data.dir=${paths.outputs}/x") == ["data.dir=${paths.outputs}/x"]
    assert overrides("prepare", "data.dir=${paths.outputs}/é") == ["data.dir='${paths.outputs}/é'"]
    assert overrides("prepare", "crawl.url=http://x/{movie_id}") == ["crawl.url='http://x/{movie_id}'"]


def test_what_stands_for_no_value_is_no_text() -> None:
    with pytest.raises(UserError, match=r"text=\?\?\?: three question marks stand for a value that is yet to be given"):
        overrides("predict", "run=x", "text=???")
