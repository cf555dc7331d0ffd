"""Sentences to words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nltk.tokenize import NLTKWordTokenizer

from genre.linguistics.words import split_words

PIECES = [
    "She",
    "can't",
    "cannot",
    "go",
    "Orme's",
    "5",
    "p.m.",
    "3,50",
    "a.k.a.",
    "wanna",
    "half-done",
    "dogs'",
    "'tis",
]
MARKS = [" ", " ", " ", ", ", "; ", "? ", ' "', '" ', " (", ") ", " -- ", "...", ". ", ": ", " & ", "'", " $", "%", "—"]


@pytest.mark.parametrize(
    ("sentence", "forms"),
    [
        ("She can't go.", ["She", "ca", "n't", "go", "."]),
        ("She can’t go.", ["She", "ca", "n’t", "go", "."]),
        ("Orme's dog, Rex, barks!", ["Orme", "'s", "dog", ",", "Rex", ",", "barks", "!"]),
        ('"Go," he says.', ['"', "Go", ",", '"', "he", "says", "."]),
        ('He says "go."', ["He", "says", '"', "go", ".", '"']),
        ("He cannot (or will not) pay $5.", ["He", "can", "not", "(", "or", "will", "not", ")", "pay", "$", "5", "."]),
        ("Mr. Orme lives in the U.S. now.", ["Mr.", "Orme", "lives", "in", "the", "U.S.", "now", "."]),
        ('Gone . "', ["Gone", ".", '"']),
        ('Gone. "', ["Gone", ".", '"']),
        ("“Gone,” they say…", ["“", "Gone", ",", "”", "they", "say…"]),
        ("``Gone''", ["``", "Gone", "''"]),
    ],
)
def test_words_of_sentences(sentence: str, forms: list[str]) -> None:
    assert split_words(sentence).forms == forms


def test_quotation_marks_have_a_direction() -> None:
    assert split_words('"Go," he says.').words == ["``", "Go", ",", "''", "he", "says", "."]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(MARKS)), min_size=1, max_size=8))
def test_words_are_those_of_nltk(parts: list[tuple[str, str]]) -> None:
    sentence = "".join(word + mark for word, mark in parts)
    assert split_words(sentence).words == NLTKWordTokenizer().tokenize(sentence)


@given(st.text(min_size=1).filter(lambda text: not text[0].isspace()))
@example("''\"``\"'' ('' \" ")
@example("'' '' \"'' ``")
@example("a\x1cb\x85c\u2028d\u3000e")
@example("\"'s\" n't '' 'll ca''")
@example("wanna,cannot.gimme\0lemme")
def test_no_character_is_lost(sentence: str) -> None:
    forms, words, spaces = split_words(sentence)
    assert "".join(form + space for form, space in zip(forms, spaces, strict=True)) == sentence
    assert len(words) == len(forms)
    assert all(form and form.split() == [form] for form in forms)
    assert not "".join(spaces).strip()


@given(st.text(st.sampled_from("ab\"'`’“.,:?!()[]- \t\x1f\x85")).filter(lambda text: text[:1].strip() != ""))
def test_no_mark_is_lost(sentence: str) -> None:
    forms, _, spaces = split_words(sentence)
    assert "".join(form + space for form, space in zip(forms, spaces, strict=True)) == sentence
