"""Repairs of single descriptions."""

import pandas as pd
import pytest

from genre.imdb.repairs import (
    remove_source_tail,
    repair_html,
    repair_unicode,
    worth_removing_source_tail,
    worth_repairing_html,
    worth_repairing_unicode,
)


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("\n A\xa0man \t walks. ", "A man walks."),
        ("caf\u00c3\u00a9 society", "café society"),
        ("the king\u00e2\u20ac\u2122s men", "the king’s men"),
        ("la regi\u00c3\u00b3n del r\u00c3\u00ado", "la región del río"),
        ("e\u0301t\u00e9", "été"),
        ("a zero\u200b width", "a zero\u200b width"),
        ("bell\x07 rings", "bell rings"),
        ("ﬁre", "fire"),
        ("ＡＢＣ", "ABC"),
        ("naïve Noël at São Paulo", "naïve Noël at São Paulo"),
        ("Überraschung für Größen", "Überraschung für Größen"),
        ("“curly” quotes — and dashes", "“curly” quotes — and dashes"),
    ],
)
def test_characters(text: str, repaired: str) -> None:
    assert repair_unicode(text) == repaired
    assert worth_repairing_unicode(pd.Series([text])).all() or text == repaired


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("Tom &amp; Ann", "Tom & Ann"),
        ("5 &lt; 6 &#39;x&#39; &#x41;", "5 < 6 'x' A"),
        ("A<br>B<br/>C</p>", "A B C"),
        ('<a href="x">A</a> king', "A king"),
        ("R&D and AT&T, &unknown; stays", "R&D and AT&T, &unknown; stays"),
        ("I <3 you, 2 < 3 > 1", "I <3 you, 2 < 3 > 1"),
    ],
)
def test_entities_and_tags(text: str, repaired: str) -> None:
    assert repair_html(text) == repaired
    assert worth_repairing_html(pd.Series([text])).all()


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("A king dies. Written by Ann Lee", "A king dies."),
        ("A king dies. Written by: Ann Lee <ann@mail.example>", "A king dies."),
        ("A king dies. —Ann Lee <ann@mail.example>", "A king dies."),
        ("A king dies. [Synopsis from the publisher]", "A king dies."),
        ("A king dies. (Summary by the distributor)", "A king dies."),
        ("A king dies. Tags : king, death, sons", "A king dies."),
        ("A king dies. Source: the festival's catalogue", "A king dies."),
        ("A king dies...<more>", "A king dies"),
        ("A king dies ... (read more)", "A king dies"),
        ("A king dies. © 2010 The Studio", "A king dies."),
    ],
)
def test_sources_at_the_end(text: str, repaired: str) -> None:
    assert remove_source_tail(text) == repaired
    assert worth_removing_source_tail(pd.Series([text])).all()


@pytest.mark.parametrize(
    "text",
    [
        "A letter written by a king is found.",
        "Based on a novel written by Ann Lee.",
        "From the best seller 'The Tower' written by Ann Lee, based on real events.",
        "A king (of the west) dies.",
        "They sing, dance, and much more.",
        "A king dies [of grief].",
        "He reads a description of the town.",
    ],
)
def test_sentences_are_no_sources(text: str) -> None:
    assert remove_source_tail(text) == text
