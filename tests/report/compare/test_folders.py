"""Which runs are found, and that none is dropped in silence."""

import json
from pathlib import Path

import pytest
from filelock import FileLock

from genre.errors import UserError
from genre.report.compare.folders import LeftOut, find_runs
from genre.runs import RunFolder


def folder(path: Path, state: str | None = "completed", **status: str) -> Path:
    path.mkdir(parents=True)
    (path / "config.yaml").touch()
    if state:
        (path / "status.json").write_text(json.dumps({"state": state} | status))
    return path


def names(runs: list[RunFolder]) -> list[str]:
    return [run.path.name for run in runs]


def test_run_folder_folder_of_runs_and_glob(tmp_path: Path) -> None:
    for name in ("a_1", "a_2", "b_1"):
        folder(tmp_path / "runs" / name)
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "a_list.txt").touch()
    assert names(find_runs([str(tmp_path / "runs" / "b_1")])[0]) == ["b_1"]
    assert names(find_runs([str(tmp_path / "runs")])[0]) == ["a_1", "a_2", "b_1"]
    assert names(find_runs([str(tmp_path / "runs" / "a_*")])[0]) == ["a_1", "a_2"]


def test_a_glob_relative_to_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path / "runs" / "a_1")
    monkeypatch.chdir(tmp_path)
    assert names(find_runs(["runs/a*"])[0]) == ["a_1"]


def test_a_run_that_is_reached_twice_counts_once(tmp_path: Path) -> None:
    run = folder(tmp_path / "runs" / "a_1")
    (tmp_path / "link").symlink_to(run)
    runs, _ = find_runs([str(run), str(tmp_path / "runs"), str(tmp_path / "link"), f"{tmp_path}/runs/../runs/a_1"])
    assert names(runs) == ["a_1"]


def test_what_is_not_finished_is_told(tmp_path: Path) -> None:
    folder(tmp_path / "runs" / "a_1")
    folder(tmp_path / "runs" / "b_1", "failed", error="no space\nleft")
    folder(tmp_path / "runs" / "c_1", "running")
    folder(tmp_path / "runs" / "d_1", None)
    folder(tmp_path / "runs" / "e_1", "running")  # of which no process holds the lock
    with FileLock(RunFolder(tmp_path / "runs" / "c_1").lock_file):
        runs, others = find_runs([str(tmp_path / "runs")])
    assert names(runs) == ["a_1"]
    assert others == [
        LeftOut("b_1", "failed", "no space"),
        LeftOut("c_1", "running", ""),
        LeftOut("d_1", "never started", ""),
        LeftOut("e_1", "cut off", ""),
    ]


def test_a_sweep_names_its_runs_and_its_jobs_without_any(tmp_path: Path) -> None:
    folder(tmp_path / "runs" / "a_1")
    folder(tmp_path / "runs" / "a_2", "interrupted", error="KeyboardInterrupt")
    folder(tmp_path / "runs" / "other_1")
    job = {"overrides": ["loss=bce"], "state": "completed", "error": None}
    jobs = [
        job | {"runs": ["../../runs/a_1", "../../runs/a_2"]},
        job | {"runs": ["../../runs/gone"], "overrides": ["loss=focal", "seed=3"]},
        {"runs": [], "overrides": ["loss=focal", "loss.alpha=7"], "state": "failed", "error": "loss.alpha=7: no\nno"},
    ]
    sweep = tmp_path / "sweeps" / "x"
    sweep.mkdir(parents=True)
    (sweep / "sweep.json").write_text(json.dumps({"id": "x", "jobs": jobs}))
    for item in (sweep, sweep.parent):
        runs, others = find_runs([str(item)])
        assert names(runs) == ["a_1"]
        assert others == [
            LeftOut("a_2", "interrupted", "KeyboardInterrupt"),
            LeftOut("loss=focal seed=3", "completed", "its run folder is gone"),
            LeftOut("loss=focal loss.alpha=7", "failed", "loss.alpha=7: no"),
        ]


@pytest.mark.parametrize("content", ["{", "[]", '{"jobs": [{}]}'])
def test_a_broken_sweep(tmp_path: Path, content: str) -> None:
    (tmp_path / "sweep.json").write_text(content)
    with pytest.raises(UserError, match=r"sweep\.json: is broken"):
        find_runs([str(tmp_path)])


def test_nothing_to_compare(tmp_path: Path) -> None:
    for item in (tmp_path / "none", tmp_path / "no*"):
        with pytest.raises(UserError, match=rf"^runs={item}: no such folder".replace("*", r"\*")):
            find_runs([str(item)])
    with pytest.raises(UserError, match=f"^runs={tmp_path}: no run folder there"):
        find_runs([str(tmp_path)])
