"""A run whose data are elsewhere is evaluated and reported from its folder alone."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.evaluation.costs import prediction_costs
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.runs.records import read_prediction_table
from tests.corpora import corpus_of


@pytest.fixture
def moved(finished_run: RunFolder, tmp_path: Path) -> RunFolder:
    """A copy of a run on a machine that has none of its data."""
    run = RunFolder(Path(shutil.copytree(finished_run.path, tmp_path / "run")))
    told = re.sub(r"^  (raw|dir|crawl): .*$", rf"  \1: {tmp_path}/nowhere", run.config_file.read_text(), flags=re.M)
    run.config_file.write_text(told)
    assert run.config().data.dir == f"{tmp_path}/nowhere"
    return run


def test_the_films_are_those_of_the_corpus(finished_run: RunFolder) -> None:
    corpus, kept = corpus_of(finished_run.config().data), kept_films(finished_run)
    assert (kept.label_names, kept.label_counts.tolist()) == (corpus.label_names, corpus.label_counts.tolist())
    for part in ("val", "test"):
        pd.testing.assert_frame_equal(kept.films(part), corpus.films(part))
        assert np.array_equal(kept.part_truth(part).labels, corpus.part_truth(part).labels)


def test_it_is_evaluated_as_at_home(finished_run: RunFolder, moved: RunFolder) -> None:
    moved.predictions_file.unlink()
    cfg = compose("evaluate", [f"run={moved.path}", "report.plots=false", "report.resamples=50"])
    write_report(evaluate(cfg), cfg.report, [finished_run])
    assert moved.metrics() == finished_run.metrics()
    assert prediction_costs(moved).films_per_second > 0
    pd.testing.assert_frame_equal(read_prediction_table(moved), read_prediction_table(finished_run))
    assert pd.read_csv(moved.report / "films.csv")["description"].notna().all()


def test_a_run_without_them_is_told(moved: RunFolder) -> None:
    moved.films_file.unlink()
    cfg = compose("evaluate", [f"run={moved.path}"])
    for read in (lambda: evaluate(cfg), lambda: write_report(moved, cfg.report)):
        with pytest.raises(UserError, match=r"films.parquet: is missing; train it again with overwrite=true"):
            read()
