import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.cli.entry_point import _quoted
from genre.config import compose


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r"), min_size=1))
def test_free_text_arrives_as_it_was_typed(text: str) -> None:
    quoted = text[0] == text[-1] and text[0] in "'\"" and len(text) > 1 and text.count(text[0]) == 2
    if text != "null" and not quoted:
        assert compose("predict", ["run=x", _quoted(f"text={text}", "predict")]).text == text


@pytest.mark.parametrize(
    "text", ["'Tis the 'end'", "a \\ b", "C:\\films\\", "it's \\' odd", "${gold}", "[a, b]", "x=1", "50 % {of}"]
)
def test_text_that_means_something_to_hydra(text: str) -> None:
    assert compose("predict", ["run=x", _quoted(f"text={text}", "predict")]).text == text


def test_settings_are_left_alone() -> None:
    for argument in (
        "loss=focal",
        "-m",
        "data.text=[title,description]",
        "seed=1,2",
        "--config-dir=x",
        "text='quoted'",
    ):
        assert _quoted(argument, "predict" if argument.startswith("text") else "train") == argument
    assert _quoted("data.raw=/a=b", "train") == "data.raw='/a=b'"
    assert _quoted("crawl.url=http://x/{movie_id}", "prepare") == "crawl.url='http://x/{movie_id}'"
    assert _quoted("data.separator=,", "train") == "data.separator=','"
    assert _quoted("data.separator=;", "train") == "data.separator=';'"
    assert _quoted("data.dir=${paths.outputs}/x", "prepare") == "data.dir=${paths.outputs}/x"
