"""Runs over seeds as one system."""

import numpy as np
import pytest

from genre.metrics import bootstrap
from genre.report.compare.runs import read_runs
from genre.report.results.systems import read_systems
from genre.runs.predictions import read_predictions


def test_scores_are_means_over_seeds(make_run, systems_of) -> None:
    runs = [make_run(f"{seed}_0123456789", f"seed={seed}", seed=seed) for seed in (1, 2, 3)]
    runs[0].status_file.write_text('{"state": "completed", "seconds": 10.0}')
    runs[1].status_file.write_text('{"state": "completed", "seconds": 20.0}')
    runs[2].status_file.write_text('{"state": "completed", "seconds": 1.0, "resumed": true}')
    (system,), left_out = systems_of(*runs)
    assert not left_out
    assert (system.model, system.command) == ("tiny", "train.py model=tiny trainer=smoke data.batch_size=16")
    values = [run.metrics()["test/jaccard"] for run in runs]
    assert system.point("jaccard") == pytest.approx(np.mean(values))
    assert system.deviation == pytest.approx(np.std(values, ddof=1))
    assert system.validation == pytest.approx(np.mean([run.metrics()["val/jaccard"] for run in runs]))
    assert system.seconds == 15  # the one that was cut off is not counted
    # a resample of the films is the same one for every seed
    resampled = []
    for run in runs:
        test = read_predictions(run).test
        found = bootstrap(test.probabilities, test.predicted, test.targets, resamples=1200)
        resampled.append(found.values[:, found.names.index("f1_macro")])
    assert system.column("f1_macro")[:, 0] == pytest.approx(np.mean(resampled, axis=0))


def test_runs_on_other_films_are_left_out(make_run, systems_of) -> None:
    same = [make_run("a_0123456789"), make_run("b_0123456789", "loss=focal", seed=1)]
    other = make_run("c_0123456789", "loss=zlpr", start=40)
    fewer_genres = make_run("d_0123456789", "data.drop_genres=[Drama]")
    systems, left_out = systems_of(*same, other, fewer_genres)
    assert len(systems) == 2
    assert {one.name for one in left_out} == {"c_0123456789", "d_0123456789"}


def test_the_best_comes_first(make_run, systems_of) -> None:
    worse = make_run("a_0123456789", thresholds=(0.99,))
    better = make_run("b_0123456789", "loss=focal")
    systems, _ = systems_of(worse, better)
    assert [system.runs[0].folder.path for system in systems] == [better.path, worse.path]


def test_without_its_model_a_run_has_no_costs(make_run) -> None:
    found, _ = read_runs([make_run("a_0123456789")], "test/jaccard")
    (system,), _ = read_systems(found, 40)
    assert system.costs is None
