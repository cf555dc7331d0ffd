"""`scripts/results.py` as a person calls it."""

import shutil
from pathlib import Path

from genre.config import compose
from genre.paths import PROJECT_ROOT
from genre.runs import RunFolder
from tests.commands import call


def test_there_are_resamples_for_many_systems() -> None:
    cfg = compose("results")
    assert cfg.report.resamples >= 40 * 100
    assert cfg.output == str(PROJECT_ROOT / "RESULTS.md")


def test_results_of_a_real_run(finished_run: RunFolder, tmp_path: Path) -> None:
    shutil.copytree(finished_run.path, tmp_path / "runs" / "loss-focal_0123456789")
    done = call(
        "results", f"paths.outputs={tmp_path}", f"output={tmp_path}/RESULTS.md", "report.resamples=40", warnings="error"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{tmp_path}/RESULTS.md: 1 run of 1 system; validation films prefer train.py ")
    text = (tmp_path / "RESULTS.md").read_text()
    assert f"{finished_run.metrics()['test/jaccard']:.3f} (" in text
    assert (tmp_path / "runs" / "loss-focal_0123456789" / "costs.json").is_file()


def test_mistakes_end_with_one_line_and_code_2(tmp_path: Path) -> None:
    for arguments, told in (([f"paths.outputs={tmp_path}"], "no such folder"), (["runs=[]"], "at least one folder")):
        done = call("results", *arguments, f"output={tmp_path}/RESULTS.md")
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "RESULTS.md").exists()
