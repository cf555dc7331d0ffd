"""What one change of the settings does."""

import pytest

from genre.metrics import holm, paired_bootstrap
from genre.report.results.effects import effects
from genre.runs.predictions import read_predictions


def test_pairs_differ_in_one_thing_and_one_has_the_default(make_run, systems_of) -> None:
    runs = {
        "plain": make_run("plain_0123456789"),
        "focal": make_run("focal_0123456789", "loss=focal", seed=1),
        "gamma": make_run("gamma_0123456789", "loss=focal", "loss.gamma=1", seed=2),
        "small": make_run("small_0123456789", "data.size=0.5", seed=3),
        "both": make_run("both_0123456789", "data.size=0.5", "loss=focal", seed=4),
        "cloned": make_run("cloned_0123456789", "oversample=ml_ros", seed=5),
        "two changes": make_run("two_0123456789", "oversample=ml_ros", "loss=zlpr", seed=6),
    }
    names = {run.path: name for name, run in runs.items()}
    systems, _ = systems_of(*runs.values(), resamples=400)
    found = effects(systems)
    pairs = {
        (one.what, *(names[system.runs[0].folder.path] for system in (one.reference, one.changed))) for one in found
    }
    assert pairs == {
        ("loss", "plain", "focal"),
        ("loss", "plain", "gamma"),  # a loss with its settings is one thing
        ("loss", "small", "both"),
        ("data.size", "plain", "small"),
        ("data.size", "focal", "both"),
        ("oversample", "plain", "cloned"),
        ("loss", "cloned", "two changes"),
    }


def test_they_are_tested_as_paired_runs_are(make_run, systems_of) -> None:
    plain = make_run("a_0123456789")
    others = [make_run("b_0123456789", "loss=focal", seed=1), make_run("c_0123456789", "loss=zlpr", thresholds=(0.9,))]
    systems, _ = systems_of(plain, *others)
    found = {one.changed.runs[0].folder.path: one for one in effects(systems)}
    ours = read_predictions(plain).test
    p_values = []
    for run in others:
        theirs = read_predictions(run).test
        system = [(part.probabilities, part.predicted) for part in (ours, theirs)]
        row = paired_bootstrap(*system, ours.targets, resamples=1200).set_index("metric").loc["jaccard"]
        effect = found[run.path]
        assert effect.difference("jaccard") == pytest.approx(row["difference"], abs=1e-6)
        assert effect.tested["jaccard"].low[0] == pytest.approx(row["low"])
        assert effect.tested["jaccard"].high[0] == pytest.approx(row["high"])
        p_values.append(row["p_value"])
    assert [found[run.path].p["jaccard"] for run in others] == pytest.approx(holm(p_values))
    assert found[others[1].path].verdict == "Jaccard worse, macro-F1 worse"


def test_the_same_predictions_show_no_difference(make_run, systems_of) -> None:
    systems, _ = systems_of(make_run("a_0123456789"), make_run("b_0123456789", "loss=focal"))
    (effect,) = effects(systems)
    assert (effect.difference("jaccard"), effect.verdict) == (0, "no difference shown")


def test_resamples_are_as_many_as_the_tests_need(make_run, systems_of) -> None:
    losses = ["focal", "zlpr", "asymmetric", "hill", "splc"]
    runs = [make_run("a_0123456789"), *(make_run(f"{name}_0123456789", f"loss={name}") for name in losses)]
    systems, _ = systems_of(*runs, resamples=50)
    assert len(effects(systems)) == 5
    assert {len(system.values) for system in systems} == {400 * 6}  # the best of each model are tested too
