"""The lemmatiser of NLTK's models, with small models made here, in processes of their own: NLTK keeps what it loaded."""

import json
import os
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from nltk.tag.perceptron import PerceptronTagger

from tests.commands import Command

TRAINING = [
    [("The", "DT"), ("wives", "NNS"), ("ran", "VBD"), (".", ".")],
    [("Zorb.", "NNP"), ("Vane", "NNP"), ("was", "VBD"), ("happier", "JJR"), (".", ".")],
    [("She", "PRP"), ("waits", "VBZ"), ("(", "("), ("alone", "RB"), (")", ")"), (".", ".")],
] * 20


@pytest.fixture(scope="module")
def nltk_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as NLTK's downloader makes it: a Punkt model, a trained tagger and a WordNet of five words."""
    root = tmp_path_factory.mktemp("nltk_data")
    punkt = root / "tokenizers/punkt_tab/english"
    punkt.mkdir(parents=True)
    (punkt / "abbrev_types.txt").write_text("zorb\n")
    for name in ("collocations.tab", "sent_starters.txt", "ortho_context.tab"):
        (punkt / name).write_text("")
    tagger = PerceptronTagger(load=False)
    tagger.train(TRAINING)
    folder = root / "taggers/averaged_perceptron_tagger_eng"
    folder.mkdir(parents=True)
    for part, value in (
        ("weights", tagger.model.weights),
        ("tagdict", tagger.tagdict),
        ("classes", sorted(tagger.classes)),
    ):
        (folder / f"averaged_perceptron_tagger_eng.{part}.json").write_text(json.dumps(value))
    words = {"noun": ("n", ["wife"]), "verb": ("v", ["run", "be", "wait"]), "adj": ("a", ["happy"]), "adv": ("r", [])}
    exceptions = {"noun": "wives wife\n", "verb": "ran run\nwas be\n", "adj": "happier happy\n", "adv": ""}
    wordnet = root / "corpora/wordnet"
    wordnet.mkdir(parents=True)
    for part, (letter, lemmas) in words.items():
        (wordnet / f"index.{part}").write_text("".join(f"{lemma} {letter} 1 0 1 0 00000000  \n" for lemma in lemmas))
        (wordnet / f"data.{part}").write_text("  1 WordNet 3.0 Copyright\n")
        (wordnet / f"{part}.exc").write_text(exceptions[part])
    for name in ("lexnames", "index.sense", "cntlist.rev"):
        (wordnet / name).write_text("")
    return root


def python(code: str, folder: Path, data: Path) -> "CompletedProcess[str]":
    """Run a program that finds NLTK's data in one folder alone."""
    program = folder / "program.py"
    program.write_text(f"import nltk\n\nnltk.data.path[:] = [{str(data)!r}]\n{code}")
    return Command(program, [], os.environ, warnings="error").finish()


def test_texts_are_analysed_by_the_models(nltk_data: Path, tmp_path: Path) -> None:
    code = """
import pickle
from genre.linguistics import NLTKLemmatiser
lemmatiser = pickle.loads(pickle.dumps(NLTKLemmatiser()))
(sentences,) = lemmatiser.analyse(["The wives ran. Zorb. Vane was happier. She waits (alone)."])
print(lemmatiser.describe())
for sentence in sentences:
    print(*[f"{token.form}/{token.xpos}/{token.upos}/{token.lemma}" for token in sentence.tokens])
"""
    done = python(code, tmp_path, nltk_data)
    assert done.stderr == ""
    assert done.stdout.splitlines()[0].endswith("'wordnet': '3.0'}")
    assert done.stdout.splitlines()[1:] == [
        "The/DT/DET/the wives/NNS/NOUN/wife ran/VBD/VERB/run ././PUNCT/.",
        "Zorb./NNP/PROPN/Zorb. Vane/NNP/PROPN/Vane was/VBD/AUX/be happier/JJR/ADJ/happy ././PUNCT/.",
        "She/PRP/PRON/she waits/VBZ/VERB/wait (/-LRB-/PUNCT/( alone/RB/ADV/alone )/-RRB-/PUNCT/) ././PUNCT/.",
    ]


@pytest.mark.parametrize("missing", ["tokenizers", "taggers", "corpora"])
def test_missing_data_end_in_one_line(nltk_data: Path, tmp_path: Path, missing: str) -> None:
    for part in nltk_data.iterdir():
        if part.name != missing:
            shutil.copytree(part, tmp_path / part.name)
    code = """
from genre.linguistics import NLTKLemmatiser
from genre.errors import UserError
try:
    NLTKLemmatiser()
except UserError as error:
    print(error)
"""
    done = python(code, tmp_path, tmp_path)
    (line,) = done.stdout.splitlines()
    assert line.startswith("lemmatiser=nltk: NLTK does not find its data")
    assert "python scripts/download.py nltk=true" in line
