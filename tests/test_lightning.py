"""What this machine is taken for, whatever it is; and what a run says of its progress."""

import logging
import re
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import RichProgressBar

from genre.errors import UserError
from genre.lightning import EpochLines, trainer_arguments
from genre.machine import Machine, fast_precision
from genre.training import train


def pretend(
    patch: pytest.MonkeyPatch, *, cuda: bool = False, cuda_bf16: bool = False, mps: bool = False, **abilities: bool
) -> None:
    """Let torch report another machine."""
    patch.setattr(torch.cuda, "is_available", lambda: cuda)
    patch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: cuda_bf16)
    patch.setattr(torch.cuda, "get_device_name", lambda: "A GPU")
    patch.setattr(torch.backends.mps, "is_available", lambda: mps)
    patch.setattr(torch.cpu, "get_capabilities", lambda: {"cpu_name": "A processor", **abilities})
    patch.setattr(torch, "get_num_threads", lambda: 4)


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed", "16-mixed"])
def test_a_checkpoint_takes_the_place_of_the_old_one_when_it_is_whole(
    precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = pl.Trainer(**trainer_arguments(Machine.here("cpu", precision), progress_bar=False), logger=False)
    writer = trainer.strategy.checkpoint_io
    file = tmp_path / "last.ckpt"
    writer.save_checkpoint({"epoch": 1}, file)
    written = []

    def full_disk(content: object, opened: BinaryIO) -> None:
        opened.write(b"half")
        written.append(Path(opened.name).parent)
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", full_disk)
    with pytest.raises(OSError, match="no space left"):
        writer.save_checkpoint({"epoch": 2}, file)
    assert written == [tmp_path]  # the same file system
    assert writer.load_checkpoint(file, weights_only=True) == {"epoch": 1}
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ({}, "CPU, 4 threads, 32-true"),
        ({"avx2": True, "avx512_f": True, "avx512_bf16": False}, "CPU, 4 threads, 32-true"),
        ({"avx512_bf16": True, "amx_bf16": False}, "CPU, 4 threads, bf16-mixed"),
        ({"avx512_bf16": False, "amx_bf16": True}, "CPU, 4 threads, bf16-mixed"),
        ({"cuda": True, "cuda_bf16": True}, "A GPU, bf16-mixed"),
        ({"cuda": True, "avx512_bf16": True}, "A GPU, 16-mixed"),  # T4, V100
        ({"mps": True}, "Apple GPU, 32-true"),
    ],
)
def test_auto_is_what_the_device_computes_fast(
    kind: dict[str, bool], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, **kind)
    machine = Machine.here("auto", "auto")
    assert str(machine) == told
    assert machine.processor == "A processor"
    assert machine.fused_optimizer is not told.endswith(" 16-mixed")


def test_what_was_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, cuda=True, cuda_bf16=True, avx512_bf16=True)
    assert str(Machine.here("gpu", "16-mixed")) == "A GPU, 16-mixed"
    assert str(Machine.here("cpu", "32-true")) == "CPU, 4 threads, 32-true"
    assert str(Machine.here("cpu", None)) == "CPU, 4 threads"
    assert (Machine.here("cpu", "auto").gpu, Machine.here("gpu", "auto").gpu) == (None, "A GPU")


@pytest.mark.parametrize("accelerator", ["gpu", "mps"])
def test_a_device_that_is_not_there_is_named(accelerator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch)
    with pytest.raises(UserError, match=f"trainer.accelerator={accelerator}: torch sees no such device here"):
        Machine.here(accelerator, "auto")


def test_this_machine_is_one_of_them() -> None:
    assert fast_precision("cpu") in ("32-true", "bf16-mixed")


@pytest.mark.parametrize("terminal", [False, True])
def test_lines_everywhere_and_a_bar_on_a_terminal(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1" if terminal else "0")
    machine = Machine.here("cpu", "32-true")
    lines, *bar = trainer_arguments(machine, progress_bar=True)["callbacks"]
    assert isinstance(lines, EpochLines)
    assert [isinstance(one, RichProgressBar) for one in bar] == [True] * terminal
    (lines,) = trainer_arguments(machine, progress_bar=False)["callbacks"]
    assert isinstance(lines, EpochLines)


def test_a_line_for_the_machine_and_for_each_epoch(make_settings, tmp_path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    run = train(make_settings(tmp_path))
    told = [record.getMessage() for record in caplog.records if record.name.startswith("genre")]
    first, *rest = (line.partition(": ")[2] for line in run.log_file.read_text().splitlines())
    known: dict[str, Any] = run.environment()
    assert first == f"Computing on: CPU, 1 thread, {known['precision']}"
    epochs = [line for line in told if line.startswith("Epoch")]
    number = r"\d+\.\d+"
    scores = f"training loss {number}, validation loss {number}, validation Jaccard {number}(, the best so far)?"
    assert [line.partition(":")[0] for line in epochs] == ["Epoch 1 of 2", "Epoch 2 of 2"]
    assert pytest.approx(run.metrics()["val/jaccard"], abs=1e-4) in [
        float(line.split("Jaccard ")[1].split(",")[0]) for line in epochs
    ]
    for line, end in zip(epochs, [r", at most \d+ s left", ""], strict=True):
        assert re.fullmatch(f"Epoch \\d of 2: {scores}, {number} films a second{end}", line)
    assert set(epochs) <= set(rest)
    best = max(range(2), key=lambda epoch: float(epochs[epoch].split("Jaccard ")[1].split(",")[0]))
    assert "the best so far" in epochs[0]
    assert ("the best so far" in epochs[1]) == (best == 1)
    folder, tracked, films, model, loss = rest[:5]
    assert folder == f"Run folder: {run.path}"
    assert tracked == "Tracked by: the run folder alone"
    assert re.fullmatch(r"Films: \d+ training, \d+ validation, \d+ test; 21 labels", films)
    assert re.fullmatch(r"Model: tiny, \d\.\d million parameters to train", model)
    assert re.fullmatch(r"Loss: bce \(label_smoothing=0\.0\); epochs: 2 of \d+ steps", loss)
    (end,) = (line for line in told if line.startswith("Best epoch:"))
    assert end == f"Best epoch: {best + 1} of 2, val/jaccard {run.metrics()['val/jaccard']:.4f}; its weights are tested"
