"""The paired test against a baseline: its numbers, its correction, and where it has none."""

import numpy as np
import pandas as pd
import pytest

from genre.files import write_json
from genre.metrics import bootstrap, holm, paired_bootstrap
from genre.report.compare.comparison import read_comparison
from genre.report.compare.run_tables import genre_differences_table, runs_table
from genre.report.compare.text import notes, verdict
from genre.report.document import as_text
from genre.runs.predictions import read_predictions
from genre.runs.records import read_labels


def test_a_difference_is_that_of_the_paired_bootstrap(make_run, compared) -> None:
    base = make_run("loss-bce_0123456789", films=200)
    runs = [make_run(f"seed-{seed}_0123456789", f"seed={seed}", films=200, seed=seed) for seed in (2, 3, 4)]
    table = runs_table(compared(base, *runs, baseline=str(base.path))).set_index("run")
    expected = {}
    first = read_predictions(base).test
    for run in runs:
        second = read_predictions(run).test
        systems = [(part.probabilities, part.predicted) for part in (first, second)]
        expected[run.path.name[:6]] = paired_bootstrap(*systems, first.targets, resamples=1200).set_index("metric")
    p_values = dict(zip(expected, holm([one.loc["jaccard", "p_value"] for one in expected.values()]), strict=True))
    for name, one in expected.items():
        row, told = one.loc["jaccard"], table.loc[name]
        assert told["difference"] == pytest.approx(row["difference"], abs=1e-6)
        assert (told["difference_low"], told["difference_high"]) == pytest.approx((row["low"], row["high"]))
        assert told["p"] == pytest.approx(p_values[name])
        assert told["significant"] == ("yes" if p_values[name] < 0.05 else "no")
    assert table.loc["loss-bce", "significant"] == "baseline"
    assert pd.isna(table.loc["loss-bce", "difference"])


def test_of_genres_too(make_run, compared) -> None:
    base, run = make_run("a_0123456789", films=200), make_run("b_0123456789", "seed=2", films=200, seed=2)
    table = genre_differences_table(compared(base, run, baseline="a")).set_index("genre")
    first, second = (
        bootstrap(part.probabilities, part.predicted, part.targets, resamples=1200)
        for part in (read_predictions(run).test for run in (base, run))
    )
    drama = read_labels(run).index("Drama")
    low, high = np.quantile(second.label_f1[:, drama] - first.label_f1[:, drama], (0.025, 0.975))
    f1 = [pd.read_csv(run.per_genre_file).set_index("genre").loc["Drama", "f1"] for run in (base, run)]
    assert table.loc["Drama", "b"] == pytest.approx(f1[1] - f1[0])
    assert table.loc["Drama", ["b_low", "b_high"]].tolist() == pytest.approx([low, high], abs=1e-9)


def test_other_films_are_told_and_not_counted(make_run, compared) -> None:
    base = make_run("base_0123456789", films=60)
    other = make_run("other_0123456789", "seed=2", films=60, start=1, seed=2)
    fewer = make_run("fewer_0123456789", "seed=3", "data.drop_genres=[War]", films=60, seed=3)
    same = make_run("same_0123456789", "seed=4", films=60, seed=4)
    comparison = compared(base, other, fewer, same, baseline="base")
    table = runs_table(comparison).set_index("run")
    for name in ("other", "fewer"):
        assert table.loc[name, "significant"] == "other films"
        assert table.loc[name, ["difference", "p"]].isna().all()
    assert not pd.isna(table.loc["same", "p"])
    assert any("corrected for 1 test by Holm" in note for note in notes(comparison))
    assert list(genre_differences_table(comparison).filter(regex="^(same|other|fewer)$")) == ["same"]


def test_a_metric_of_validation_films_is_tested_on_them(make_run, compared) -> None:
    base, run = make_run("a_0123456789", films=100), make_run("b_0123456789", "seed=2", films=100, seed=2)
    row = runs_table(compared(base, run, metric="val/jaccard", baseline="a")).set_index("run").loc["b"]
    parts = [read_predictions(run).val for run in (base, run)]
    systems = [(part.probabilities, part.predicted) for part in parts]
    expected = paired_bootstrap(*systems, parts[0].targets, resamples=1200).set_index("metric").loc["jaccard"]
    assert row[["difference_low", "p"]].tolist() == pytest.approx(expected[["low", "p_value"]].tolist())


