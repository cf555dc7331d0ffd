"""Finished runs evaluated again."""

import shutil
from pathlib import Path

import pytest

from genre.config import compose
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.imdb.genres import GENRES
from genre.report.console import print_run
from genre.runs import RunFolder


@pytest.fixture
def run(finished_run: RunFolder, tmp_path: Path) -> RunFolder:
    """A copy that a test may change."""
    return RunFolder(Path(shutil.copytree(finished_run.path, tmp_path / "run")))


def test_evaluating_again_gives_the_same_metrics(run: RunFolder) -> None:
    before = run.metrics()
    run.metrics_file.unlink()
    run.predictions_file.unlink()
    evaluate(compose("evaluate", [f"run={run.path}"]))
    assert run.metrics() == before
    assert run.predictions_file.is_file()


def test_a_run_without_its_checkpoint_or_with_another(run: RunFolder) -> None:
    run.best_checkpoint.unlink()
    with pytest.raises(UserError, match="best.ckpt: is missing"):
        evaluate(compose("evaluate", [f"run={run.path}"]))


def test_the_console_tells_the_metrics(finished_run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    print_run(finished_run)
    told = capsys.readouterr().out
    assert f"{finished_run.metrics()['test/jaccard']:.3f}" in told
    assert all(genre in told for genre in GENRES)
    assert str(finished_run.path) in told
