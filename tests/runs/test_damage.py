"""Runs whose files are damaged: said in one line that names the file and what mends it, and no other run suffers."""

import contextlib
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import genre
from genre.config import compose
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.report.compare import compare
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.runs.history import best_epoch, read_history
from genre.runs.records import read_intervals, read_per_genre, read_prediction_table, read_thresholds
from genre.training import train

DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda _: None,
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "noise": lambda _: random.Random(1).randbytes(200),
    "zeros": lambda content: bytes(len(content)),
    "a list": lambda _: b"[1, 2, 3]",
    "null": lambda _: b"null",
    "other content": lambda _: b'{"a": {"b": [1]}, "state": 7}',
    "UTF-16": lambda content: content.decode("latin-1").encode("utf-16"),
    "flipped bits": lambda content: bytes(value ^ 0x55 * (place % 97 == 13) for place, value in enumerate(content)),
}

READERS: dict[str, Callable[[RunFolder], object]] = {
    "status.json": lambda run: run.state,
    "config.yaml": RunFolder.config,
    "metrics.json": RunFolder.metrics,
    "environment.json": RunFolder.environment,
    "intervals.json": read_intervals,
    "per_genre.csv": read_per_genre,
    "thresholds.json": read_thresholds,
    "predictions.parquet": read_prediction_table,
    "films.parquet": kept_films,
    "history/version_0/metrics.csv": lambda run: (best_epoch(run), read_history(run, "val/jaccard")),
}
# what may be missing, of runs that never got so far, and holds anything
LOOSE = {
    "status.json": {"gone"},
    "environment.json": {"gone", "other content"},
    "history/version_0/metrics.csv": {*DAMAGES},
}
UNSEEN = {"flipped bits", "half"}  # in texts and numbers that still make sense


def told(task: Callable[[], object]) -> str:
    """The error that a task ends with, or nothing."""
    try:
        task()
    except UserError as error:
        return str(error)
    return ""


def copied(run: RunFolder, folder: Path) -> RunFolder:
    shutil.copytree(run.path, folder, ignore=shutil.ignore_patterns("plots", "report"))
    return RunFolder(folder)


def spoil(file: Path, damage: str) -> None:
    content = DAMAGES[damage](file.read_bytes())
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


@pytest.mark.parametrize("name", READERS)
def test_every_record_has_a_reader_that_names_it_and_what_mends_it(
    finished_run: RunFolder, tmp_path: Path, name: str
) -> None:
    run = copied(finished_run, tmp_path / "run")
    sound = (run.path / name).read_bytes()
    for damage in DAMAGES:
        (run.path / name).write_bytes(sound)
        READERS[name](run)
        spoil(run.path / name, damage)
        error = told(lambda: READERS[name](run))
        assert error or damage in UNSEEN | LOOSE.get(name, set()), damage
        assert not error or ("overwrite=true" in error or "evaluate.py" in error)
        assert not error or str(run.path) in error
        assert "\n" not in error


def test_a_damaged_run_is_left_out_and_the_others_are_compared(finished_run: RunFolder, tmp_path: Path) -> None:
    copied(finished_run, tmp_path / "runs" / "sound_0000000000")
    for number, name in enumerate(READERS, 1):
        spoil(copied(finished_run, tmp_path / "runs" / f"run_{number:010}").path / name, "noise")
    settings = [f"runs=[{tmp_path}/runs]", f"output={tmp_path}/compared", "report.plots=false", "report.resamples=40"]
    found, _, _ = compare(compose("compare", settings))
    needed = set(READERS) - {"thresholds.json", "films.parquet", "history/version_0/metrics.csv"}
    reasons = " ".join(one.error for one in found.left_out)
    assert all(name in reasons for name in needed)
    assert "sound_0000000000" in {run.folder.path.name for run in found.runs}


def test_what_mends_a_run_mends_it(finished_run: RunFolder, tmp_path: Path) -> None:
    cfg = finished_run.config()
    cfg.paths.outputs, cfg.overwrite = str(tmp_path), True
    run = copied(finished_run, tmp_path / "runs" / finished_run.path.name)
    for name in READERS:
        spoil(run.path / name, "noise")
    again = train(cfg)
    assert again.path == run.path
    for name, read in READERS.items():
        read(run)
        assert (run.path / name).is_file()
    spoil(run.metrics_file, "half")
    spoil(run.predictions_file, "half")
    evaluate(compose("evaluate", [f"run={run.path}", "report.plots=false", "report.resamples=40"]))
    assert run.metrics()
    read_prediction_table(run)


def test_links_in_a_run_folder_are_not_followed(finished_run: RunFolder, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("precious")
    run = copied(finished_run, tmp_path / "run")
    for name in ("train.log", ".lock", "checkpoints"):
        path = run.path / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        path.symlink_to(tmp_path if name == "checkpoints" else mine)
    with run.recording(finished_run.config()):
        run.checkpoints.mkdir()
    assert mine.read_text() == "precious"
    assert not any(path.is_symlink() for path in run.path.iterdir())


@pytest.mark.slow
def test_no_damage_of_any_file_ends_in_a_traceback(finished_run: RunFolder, tmp_path: Path) -> None:
    """Every file of a run, each damage, three commands."""
    files = [
        file.relative_to(finished_run.path)
        for file in finished_run.path.rglob("*")
        if file.is_file() and not {"plots", "report"} & set(file.parts) and file.name not in (".lock", "train.log")
    ]
    few = ["report.plots=false", "report.resamples=40"]
    outcomes = {"fine": 0, "told": 0}
    for file in files:
        for damage in DAMAGES:
            run = copied(finished_run, tmp_path / "runs" / "run_0000000001")
            copied(finished_run, tmp_path / "runs" / "sound_0000000002")
            spoil(run.path / file, damage)
            for task in (
                lambda: compare(compose("compare", [f"runs=[{tmp_path}/runs]", f"output={tmp_path}/out", *few])),
                lambda run=run: genre.load(run.path).predict(["A ferryman rows."]),
                lambda run=run: evaluate(compose("evaluate", [f"run={run.path}", *few])),
            ):
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    error = told(task)
                assert "\n" not in error
                outcomes["told" if error else "fine"] += 1
            shutil.rmtree(tmp_path / "runs")
    assert sum(outcomes.values()) == 3 * len(files) * len(DAMAGES)
    assert outcomes["told"] >= len(files)