def test_a_metric_without_intervals_has_no_test(make_run, compared) -> None:
    base, run = make_run("a_0123456789"), make_run("b_0123456789", "seed=2", seed=2)
    comparison = compared(base, run, metric="test/mean_average_precision", baseline="a")
    row = runs_table(comparison).set_index("run").loc["b"]
    assert row["significant"] == "no test"
    assert row["difference"] == pytest.approx(
        run.metrics()["test/mean_average_precision"] - base.metrics()["test/mean_average_precision"]
    )
    assert pd.isna(row["p"])
    assert "nan" not in verdict(comparison)


def test_there_are_resamples_enough_for_so_many_runs(make_run) -> None:
    # the first is far better than the others: with 50 resamples no p could be below 0.05 after Holm's correction
    runs = [make_run("good_0123456789", films=200, thresholds=(0.4,))]
    runs += [
        make_run(f"bad-{seed}_0123456789", f"seed={seed}", films=200, seed=seed, thresholds=(0.01,))
        for seed in range(2, 5)
    ]
    comparison = read_comparison([str(run.path) for run in runs], "test/jaccard", "good", resamples=50)
    table = runs_table(comparison).set_index("run").drop("good")
    assert table["p"].tolist() == pytest.approx([3 * 2 / 1201] * 3)
    assert table["p_bound"].all()
    assert (table["significant"] == "yes").all()
    shown = as_text(table[["p", "p_bound"]])
    assert shown["p"].tolist() == ["≤ 0.005"] * 3
    assert "p_bound" not in shown


def test_nothing_is_at_most_zero() -> None:
    table = pd.DataFrame({"p": [0.0001, 0.002, 0.0001], "p_bound": [True, True, False]})
    assert as_text(table)["p"].tolist() == ["≤ 0.001", "≤ 0.002", "0.000"]


def test_the_verdict(make_run, compared) -> None:
    good, bad = (
        make_run("good_0123456789", "seed=1", films=200, thresholds=(0.4,)),
        make_run("bad_0123456789", "seed=2", films=200, seed=2, thresholds=(0.01,)),
    )
    told = verdict(compared(good, bad, baseline="bad"))
    assert told.startswith("Best by val/jaccard: seed 1, test/jaccard 0.")
    assert "Against the baseline, seed 2: +0." in told
    assert told.endswith("p ≤ 0.002: significant.")  # 2 / 1201
    assert verdict(compared(good, bad, baseline="good")).endswith(
        "It is the baseline; 1 of 1 other runs differ from it significantly."
    )
    assert verdict(compared(good, bad)).endswith(").")  # seeds of the same settings are no rivals


def test_the_best_is_tested_against_the_next_unasked(make_run, compared) -> None:
    runs = [
        make_run("a_0123456789", "seed=1", films=200, thresholds=(0.4,)),
        make_run("b_0123456789", "seed=2", films=200, seed=2, thresholds=(0.42,)),
        make_run("c_0123456789", "loss=focal", films=200, seed=3, thresholds=(0.01,)),
        make_run("d_0123456789", "loss=zlpr", films=200, seed=4, thresholds=(0.005,)),
    ]
    comparison = compared(*runs)
    assert comparison.runner_up.folder.path == runs[2].path  # the second run is another seed of the first one
    best, second = (read_predictions(run.folder).test for run in (comparison.runs[0], comparison.runner_up))
    systems = [(part.probabilities, part.predicted) for part in (second, best)]
    expected = paired_bootstrap(*systems, best.targets, resamples=1200).set_index("metric").loc["jaccard"]
    told = verdict(comparison)
    assert f"{expected['difference']:+.3f} ({expected['low']:+.3f} to {expected['high']:+.3f})" in told
    assert told.endswith("p ≤ 0.002: significant.")
    assert any("Runs are ranked by val/jaccard" in note for note in notes(comparison))


def test_test_films_do_not_choose(make_run, compared) -> None:
    runs = [make_run(f"{loss}_0123456789", f"loss={loss}", seed=place) for place, loss in enumerate(("bce", "focal"))]
    for run, val, test in zip(runs, (0.5, 0.4), (0.3, 0.6), strict=True):
        write_json(run.metrics_file, run.metrics() | {"val/jaccard": val, "test/jaccard": test})
    comparison = compared(*runs)
    assert [run.folder.path for run in comparison.runs] == [run.path for run in runs]
    assert verdict(comparison).startswith("Best by val/jaccard: bce, test/jaccard 0.300")


def test_runs_of_different_code_are_told(make_run, compared) -> None:
    runs = [make_run(f"loss-bce_{seed}_012345678{seed}", f"seed={seed}", seed=seed) for seed in (1, 2)]
    for run, code in zip(runs, "ab", strict=True):
        assert not any("by the same code" in note for note in notes(compared(*runs)))
        write_json(run.environment_file, {"code_fingerprint": code})
    assert any("by the same code" in note for note in notes(compared(*runs)))
