"""Every file of a run, damaged in every way, read by every command that reads runs: told in one line, or not needed."""

import contextlib
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import genre
from genre.config import compose
from genre.errors import UserError, report_error
from genre.evaluation import evaluate
from genre.report.card import model_card
from genre.report.compare import compare
from genre.runs import RunFolder
from genre.use.explain import explain
from genre.use.export import export
from tests.torture.scenes import FEW, Counted

DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "zeros": lambda content: bytes(len(content)),
    "another type": lambda _: b"[1, 2, 3]",
    "other JSON": lambda _: b'{"a": {"b": [1]}, "state": 7}',
    "noise": lambda _: random.Random(1).randbytes(200),
    "missing": lambda _: None,
    "a folder": lambda _: None,
}
TEXT = "A ferryman rows."


def spoil(file: Path, damage: str) -> None:
    content = DAMAGES[damage](file.read_bytes())
    file.unlink()
    if damage == "a folder":
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)


def commands(run: RunFolder, out: Path) -> dict[str, Callable[[], object]]:
    """What reads a run."""
    return {
        "predict": lambda: genre.load(run.path).predict([TEXT]),
        "explain": lambda: explain(genre.load(run.path), TEXT, None, "auto"),
        "export": lambda: export(compose("export", [f"run={run.path}", f"output={out}/exported"]), model_card),
        "compare": lambda: compare(compose("compare", [f"runs=[{run.path.parent}]", f"output={out}/compared", *FEW])),
        "evaluate": lambda: evaluate(compose("evaluate", [f"run={run.path}", *FEW])),
    }


def told(task: Callable[[], object], run: RunFolder) -> bool:
    """Whether a task ends with an error; it is of one line, with code 2, and names the run and what mends it."""
    said = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        try:
            task()
            return False
        except (UserError, OSError) as error:
            outcome = report_error(error)
    assert outcome["exit_code"] == 2, outcome
    (line,) = said.getvalue().splitlines()
    assert str(run.path) in line, line
    assert line.startswith("error: ")
    assert any(
        word in line
        for word in ("overwrite=true", "evaluate.py", "start its training again", "name one of", "Is a directory")
    ), line
    return True


def records(run: RunFolder) -> list[str]:
    """Files of a run that may be read."""
    files = (file for file in run.path.rglob("*") if file.is_file())
    names = sorted(str(file.relative_to(run.path)) for file in files)
    return [name for name in names if not name.startswith(("plots/", "report/", ".lock", "train.log"))]


@pytest.mark.slow
def test_whatever_is_damaged_nothing_ends_in_a_traceback(
    finished_run: RunFolder, tmp_path: Path, record_property: Counted
) -> None:
    outcomes = {"fine": 0, "told": 0}
    for file in records(finished_run):
        for damage in DAMAGES:
            place = tmp_path / "runs" / "run_0000000001"
            shutil.copytree(finished_run.path, place, ignore=shutil.ignore_patterns("plots", "report"))
            shutil.copytree(place, tmp_path / "runs" / "sound_0000000002")
            spoil(place / file, damage)
            for name, task in commands(RunFolder(place), tmp_path).items():
                outcome = told(task, RunFolder(place))
                assert not (outcome and name == "compare"), (file, damage)  # the other run is compared
                outcomes["told" if outcome else "fine"] += 1
            shutil.rmtree(tmp_path / "runs")
    reads = outcomes["told"] + outcomes["fine"]
    record_property("reads of damaged records, of which told", f"{reads}, {outcomes['told']}")
    assert reads >= 540


def test_a_folder_in_the_place_of_each_record(finished_run: RunFolder, tmp_path: Path) -> None:
    for file in ("status.json", "config.yaml", "thresholds.json", "checkpoints/best.ckpt"):
        place = tmp_path / "run"
        shutil.copytree(finished_run.path, place, ignore=shutil.ignore_patterns("plots", "report"))
        spoil(place / file, "a folder")
        assert told(commands(RunFolder(place), tmp_path)["predict"], RunFolder(place))
        shutil.rmtree(place)
