"""The main job on a GPU, in both precisions that GPUs compute fast in."""

from pathlib import Path

import numpy as np
import pytest
import torch

import genre
from genre.config import compose
from genre.evaluation import evaluate
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.training import train, train_baseline
from genre.training.averaging import MovingAverage
from tests.cut_off import cut_off_and_resumed
from tests.models.test_precision import probabilities

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("precision", ["bf16-mixed", "16-mixed", "32-true"])
def test_a_run_is_resumed_evaluated_and_used(
    precision: str, make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides = ["trainer.accelerator=gpu", f"trainer.precision={precision}", "model=distilbert_small"]
    calm = train(make_settings(tmp_path / "calm", *overrides))
    assert (calm.environment()["device"], calm.environment()["precision"]) == ("cuda", precision)
    resumed = cut_off_and_resumed(make_settings(tmp_path / "cut", *overrides), monkeypatch)
    # sums of a GPU's kernels may be taken in another order
    assert np.abs(probabilities(resumed) - probabilities(calm)).max() < 0.02
    metrics = resumed.metrics()
    evaluate(compose("evaluate", [f"run={resumed.path}", "report.plots=false", "report.resamples=50"]))
    assert resumed.metrics() == pytest.approx(metrics, abs=0.05)
    assert genre.load(resumed.path).predict(["A long walk home."])[0]


def test_auto_takes_the_gpu_and_a_precision_that_it_computes_fast_in(make_settings, tmp_path: Path) -> None:
    known = train(make_settings(tmp_path, "trainer.precision=auto", "model=probe")).environment()
    assert known["device"] == "cuda"
    assert known["precision"] in ("bf16-mixed", "16-mixed")


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="no second GPU here")
def test_two_train_together(make_settings, tmp_path: Path) -> None:
    overrides = ["trainer.accelerator=gpu", "trainer.precision=32-true", "model=probe", "model.dropout=0"]
    alone, together = (
        train(make_settings(tmp_path / devices, *overrides, f"trainer.devices={devices}")) for devices in "12"
    )
    assert np.abs(probabilities(together) - probabilities(alone)).max() < 0.001


def test_jobs_of_a_sweep_share_it(sweeps) -> None:
    done = sweeps.run_anew("loss=bce,focal", "trainer.accelerator=gpu")
    assert done.returncode == 0, done.stderr
    assert sweeps.states() == ["completed", "completed"]


def test_vectors_of_a_classical_model_are_computed_on_it(sample_products: Path, tmp_path: Path) -> None:
    fixed = ["features=encoder", "baseline.C=[1]", "logger=csv", "report.resamples=40", "report.plots=false"]
    places = [f"data.dir={sample_products}", f"paths.outputs={tmp_path}"]
    run = train_baseline(compose("baseline", [*fixed, *places]))
    assert run.environment()["device"] == "cuda"
    model = genre.load(run.path)
    assert model.scorer.features.encoder.encoder.device.type == "cuda"
    films = kept_films(run).films("test")
    np.testing.assert_allclose(model.probabilities(films), read_predictions(run).test.probabilities, atol=0.01)


def test_a_moving_average_lies_on_it(make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = set()
    end = MovingAverage.on_train_batch_end

    def looking(self: MovingAverage, *args: object) -> None:
        end(self, *args)
        places.update(weight.device.type for weight in self._average_model.parameters())

    monkeypatch.setattr(MovingAverage, "on_train_batch_end", looking)
    run = train(make_settings(tmp_path, "trainer.accelerator=gpu", "trainer.ema=0.9"))
    assert run.state == "completed"
    assert places == {"cuda"}
