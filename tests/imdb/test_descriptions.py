"""Placeholders and cut texts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.imdb.descriptions import is_cut, is_placeholder, whole_sentences, without_placeholder
from genre.imdb.nonsense import is_nonsense


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "Add a Plot",
        "ADD A PLOT",
        "add a plot »",
        "Plot unknown.",
        "Plot Unknowm",
        "Plot under wraps",
        "Plot kept under tight wraps",
        "The plot is unknown at this time.",
        "N/A",
        "NA.",
        "None",
        "...",
        "TBA",
        "T.B.D.",
        "Plot details are being kept under wraps.",
        "Details and plot are held under wraps",
        "The storyline has not yet been revealed",
        "Synopsis to be announced.",
        "The plot is to be fully determined before release",
        "Undisclosed.",
        "The plot is being kept confidential.",
        "Coming soon.",
        "This project is in development.",
        "Plot under wraps. More details coming soon!",
        "The logline is secret (for now)",
        "No description available",
        "Unknown",
        "This project is an optioned property.",
        "Although the plot is unknown, the title is announced.",
    ],
)
def test_placeholders_are_known(text: str) -> None:
    assert is_placeholder(pd.Series([text])).all()
    assert without_placeholder(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "A secret.",
        "The plot to kill the king is revealed.",
        "A man of no known address.",
        "The story of a secret society.",
        "Football is life... everything else is mere detail.",
        "She can no longer keep her feelings under wraps.",
        "Private, hidden moments in the life of a clerk.",
        "Undisclosed diamonds draw two thieves to Oslo.",
        "A plot unknown to the queen unfolds.",
        "The unknown soldier comes home.",
        "Two agents, one top secret file, no time.",
        "Nothing is available in the ghost town's only shop.",
    ],
)
def test_descriptions_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(pd.Series([text])).any()
    assert without_placeholder(text) == text


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("Plot unknown. Sequel to a heist film.", "Sequel to a heist film."),
        ("Plot unknown - third part of a trilogy about bees.", "Third part of a trilogy about bees."),
        ("Plot kept under wraps (a musical about bees)", "A musical about bees"),
        ("Details under wraps, but it's described as a western in space.", "Described as a western in space."),
        ("Set in the world of chess. Plot kept under wraps.", "Set in the world of chess."),
        ("Set in the world of chess, the plot is under wraps.", "Set in the world of chess"),
        ("A tale of two bakers. The plot is undisclosed. Set in Lyon.", "A tale of two bakers. Set in Lyon."),
        ("Plot under wraps, except to say that a baker disappears.", "A baker disappears."),
    ],
)
def test_a_useful_rest_is_kept(text: str, tail: str) -> None:
    assert without_placeholder(text) == tail


words = st.lists(
    st.sampled_from("plot unknown under wraps the details a baker is kept secret . - ( ) but".split()), max_size=14
)


@given(st.one_of(words.map(" ".join), st.text()))
def test_nothing_is_left_to_take_away(text: str) -> None:
    once = without_placeholder(text)
    assert without_placeholder(once) == once


def test_cut_texts_are_known() -> None:
    texts = ["He goes ...                See full summary\xa0»", "On ... See full synopsis »", "See full moon ...", ""]
    assert is_cut(pd.Series(texts)).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A king dies. His three sons ... See full summary »", "A king dies."),
        ('He says "go." Then she ... See full summary »', 'He says "go."'),
        ("A king with three sons ... See full summary »", ""),
        ("Dr. J. Smith, a doctor of ... See full summary »", ""),
        ("Is it over? No! He ... See full synopsis\xa0»", "Is it over? No!"),
    ],
)
def test_a_cut_text_keeps_whole_sentences(text: str, kept: str) -> None:
    assert whole_sentences(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "1234 5678 9999 0000",
        "https://films.example/watch?v=1",
        "test test test test test",
        "asdf asdf asdf asdf asdf",
        "sdfg hjkl qwrtz mnbvc",
        "*** --- *** !!!",
        "aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbb",
    ],
)
def test_nonsense_is_known(text: str) -> None:
    assert is_nonsense(pd.Series([text])).all()


@pytest.mark.parametrize(
    "text",
    [
        "A king dies.",
        "Six friends, one car, no map.",
        "一个男人回到家乡，发现一切都变了。",
        "Мужчина возвращается домой.",
        "Молодой программист изучает HTML чтобы спасти мир от злодея",
        "東京でAIと暮らす男の物語",
        "Krtek und seine Freunde im Schwarzwald",
        "The 1936 Olympics, 100 m, 200 m, 4 x 100 m.",
        "AAAAAH! A shark comes to town.",
    ],
)
def test_texts_of_any_language_are_sense(text: str) -> None:
    assert not is_nonsense(pd.Series([text])).any()
