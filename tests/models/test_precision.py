"""Every precision trains, clips, resumes and evaluates, whatever this processor computes fast in."""

import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

import genre
from genre.config import compose
from genre.evaluation import evaluate
from genre.runs import RunFolder
from genre.training import train
from tests.cut_off import cut_off_and_resumed

PRECISIONS = ["32-true", "bf16-mixed", "16-mixed"]


def probabilities(run: RunFolder) -> np.ndarray:
    return np.stack(pd.read_parquet(run.predictions_file)["probabilities"])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_run_in_it_is_resumed_evaluated_and_used(
    precision: str, make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides = [f"trainer.precision={precision}", "optimizer.gradient_clip=0.05"]
    calm = train(make_settings(tmp_path / "calm", *overrides))
    assert calm.environment()["precision"] == precision
    resumed = cut_off_and_resumed(make_settings(tmp_path / "cut", *overrides), monkeypatch)
    assert np.array_equal(probabilities(resumed), probabilities(calm))
    metrics = resumed.metrics()
    evaluate(compose("evaluate", [f"run={resumed.path}", "report.plots=false", "report.resamples=50"]))
    assert resumed.metrics() == metrics
    assert genre.load(resumed.path).predict(["A long walk home."])[0]


@pytest.mark.parametrize("precision", PRECISIONS)
def test_gradients_are_clipped_as_they_are_without_a_scale(
    precision: str, make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    norms: list[tuple[float, float]] = []
    clip = nn.utils.clip_grad_norm_

    def noting(parameters, largest: float) -> torch.Tensor:
        parameters = list(parameters)
        before = clip(parameters, largest)
        norms.append((float(before), float(clip(parameters, 1e9))))
        return before

    monkeypatch.setattr(nn.utils, "clip_grad_norm_", noting)
    train(make_settings(tmp_path, f"trainer.precision={precision}", "optimizer.gradient_clip=0.01"))
    assert len(norms) == 6  # two epochs of three batches
    assert all(0.01 < before < 2 for before, _ in norms)  # a scale would be in the ten thousands
    assert all(after == pytest.approx(0.01, rel=1e-3) for _, after in norms)


@pytest.mark.parametrize("precision", ["bf16-mixed", "16-mixed"])
def test_logits_are_not_rounded(precision: str, make_settings, tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, f"trainer.precision={precision}"))
    exact = train(make_settings(tmp_path, "trainer.precision=32-true"))
    values, others = probabilities(run), probabilities(exact)
    assert np.abs(values - others).max() < 0.01
    films = len(values)
    assert min(len(np.unique(column)) for column in values.T) > 0.9 * films  # films do not tie


def test_a_bf16_run_goes_on_in_float16(make_settings, tmp_path: Path) -> None:
    first = train(make_settings(tmp_path, "trainer.precision=bf16-mixed", "trainer.keep_last=true"))
    overrides = ["trainer.precision=16-mixed", "trainer.max_epochs=3", f"checkpoint={first.last_checkpoint}"]
    assert train(make_settings(tmp_path, *overrides)).state == "completed"


def test_what_scales_gradients_says_nothing_of_its_first_steps(
    make_settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    """A loss this large overflows float16 until the scale is found; the steps until then are skipped."""
    caplog.set_level(logging.WARNING)
    train(make_settings(tmp_path, "trainer.precision=16-mixed", "loss=zlpr", "trainer.limit_batches=8"))
    assert not [record for record in caplog.records if record.name.startswith("genre")]
    assert not [warning for warning in recwarn if "lr_scheduler" in str(warning.message)]
