"""Folders that are replaced as a whole, and what is said on one line."""

import errno
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import save_file

from genre.errors import UserError, one_line, report_error, steers_terminals
from genre.files import atomic_path, held, new_folder, require_unswollen, write_text


def fill(folder: Path, text: str) -> None:
    (folder / "content").write_text(text)


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    for text in ("old", "new"):
        with new_folder(tmp_path / "report") as folder:
            fill(folder, text)
    assert (tmp_path / "report" / "content").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_error_leaves_the_old_one(tmp_path: Path) -> None:
    with new_folder(tmp_path / "report") as folder:
        fill(folder, "old")
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "report") as folder:
        (folder / "none").read_text()
    assert (tmp_path / "report" / "content").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_only_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    mine = tmp_path / ".report.backup"
    theirs = tmp_path / ".report.1.making"  # named as those made here, and not made here
    left, under_way = tmp_path / ".report.2.making", tmp_path / ".report.3.making"
    for folder in (mine, theirs, left, under_way):
        folder.mkdir()
        fill(folder, "x")
    (left / "lock").touch()
    with held(under_way / "lock", "held"), new_folder(tmp_path / "report") as folder:
        fill(folder, "new")
    assert {path.name for path in tmp_path.iterdir()} == {"report", mine.name, theirs.name, under_way.name}


def test_of_two_at_once_the_later_one_stays(tmp_path: Path) -> None:
    with new_folder(tmp_path / "report") as first:
        fill(first, "first")
        with new_folder(tmp_path / "report") as second:
            fill(second, "second")
        assert (tmp_path / "report" / "content").read_text() == "second"
    assert (tmp_path / "report" / "content").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_error_is_one_line_and_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report_error(UserError("a.csv: lacks 'plot'; it has: x\nerror: all is lost\x1b]8;;http://x.example\x07"), "a\nb")
    assert capsys.readouterr().err == (
        "error: a.csv: lacks 'plot'; it has: x error: all is lost\\x1b]8;;http://x.example\\x07 [job: a b]\n"
    )
    assert one_line("\u202egpj.exe") == "\\u202egpj.exe"
    assert one_line("क्‍ष 👩‍🎤 café") == "क्‍ष 👩‍🎤 café"  # joiners are letters' own
    assert steers_terminals("a\x9bb")
    assert not steers_terminals("a b")


def test_only_the_file_of_a_dead_process_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left, mine = tmp_path / ".a.csv.abcd1234.making.csv", tmp_path / ".a.csv.old.csv"
    link = tmp_path / ".a.csv.abcd5678.making.csv"
    for file in (left, mine):
        file.write_text("half")
    link.symlink_to(mine)
    with atomic_path(tmp_path / "b.csv") as under_way:
        monkeypatch.setattr("genre.files._looked_through", set())
        write_text(tmp_path / "a.csv", "whole")
        assert {path.name for path in tmp_path.iterdir()} == {under_way.name, "a.csv", mine.name, link.name}
        under_way.write_text("b")
    assert (tmp_path / "b.csv").read_text() == "b"


def test_a_full_disk_is_said_with_the_file_that_has_no_room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match=r"a\.csv") as caught, atomic_path(tmp_path / "a.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    report_error(caught.value)
    assert capsys.readouterr().err == f"error: {tmp_path}/a.csv: No space left on device\n"
    assert not list(tmp_path.iterdir())


def _weights(file: Path) -> None:
    with file.open("wb") as opened:
        torch.save({"a": torch.zeros(20_000)}, opened)


WRITERS = {
    "text": lambda file: file.write_text("x" * 100_000),
    "arrays": lambda file: np.savez(file, np.zeros(20_000)),
    "an array": lambda file: np.save(file, np.zeros(20_000)),
    "weights": _weights,
    "safe weights": lambda file: save_file({"a": torch.zeros(20_000)}, file),
    "table": lambda file: pd.DataFrame({"a": np.random.rand(20_000)}).to_parquet(file),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_whoever_writes_it_a_file_without_room_is_named(kind: str, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / ("a.npy" if kind == "an array" else "a.npz")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with (
            pytest.raises(OSError, match="No space left on device|File too large") as caught,
            atomic_path(path) as file,
        ):
            WRITERS[kind](file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.filename == str(path)
    assert not list(tmp_path.iterdir())


def test_few_bytes_that_stand_for_many_are_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "bomb.npz", zeros=np.zeros(270 * 2**20, dtype=np.int8))
    with pytest.raises(ValueError, match=r"would unpack to 283,\d{3},\d{3} bytes"):
        require_unswollen(tmp_path / "bomb.npz")
    np.savez_compressed(tmp_path / "small.npz", zeros=np.zeros(2**20, dtype=np.int8))
    require_unswollen(tmp_path / "small.npz")
