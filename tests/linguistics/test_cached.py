"""Lemmas of texts, kept on disk."""

from pathlib import Path

import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.linguistics import LightLemmatiser
from genre.linguistics.cached import lemmatised
from genre.use.baseline import read_texts

TEXTS = ["The wives were running.", "", "Two\nlines"]


class Shouting(LightLemmatiser):
    """Another lemmatiser."""

    def describe(self) -> dict[str, str]:
        return {"shouting": "1"}


def test_lemmas_are_kept_and_found_again(tmp_path: Path) -> None:
    light = LightLemmatiser()
    assert lemmatised(TEXTS, light, tmp_path) == ["the wife be run .", "", "two line"]
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text().replace("wife", "kept"))
    assert lemmatised(TEXTS, light, tmp_path)[0] == "the kept be run ."
    assert lemmatised(TEXTS, light) == ["the wife be run .", "", "two line"]
    assert lemmatised([*TEXTS, "more"], light, tmp_path)[0] == "the wife be run ."
    assert lemmatised(TEXTS, Shouting(), tmp_path)[0] == "the wife be run ."


def test_a_baseline_reads_words_or_the_chosen_lemmas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    films = pd.DataFrame({"description": TEXTS})
    assert read_texts(films, compose("baseline", ["features.tokens=words"])) == TEXTS
    assert read_texts(films, compose("baseline", ["features.tokens=lemmas"]))[0] == "the wife be run ."
    monkeypatch.setenv("NLTK_DATA", str(tmp_path))
    monkeypatch.setattr("nltk.data.path", [str(tmp_path)])
    with pytest.raises(UserError, match="nltk=true"):
        read_texts(films, compose("baseline", ["features.tokens=lemmas", "lemmatiser=nltk"]))
