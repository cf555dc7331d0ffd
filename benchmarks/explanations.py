"""Whether explanations find what they should: words that were planted in texts, and that alone decide the genre.

    python benchmarks/explanations.py [overrides of conf/train.yaml]

A word of four is put anywhere into descriptions of the sample, and is their genre; those without one are Plain. A
network, by default a tiny one, and a linear baseline learn that. Then 200 other descriptions are explained in every way
that suits the model. Prints how often the planted word is the strongest of all words of the text for its genre, the
completeness error (median and largest) and the time of a text.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import genre
from genre.config import compose
from genre.data.tables import read_table
from genre.paths import PROJECT_ROOT
from genre.training import train, train_baseline
from genre.use import Model
from genre.use.explain import explain

FILMS = 200
_COPIES = 3  # of each training description, each with a word of its own or none
_PLANTED = {"Airship": "zeppelin", "Sweets": "marzipan", "Chapel": "harmonium", "Desert": "dromedary"}
_PLAIN = "Plain"
_NETWORK = ("model=tiny", "data.epochs=4", "optimizer.learning_rate=3e-3")
_SHORTEST = 60  # letters of a description


def planted(descriptions: list[str], copies: int, generator: np.random.Generator) -> pd.DataFrame:
    """Each description a number of times: description, genre, word; four of five hold a planted word."""
    rows = []
    for description in descriptions * copies:
        name = [_PLAIN, *_PLANTED][generator.integers(1 + len(_PLANTED))]
        words = description.split()
        if name != _PLAIN:
            words.insert(int(generator.integers(len(words) + 1)), _PLANTED[name])
        rows.append((" ".join(words), name, _PLANTED.get(name, "")))
    return pd.DataFrame(rows, columns=["description", "genre", "word"])


def sample_descriptions() -> list[str]:
    """Those of the sample, each once."""
    files = sorted((PROJECT_ROOT / "data/sample/raw").glob("*.csv"))
    texts = pd.concat([read_table(file, ["description"]) for file in files])["description"].drop_duplicates()
    return [text for text in texts if len(text) >= _SHORTEST and not any(word in text for word in _PLANTED.values())]


def measured(name: str, model: Model, films: pd.DataFrame, method: str) -> str:
    """A row of the table."""
    found, errors, used = 0, [], ""
    start = time.perf_counter()
    for text, label, word in films.itertuples(index=False):
        explanation = explain(model, text, [label], method)
        strongest = explanation.words[int(explanation.weights[:, 0].argmax())]
        found += explanation.text[slice(*strongest)] == word
        errors.append(explanation.error[0])
        used = f"{explanation.method} | {explanation.unit}"
    seconds = (time.perf_counter() - start) / len(films)
    told = f"{np.median(errors):.2g} | {max(errors):.2g} | {seconds:.3f}"
    return f"| {name} | {used} | {found} of {len(films)} | {found / len(films):.1%} | {told} |"


def main(overrides: Sequence[str]) -> None:
    """Train, explain, print."""
    generator = np.random.default_rng(0)
    descriptions = sample_descriptions()
    generator.shuffle(descriptions)
    films = planted(descriptions[:FILMS], 2, generator).query("word != ''").head(FILMS)
    assert len(films) == FILMS
    with tempfile.TemporaryDirectory() as scratch:
        parts = np.split(np.array(descriptions[FILMS:], dtype=object), [len(descriptions) // 10])
        files = {}
        for part, texts, copies in zip(("val_file", "file"), parts, (1, _COPIES), strict=True):
            files[part] = f"data.{part}={scratch}/{part}.csv"
            planted(list(texts), copies, generator).to_csv(Path(scratch) / f"{part}.csv", index=False)
        films.to_csv(Path(scratch) / "test.csv", index=False)
        data = ["data=table", *files.values(), f"data.test_file={scratch}/test.csv", "data.text=[description]"]
        data += ["data.labels_from=genre", f"paths.outputs={scratch}", "logger=csv", "report.plots=false"]
        networks = ["trainer.progress_bar=false", *data, *overrides]
        network = genre.load(train(compose("train", networks)).path)
        baseline = genre.load(train_baseline(compose("baseline", [*data, "features.tokens=words"])).path)
        for model in (network, baseline):
            given = [
                label in labels
                for label, labels in zip(films["genre"], model.predict(list(films["description"])), strict=True)
            ]
            print(f"{model.folder.name}: the genre is predicted of {sum(given)} of {len(given)} films")
        print("\n| model | method | unit | strongest | share | median error | largest error | seconds a text |")
        print("|---|---|---|---:|---:|---:|---:|---:|")
        for name, model, method in (
            ("network", network, "gradients"),
            ("network", network, "occlusion"),
            ("TF-IDF, logistic regression", baseline, "auto"),
            ("TF-IDF, logistic regression", baseline, "occlusion"),
        ):
            print(measured(name, model, films, method), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("overrides", nargs="*", default=_NETWORK, help="settings of the network")
    main(parser.parse_args().overrides)
