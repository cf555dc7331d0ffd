"""The lemmatiser of spaCy models; where spaCy is installed, with a small model of rules made here."""

import importlib.util
import pickle
from pathlib import Path
from typing import Any

import pytest

from genre.config import compose, instantiate
from genre.errors import UserError
from genre.linguistics import SpacyLemmatiser, Token

INSTALLED = importlib.util.find_spec("spacy") is not None
needs_spacy = pytest.mark.skipif(not INSTALLED, reason="spaCy is an extra")


@pytest.mark.skipif(INSTALLED, reason="for where spaCy is not installed")
def test_without_spacy_there_is_one_line() -> None:
    with pytest.raises(
        UserError, match=r"lemmatiser=spacy: the package spacy is not installed; run: pip install 'genre\[spacy\]'"
    ):
        instantiate(compose("prepare", ["lemmatiser=spacy"]).lemmatiser)


@pytest.fixture
def pipeline() -> Any:
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("en", meta={"name": "rules", "version": "1.2.3"})
    pipeline.add_pipe("sentencizer")
    patterns = [
        {"patterns": [[{"LOWER": word}]], "attrs": {"TAG": tag, "POS": pos, "LEMMA": lemma}}
        for word, tag, pos, lemma in [
            ("they", "PRP", "PRON", "they"),
            ("ran", "VBD", "VERB", "run"),
            (".", ".", "PUNCT", "."),
            ("?", ".", "PUNCT", "?"),
        ]
    ]
    pipeline.add_pipe("attribute_ruler").add_patterns(patterns)
    return pipeline


@needs_spacy
def test_tokens_are_those_of_the_model(pipeline: Any, tmp_path: Path) -> None:
    pipeline.to_disk(tmp_path / "model")
    lemmatiser = pickle.loads(pickle.dumps(SpacyLemmatiser(str(tmp_path / "model"))))
    assert lemmatiser.describe()["model"] == "en_rules-1.2.3"
    text = " They  ran.\n\nRan? "
    found = list(lemmatiser.analyse([text, "", " \n "]))
    first, second = found[0]
    assert first.tokens == (
        Token("They", "they", "PRON", "PRP", "  "),
        Token("ran", "run", "VERB", "VBD", ""),
        Token(".", ".", "PUNCT", ".", "\n\n"),
    )
    assert second.tokens[-1] == Token("?", "?", "PUNCT", ".", " ")
    assert found[1:] == [(), ()]


@needs_spacy
def test_a_model_that_lacks_a_part_is_refused(pipeline: Any, tmp_path: Path) -> None:
    pipeline.remove_pipe("sentencizer")
    pipeline.to_disk(tmp_path / "model")
    with pytest.raises(UserError, match="its pipeline does not set SENT_START; choose a model that tags"):
        SpacyLemmatiser(str(tmp_path / "model"))


@needs_spacy
def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match="lemmatiser.model=en_none: spaCy finds no such model; run `python -m spacy"):
        SpacyLemmatiser("en_none")
