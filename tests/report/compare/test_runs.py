"""What is read of runs: their order, the settings that tell them apart, the baseline."""

import json

import pytest

from genre.errors import UserError
from genre.report.compare.runs import ComparedRun, differing_settings, read_runs, short_names

FOCAL = ("loss=focal", "loss.alpha=0.25")


def test_best_first_whichever_way_the_metric_goes(make_run, compared) -> None:
    runs = [make_run(f"seed-{seed}_0123456789", f"seed={seed}", seed=seed) for seed in range(3)]
    for metric, best in (("test/jaccard", max), ("test/hamming_loss", min), ("val/f1_macro", max)):
        comparison = compared(*runs, metric=metric)
        assert comparison.ranked_by == metric.replace("test/", "val/")
        values = [run.scores.metrics[comparison.ranked_by] for run in comparison.runs]
        assert values[0] == best(values)
        assert values == sorted(values, reverse=best is max)


def test_settings_that_tell_runs_apart(make_run, compared) -> None:
    runs = [
        make_run("a_0123456789", *FOCAL, "loss.gamma=1", "seed=2"),
        make_run("b_0123456789", *FOCAL, "loss.gamma=2", "report.resamples=77"),
        make_run("c_0123456789", "loss=bce", "data.text=[title,description]"),
    ]
    found = compared(*runs).runs
    # alpha and label smoothing follow from the loss; seed and report change nothing of what is to be compared
    assert differing_settings(found) == ["data.text", "loss._target_", "loss.gamma"]
    assert set(compared(*runs).labels) == {
        "text description, focal, gamma 1, seed 2",
        "text description, focal, gamma 2, seed 1",
        "text title, description, bce, seed 1",
    }
    assert differing_settings(found[:1]) == []


def test_short_names_are_unambiguous() -> None:
    assert short_names(["loss._target_", "loss.gamma", "data.dir", "model.dir"]) == {
        "loss._target_": "loss",
        "loss.gamma": "gamma",
        "data.dir": "data.dir",
        "model.dir": "model.dir",
    }


def test_runs_that_differ_in_much_are_called_by_what_was_typed_for_each(make_run, compared) -> None:
    many = ["data.batch_size=8", "data.max_tokens=64", "optimizer.weight_decay=0.5", "trainer.patience=9"]
    runs = [make_run("one_0123456789", *many, "loss.label_smoothing=0.1"), make_run("two_9876543210", seed=1)]
    runs.append(make_run("three_0123456789", "loss=focal", seed=2))
    assert sorted(compared(*runs).labels) == ["one", "three", "two"]  # nothing is known of what was typed
    runs[0].note(overrides=["model=probe", *many])
    runs[1].note(overrides=["model=probe"])
    assert sorted(compared(*runs).labels) == ["one", "three", "two"]
    runs[2].note(overrides=["model=probe", "loss=focal"])
    assert sorted(compared(*runs).labels) == [" ".join(many), "loss=focal", "model=probe"]
    runs[1].note(overrides=[])
    assert "default" in compared(*runs).labels
    runs[1].note(overrides="damaged")
    assert sorted(compared(*runs).labels) == ["one", "three", "two"]


def test_training_films(make_run, compared) -> None:
    runs = [make_run(f"{size}_0123456789", f"data.size={size}", seed=size) for size in (2, 30)]
    runs += [make_run("half_0123456789", "data.size=0.5", seed=5), make_run("all_0123456789", seed=6)]
    films = {run.folder.path.name.split("_")[0]: run.training_films for run in compared(*runs).runs}
    # what the runs themselves wrote down
    assert films == {"2": 2, "30": 30, "half": 80, "all": 160}


def test_a_misspelt_metric_and_a_misspelt_baseline(make_run, compared) -> None:
    run, other = make_run("loss-bce_0123456789"), make_run("loss-focal_9876543210", "loss=focal", seed=1)
    with pytest.raises(UserError, match=r"^metric=test/jacard: no such metric; did you mean 'test/jaccard'\?"):
        compared(run, metric="test/jacard")
    with pytest.raises(UserError, match=r"^against=loss-bc_0123456789: is none of the .*mean 'loss-bce_0123456789'"):
        compared(run, other, baseline="loss-bc_0123456789")
    for name in (str(run.path), "loss-bce_0123456789", "loss-bce"):
        assert compared(run, other, baseline=name).baseline.folder.path == run.path


def test_a_run_that_lacks_something_is_told_and_does_not_stop_the_others(make_run, compared) -> None:
    whole, old, poor, bare = (make_run(f"{name}_0123456789") for name in ("whole", "old", "poor", "bare"))
    old.config_file.write_text(old.config_file.read_text() + "nothing_known: 1\n")
    metrics = poor.metrics()
    del metrics["test/jaccard"]
    poor.metrics_file.write_text(json.dumps(metrics))
    bare.intervals_file.unlink()
    runs, left_out = read_runs([whole, old, poor, bare], "test/jaccard")
    assert [run.folder for run in runs] == [whole]
    told = {one.name: one.error for one in left_out}
    assert "of another version" in told["old_0123456789"]
    assert told["poor_0123456789"].startswith("lacks test/jaccard; python scripts/evaluate.py run=")
    assert "intervals.json: is missing; python scripts/evaluate.py" in told["bare_0123456789"]
    with pytest.raises(UserError, match=r"^runs: nothing to compare \(bare_0123456789: "):
        read_runs([bare], "test/jaccard")
    with pytest.raises(UserError, match=r"^runs: nothing to compare \(none has finished\)"):
        read_runs([], "test/jaccard")


def test_what_a_kind_of_run_always_has_tells_nothing_of_it() -> None:
    network = {"optimizer.learning_rate": 1e-4, "checkpoint": None, "data.size": None}
    classical = {
        "baseline._target_": "x.LogisticRegression",
        "baseline.C": [1],
        "features._target_": "x.Tfidf",
        "cv": 0,
    }
    settings = [
        network | {"loss._target_": "x.BCELoss"},
        network | {"loss._target_": "x.FocalLoss"},
        classical | {"data.size": None},
    ]
    runs = [ComparedRun(None, None, one, seed=1, training_films=9, seconds=None) for one in settings]
    assert set(differing_settings(runs)) == {"loss._target_", "baseline._target_", "features._target_"}
