"""Finished models in Python."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import genre
from genre.errors import UserError
from genre.runs import RunFolder
from genre.runs.films import kept_films

# what a person who loads a model never waits for
UNLOADED = """
import sys
import genre

assert "torch" not in sys.modules and "omegaconf" not in sys.modules
for folder in sys.argv[1:]:
    assert genre.load(folder).predict(["A long walk home."])[0]
    assert not {"hydra", "pytorch_lightning", "torchmetrics", "wandb", "matplotlib"} & set(sys.modules)
    print("transformers" in sys.modules)
"""


def stored(run: RunFolder) -> tuple[pd.DataFrame, np.ndarray, list[list[int]]]:
    """Test films of a run, and what it has recorded of them."""
    table = pd.read_parquet(run.predictions_file).query("split == 'test'")
    sets = [predicted.tolist() for predicted in table["predicted"]]
    return kept_films(run).films("test"), np.stack(table["probabilities"].tolist()), sets


@pytest.mark.parametrize("kind", ["finished_run", "baseline_run"])
def test_a_loaded_model_says_what_the_run_said(kind: str, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(kind)
    films, probabilities, sets = stored(run)
    model = genre.load(run.path)
    assert np.array_equal(model.probabilities(films).to_numpy(), probabilities)
    assert [[int(label in given) for label in model.labels] for given in model.predict(films)] == sets
    assert model.probabilities(films).columns.tolist() == list(model.labels) == list(model.thresholds)
    separator = f" {model.scorer.separator} "
    texts = [separator.join(row) for row in films[list(model.columns)].itertuples(index=False)]
    assert model.predict(texts) == model.predict(films)


def test_nothing_is_said_of_an_empty_text(baseline_run: RunFolder) -> None:
    model = genre.load(str(baseline_run.path))
    texts = ["Two friends, one bank.", "", None, " \n", float("nan"), "Singers sing."]
    probabilities = model.probabilities(texts)  # type: ignore[arg-type]
    assert probabilities.isna().all(axis=1).tolist() == [False, True, True, True, True, False]
    assert [bool(labels) for labels in model.predict(texts)] == [True, False, False, False, False, True]  # type: ignore[arg-type]
    assert probabilities.iloc[[0, 5]].equals(model.probabilities([texts[0], texts[5]]).set_axis([0, 5]))  # type: ignore[list-item]
    assert model.predict([]) == []
    assert model.probabilities([]).shape == (0, len(model.labels))


def test_a_column_keeps_its_index_and_a_table_its_columns_are_looked_for(baseline_run: RunFolder) -> None:
    model = genre.load(baseline_run.path)
    column = pd.Series(["Two friends.", "One bank."], index=["b", "a"])
    assert model.probabilities(column).index.tolist() == ["b", "a"]
    table = pd.DataFrame({"description": column, "title": ["", None]})
    assert model.predict(table) == model.predict(column)
    with pytest.raises(UserError, match="this model reads title, description; the table lacks title"):
        model.predict(table[["description"]])


def test_what_is_no_text_is_refused(baseline_run: RunFolder) -> None:
    model = genre.load(baseline_run.path)
    with pytest.raises(TypeError, match=r"given as a list: \[text\]"):
        model.predict("Two friends, one bank.")
    with pytest.raises(TypeError, match="text 1 is of type int: 7;"):
        model.predict(["Two friends, one bank.", 7])  # type: ignore[list-item]


def test_thresholds_and_the_rule_come_from_the_folder(finished_run: RunFolder, tmp_path: Path) -> None:
    run = RunFolder(Path(shutil.copytree(finished_run.path, tmp_path / "run")))
    texts = ["Two friends, one bank.", "Singers sing."]
    model = genre.load(run.path)
    labels = model.labels
    run.thresholds_file.write_text("{" + ", ".join(f'"{label}": 0.0' for label in labels) + "}")
    assert genre.load(run.path).predict(texts) == [list(labels)] * 2
    run.thresholds_file.write_text("{" + ", ".join(f'"{label}": 1.0' for label in labels) + "}")
    likeliest = model.probabilities(texts).idxmax(axis=1).tolist()
    assert genre.load(run.path).predict(texts) == [[label] for label in likeliest]
    run.config_file.write_text(run.config_file.read_text().replace("fallback: probability", "fallback: ratio"))
    assert genre.load(run.path).fallback == "ratio"


def test_a_folder_without_a_finished_run(finished_run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no run folder"):
        genre.load(tmp_path)
    run = RunFolder(Path(shutil.copytree(finished_run.path, tmp_path / "run")))
    run.best_checkpoint.write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(UserError, match="best.ckpt: is damaged"):
        genre.load(run.path)
    run.best_checkpoint.unlink()
    with pytest.raises(UserError, match="best.ckpt: is missing"):
        genre.load(run.path)


def test_loading_imports_little(baseline_run: RunFolder, finished_run: RunFolder) -> None:
    folders = [str(baseline_run.path), str(finished_run.path)]
    done = subprocess.run(
        [sys.executable, "-c", UNLOADED, *folders], text=True, capture_output=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False"]
