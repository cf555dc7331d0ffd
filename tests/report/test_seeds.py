"""Several seeds of the same settings."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from genre.report.group.seeds import seeds_page
from genre.report.seeds import print_seeds, seed_summary, write_seed_summary
from genre.runs import RunFolder
from genre.training import each_seed, train


@pytest.fixture(scope="module")
def runs(make_settings, tmp_path_factory: pytest.TempPathFactory) -> list[RunFolder]:
    settings = make_settings(tmp_path_factory.mktemp("outputs"), "seed=7", "seeds=3")
    return [train(one) for one in each_seed(settings)]


def test_each_seed_is_a_run_of_its_own(runs: list[RunFolder], make_settings) -> None:
    assert [run.config().seed for run in runs] == [7, 8, 9]
    assert len({run.path for run in runs}) == 3
    assert {run.config().seeds for run in runs} == {1}
    alone = train(make_settings(runs[0].path.parent.parent, "seed=8"))  # trained already
    assert alone.path == runs[1].path


def test_mean_deviation_and_interval(runs: list[RunFolder]) -> None:
    summary = seed_summary(runs).set_index("metric")
    values = np.array([run.metrics()["test/hamming_loss"] for run in runs])
    row = summary.loc["test/hamming_loss"]
    assert row[["seed_7", "seed_8", "seed_9"]].tolist() == values.tolist()
    assert row["mean"] == pytest.approx(values.mean())
    assert row["deviation"] == pytest.approx(values.std(ddof=1))
    assert row["deviation"] > 0
    low, high = stats.t.interval(0.95, 2, loc=values.mean(), scale=stats.sem(values))
    assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))


def test_the_summary_is_kept_and_printed(runs: list[RunFolder], capsys: pytest.CaptureFixture[str]) -> None:
    file = write_seed_summary(runs, runs[0].config())
    assert file.parent == Path(runs[0].path.parent.parent / "seeds")
    assert write_seed_summary(runs, runs[0].config()) == file != write_seed_summary(runs[:2], runs[0].config())
    kept = pd.read_csv(file)
    pd.testing.assert_frame_equal(kept, seed_summary(runs))
    print_seeds(runs, file, seeds_page(runs))
    told = capsys.readouterr().out
    assert "Test: 3 seeds" in told
    assert "jaccard" in told
    assert str(file) in told.replace("\n", "")
