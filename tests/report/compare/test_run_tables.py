"""The tables of a comparison: rows, columns and what stands in them."""

import json

import pandas as pd
import pytest
from scipy import stats

from genre.report.compare.run_tables import genres_table, left_out_table, runs_table, seed_groups, seeds_table


def test_a_row_for_each_run(make_run, compared) -> None:
    focal = ("loss=focal", "loss.gamma=1.5")
    runs = [make_run("loss-bce_0123456789"), make_run("loss-focal_0123456789", *focal, "seed=3", seed=3)]
    runs[0].status_file.write_text('{"state": "completed", "seconds": 12.6}')
    table = runs_table(compared(*runs))
    assert list(table)[:7] == ["rank", "val/jaccard", "jaccard", "jaccard_low", "jaccard_high", "run", "loss"]
    assert "difference" not in table
    assert table["rank"].tolist() == [1, 2]
    table = table.set_index("run")
    for name, run in zip(("loss-bce", "loss-focal"), runs, strict=True):
        for metric in ("jaccard", "f1_samples", "f1_macro", "mean_average_precision", "hamming_loss", "at_least_one"):
            assert table.loc[name, metric] == run.metrics()[f"test/{metric}"]
        ends = json.loads(run.intervals_file.read_text())["test/jaccard"]
        assert table.loc[name, ["jaccard_low", "jaccard_high"]].tolist() == ends
        assert table.loc[name, "folder"] == str(run.path)
    assert table.loc["loss-focal", ["loss", "seed"]].tolist() == ["focal", 3]
    assert table.loc["loss-bce", "seconds"] == 13
    assert pd.isna(table.loc["loss-focal", "seconds"])


def test_seeds_worked_by_hand(make_run, compared) -> None:
    runs = [make_run(f"bce_seed-{seed}_0123456789", f"seed={seed}", seed=seed) for seed in (1, 2, 3)]
    runs += [make_run(f"zlpr_seed-{seed}_0123456789", "loss=zlpr", f"seed={seed}", seed=seed + 5) for seed in (1, 2)]
    single = make_run("focal_0123456789", "loss=focal", thresholds=(0.9,), seed=4)
    table = seeds_table(compared(*runs, single)).set_index("run")
    assert set(table.index) == {"bce", "zlpr"}  # one seed says nothing of others
    runs = runs[:3]
    assert table["val/jaccard"].is_monotonic_decreasing
    assert table.loc["bce", "val/jaccard"] == pytest.approx(sum(run.metrics()["val/jaccard"] for run in runs) / 3)
    values = [run.metrics()["test/jaccard"] for run in runs]
    row = table.loc["bce"]
    mean = sum(values) / 3
    deviation = (sum((value - mean) ** 2 for value in values) / 2) ** 0.5
    assert row["seeds"] == 3
    assert row["mean"] == pytest.approx(mean)
    assert row["deviation"] == pytest.approx(deviation)
    assert row["mean_high"] == pytest.approx(mean + stats.t.ppf(0.975, 2) * deviation / 3**0.5)


def test_without_several_seeds_there_is_no_table_of_them(make_run, compared) -> None:
    comparison = compared(make_run("a_0123456789"), make_run("b_0123456789", "loss=focal"))
    assert seeds_table(comparison).empty


def test_runs_on_other_data_are_no_seeds_of_each_other(make_run, compared) -> None:
    runs = [make_run(f"{name}_0123456789", f"seed={seed}", seed=seed) for seed, name in enumerate("abcd")]
    for run, fingerprint in zip(runs, ["1" * 64, "1" * 64, "2" * 64, "2" * 64], strict=True):
        run.environment_file.write_text(json.dumps({"data_fingerprint": fingerprint}))
    comparison = compared(*runs)
    groups = [{run.folder.path.name[0] for run in group} for group in seed_groups(comparison.runs)]
    assert sorted(groups, key=sorted) == [{"a", "b"}, {"c", "d"}]
    assert {"1111111111", "2222222222"} == set(runs_table(comparison)["fingerprint"])


def test_the_same_seed_twice_counts_once(make_run, compared) -> None:
    comparison = compared(make_run("a_0123456789"), make_run("b_0123456789"), make_run("c_0123456789", "seed=2"))
    assert seeds_table(comparison)["seeds"].tolist() == [2]


def test_genres_of_runs_with_other_genres(make_run, compared) -> None:
    every, fewer = make_run("all_0123456789"), make_run("few_0123456789", "data.drop_genres=[War]", seed=1)
    table = genres_table(compared(every, fewer)).set_index("genre")
    for run, name in ((every, "all"), (fewer, "few")):
        f1 = pd.read_csv(run.per_genre_file).set_index("genre")["f1"]
        assert table[name].dropna().to_dict() == {genre: f1[genre] for genre in table.index if genre in f1}


def test_what_was_left_out(make_run, compared) -> None:
    failed = make_run("bad_0123456789")
    failed.status_file.write_text('{"state": "failed", "error": "out of memory"}')
    table = left_out_table(compared(make_run("good_0123456789"), failed))
    assert table.to_numpy().tolist() == [["bad_0123456789", "failed", "out of memory"]]
