"""A moving average of the weights: it is what is validated, kept and used, and a run that was cut off goes on with it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import genre
from genre.errors import UserError
from genre.models import GenreClassifier
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.training import train
from tests.cut_off import cut_off_and_resumed

DECAY = 0.8


def probabilities(run: RunFolder) -> np.ndarray:
    return np.stack(pd.read_parquet(run.predictions_file).query("split == 'test'")["probabilities"])


def weights(run: RunFolder) -> dict[str, torch.Tensor]:
    return torch.load(run.best_checkpoint, weights_only=True)["state_dict"]


def test_the_average_is_that_of_the_weights_after_each_step(
    make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[dict[str, torch.Tensor]] = []
    end = GenreClassifier.on_train_batch_end

    def looking(self: GenreClassifier, *args: object) -> None:
        steps.append({name: value.detach().double().clone() for name, value in self.named_parameters()})
        end(self, *args)

    monkeypatch.setattr(GenreClassifier, "on_train_batch_end", looking)
    run = train(make_settings(tmp_path, f"trainer.ema={DECAY}", "trainer.max_epochs=1"))
    kept = weights(run)
    assert len(steps) > 1
    for name, first in steps[0].items():
        average = first
        for step in steps[1:]:
            average = DECAY * average + (1 - DECAY) * step[name]
        torch.testing.assert_close(kept[name].double(), average, rtol=1e-5, atol=1e-7)
    assert not torch.equal(kept["model.net.classifier.weight"].double(), steps[-1]["model.net.classifier.weight"])


def test_what_is_validated_kept_and_loaded_is_one(make_settings, tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, f"trainer.ema={DECAY}", "trainer.max_epochs=2"))
    checkpoint = torch.load(run.best_checkpoint, weights_only=True)
    assert "optimizer_states" not in checkpoint
    assert "current_model_state" not in checkpoint
    assert checkpoint["state_dict"]["thresholds"].isfinite().all()
    history = pd.concat(map(pd.read_csv, run.history.glob("*/metrics.csv")))
    best = history[history["epoch"] == checkpoint["epoch"]]["val/jaccard"].dropna()
    assert best.iloc[-1] == pytest.approx(run.metrics()["val/jaccard"], abs=1e-6)
    said = genre.load(run.path).probabilities(kept_films(run).films("test"))
    np.testing.assert_allclose(said.to_numpy()[: len(probabilities(run))], probabilities(run), atol=1e-2)


def test_a_run_that_was_cut_off_goes_on_with_its_average(
    make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ["trainer.max_epochs=3", f"trainer.ema={DECAY}"]
    undisturbed = train(make_settings(tmp_path / "a", *settings))
    resumed = cut_off_and_resumed(make_settings(tmp_path / "b", *settings), monkeypatch)
    one, other = weights(resumed), weights(undisturbed)
    assert all(torch.equal(one[name], other[name]) for name in other if name.startswith("model."))
    assert resumed.metrics() == undisturbed.metrics()


def test_a_training_goes_on_as_it_began(make_settings, first_epoch: RunFolder, tmp_path: Path) -> None:
    more = ("trainer.max_epochs=2", f"checkpoint={first_epoch.last_checkpoint}", f"trainer.ema={DECAY}")
    with pytest.raises(UserError, match="was made without trainer.ema; go on as it began"):
        train(make_settings(tmp_path, *more))
    averaged = train(
        make_settings(tmp_path / "a", f"trainer.ema={DECAY}", "trainer.max_epochs=1", "trainer.keep_last=true")
    )
    with pytest.raises(UserError, match="was made with trainer.ema; go on as it began"):
        train(make_settings(tmp_path, "trainer.max_epochs=2", f"checkpoint={averaged.last_checkpoint}"))
    longer = train(
        make_settings(
            tmp_path,
            "trainer.max_epochs=2",
            f"trainer.ema={DECAY}",
            f"checkpoint={averaged.last_checkpoint}",
        )
    )
    assert longer.state == "completed"
