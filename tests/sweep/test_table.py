"""The table at the end of a sweep."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from genre.runs import RunFolder
from genre.sweep.job import Job
from genre.sweep.table import jobs_table, print_jobs


@pytest.fixture
def jobs(make_settings, finished_run: RunFolder, tmp_path: Path) -> list[Job]:
    """Three finished jobs, one of them of two seeds, then one that failed and one that waits."""

    def folder(name: str, val: float, test: float) -> Path:
        run = tmp_path / "runs" / name
        shutil.copytree(finished_run.path, run, ignore=shutil.ignore_patterns("checkpoints", "model", "plots"))
        metrics = json.loads((run / "metrics.json").read_text())
        (run / "metrics.json").write_text(json.dumps(metrics | {"val/jaccard": val, "test/jaccard": test}))
        intervals = json.loads((run / "intervals.json").read_text())
        (run / "intervals.json").write_text(json.dumps(intervals | {"test/jaccard": [test - 0.05, test + 0.05]}))
        return run

    broken = folder("broken", 0.9, 0.9)
    (broken / "status.json").write_text('{"state": "failed", "error": "no space left"}')
    folders = [
        [folder("low", 0.4, 0.7)],
        [folder("high", 0.6, 0.5)],
        [folder("one", 0.4, 0.3), folder("two", 0.6, 0.4)],
        [broken],
        [tmp_path / "runs" / "never"],
    ]
    return [
        Job(number, [], [f"seed={number}"], several, make_settings(tmp_path), "")
        for number, several in enumerate(folders)
    ]


def test_what_needs_a_look_comes_first_then_the_best_on_validation_films(jobs: list[Job]) -> None:
    table = jobs_table(jobs, "val/jaccard").set_index("number")
    assert table.index.tolist() == [3, 4, 1, 2, 0]
    assert table["state"].tolist() == ["failed", "waiting", "completed", "completed", "completed"]
    assert table["best"].tolist() == ["", "", "best", "", ""]  # not job 0, which is the best on test films alone
    assert table["val/jaccard"].tolist()[2:] == [0.6, 0.5, 0.4]
    assert table["test/jaccard"].tolist()[2:] == pytest.approx([0.5, 0.35, 0.7])
    assert table.loc[1, "test/jaccard_low"] == pytest.approx(0.45)
    assert pd.isna(table.loc[2, "test/jaccard_low"])  # a mean over seeds is not one run's
    assert table.loc[[3, 4], ["val/jaccard", "test/jaccard"]].isna().all(axis=None)
    assert table.loc[3, "error"] == "no space left"


def test_a_loss_is_best_where_it_is_lowest(jobs: list[Job]) -> None:
    for job, loss in zip(jobs, (0.03, 0.01, 0.02), strict=False):
        for run in job.runs:
            run.metrics_file.write_text(json.dumps({"val/hamming_loss": loss, "test/hamming_loss": loss}))
    assert jobs_table(jobs[:3], "val/hamming_loss")["number"].tolist() == [1, 2, 0]


def test_on_the_console_and_as_a_file(
    jobs: list[Job], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    jobs[1].runs[0].report.mkdir()
    jobs[1].runs[0].page.write_text("its own page")
    print_jobs(jobs, tmp_path, "val/jaccard", "genre train -m seed=0,1", plots=False, overwrite=False)
    told = capsys.readouterr().out
    assert "seed=1   completed   best" in told
    assert "0.500 (0.450–0.550)" in told
    assert "1 failed, 1 waiting, 3 completed" in told
    lines = (tmp_path / "jobs.csv").read_text().splitlines()
    assert lines[0] == "number,job,state,best,seconds,val/jaccard,test/jaccard,test/jaccard_low,test/jaccard_high,error"
    seconds, *numbers = lines[3].split(",")[4:9]
    assert seconds == f"{jobs[1].runs[0].seconds:.1f}"
    assert numbers == ["0.6000", "0.5000", "0.4500", "0.5500"]
    page = (tmp_path / "report.html").read_text()
    assert f"Page: {tmp_path / 'report.html'}" in told
    assert "genre train -m seed=0,1" in page
    assert '<tr class="best">' in page
    (target,) = re.findall(r'<a href="([^#]*?)">seed=1</a>', page)  # the only one that has a page
    assert (tmp_path / target).read_text() == "its own page"
    assert page.count("<a href=") == 1
