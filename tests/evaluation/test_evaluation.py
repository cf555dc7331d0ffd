"""Finished runs evaluated again and used on new films."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.evaluation import evaluate, predict_genres
from genre.imdb.genres import GENRES
from genre.report.console import print_prediction, print_run
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


def test_one_text(finished_run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    cfg = compose("predict", [f"run={finished_run.path}", "text='A sheriff, a horse: and a duel.'"])
    result = predict_genres(cfg)
    assert set(result["predicted_genres"].iloc[0].split("|")) <= set(GENRES)
    assert result[list(GENRES)].to_numpy().min() >= 0
    print_prediction(result)
    assert result["predicted_genres"].iloc[0].split("|")[0] in capsys.readouterr().out


def test_a_file_keeps_its_rows_and_columns(finished_run: RunFolder, tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {
            "id": ["007", "1", "2", "3"],
            "description": ["A long text about a war " * 30, "", "Singers sing.", "Two friends, one bank."],
            "note": ["a,b", 'say "x"', "line\nbreak", ""],
        }
    )
    rows.to_csv(tmp_path / "in.csv", index=False)
    paths = [f"input={tmp_path}/in.csv", f"output={tmp_path}/out.csv"]
    predict_genres(compose("predict", [f"run={finished_run.path}", *paths]))
    result = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    assert list(result.columns) == ["id", "description", "note", "predicted_genres"]
    pd.testing.assert_frame_equal(result[["id", "description", "note"]], rows.astype("str"))
    assert (result["predicted_genres"] != "").tolist() == [True, False, True, True]  # nothing is said of no text
    for row in range(4):  # each text alone gives what it gave among the others
        if rows["description"][row]:
            quoted = rows["description"][row].replace("'", "\\'")
            alone = predict_genres(compose("predict", [f"run={finished_run.path}", f"text='{quoted}'"]))
            assert alone["predicted_genres"].iloc[0] == result["predicted_genres"][row]


def test_a_link_is_written_through_and_what_is_no_file_is_refused(finished_run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("description\nA ferryman rows.\n")
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    given = [f"run={finished_run.path}", f"input={tmp_path}/in.csv"]
    predict_genres(compose("predict", [*given, f"output={tmp_path}/link.csv"]))
    assert (tmp_path / "link.csv").is_symlink()
    assert "A ferryman rows." in (tmp_path / "real.csv").read_text()
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(UserError, match="is a folder, a pipe or a device; name a file"):
            predict_genres(compose("predict", [*given, f"output={tmp_path}/{name}"]))
    assert (tmp_path / "pipe").is_fifo()


def test_every_row_is_answered_and_none_is_shifted(finished_run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("description\nSingers sing.\n\nSoldiers march.\n")
    paths = [f"input={tmp_path}/in.csv", f"output={tmp_path}/out.csv"]
    result = predict_genres(compose("predict", [f"run={finished_run.path}", *paths]))
    assert result["description"].tolist() == ["Singers sing.", "", "Soldiers march."]
    (tmp_path / "in.csv").write_text("description,title\nA text.,T1,\nB text.,T2,\n")
    with pytest.raises(UserError, match="line 2: 3 cells where the header has 2"):
        predict_genres(compose("predict", [f"run={finished_run.path}", *paths]))


def test_an_empty_file_and_broken_ones(finished_run: RunFolder, tmp_path: Path) -> None:
    def run_on(content: str) -> pd.DataFrame:
        (tmp_path / "in.csv").write_text(content)
        paths = [f"input={tmp_path}/in.csv", f"output={tmp_path}/out.csv"]
        return predict_genres(compose("predict", [f"run={finished_run.path}", *paths]))

    assert len(run_on("description\n")) == 0
    assert (tmp_path / "out.csv").read_text() == "description,predicted_genres\n"
    with pytest.raises(UserError, match="lacks the column 'description'"):
        run_on("text\nhello\n")
    with pytest.raises(UserError, match="is empty"):
        run_on("")
    with pytest.raises(UserError, match="no such file"):
        predict_genres(
            compose("predict", [f"run={finished_run.path}", f"input={tmp_path}/no.csv", f"output={tmp_path}/o.csv"])
        )


def test_the_console_tells_the_metrics(finished_run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    print_run(finished_run)
    told = capsys.readouterr().out
    assert f"{finished_run.metrics()['test/jaccard']:.3f}" in told
    assert all(genre in told for genre in GENRES)
    assert str(finished_run.path) in told
