"""One run from data to records: complete, repeatable, and resumed as if nothing had happened."""

import json
import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import genre
from genre.data.datamodule import GenreDataModule
from genre.data.truth import Truth
from genre.errors import UserError
from genre.imdb.genres import GENRES
from genre.models import GenreClassifier
from genre.runs import RunFolder
from genre.training import train
from tests.cut_off import cut_off_and_resumed

SCORES = {
    f"{score}_{average}"
    for score in ("f1", "precision", "recall")
    for average in ("samples", "micro", "macro", "weighted")
}
METRICS = SCORES | {
    "jaccard",
    "hamming_loss",
    "subset_accuracy",
    "at_least_one",
    "at_least_two",
    "all_found",
    "f1_macro_supported",
}


def probabilities(run: RunFolder) -> np.ndarray:
    return np.stack(pd.read_parquet(run.predictions_file)["probabilities"])


def test_the_run_folder_is_complete(finished_run: RunFolder) -> None:
    run = finished_run
    assert run.state == "completed"
    metrics = run.metrics()
    assert {f"{part}/{name}" for part in ("val", "test") for name in METRICS} <= set(metrics)
    assert all(0 <= metrics[f"test/{name}"] <= 1 for name in METRICS)
    per_genre = pd.read_csv(run.per_genre_file)
    assert tuple(per_genre["genre"]) == GENRES
    assert json.loads(run.thresholds_file.read_text()) == dict.fromkeys(GENRES, 0.5)
    known = run.environment()
    assert {"python", "packages", "git_revision", "data_fingerprint", "threads", "gpu"} <= set(known)
    history = pd.read_csv(next(run.history.glob("*/metrics.csv")))
    assert {"epoch", "train/loss", "val/loss", "val/jaccard"} <= set(history.columns)


def test_predictions_are_those_behind_the_metrics(finished_run: RunFolder) -> None:
    table = pd.read_parquet(finished_run.predictions_file)
    test = table[table["split"] == "test"]
    assert len(test) == finished_run.metrics()["test/films"]
    assert table["movie_id"].is_unique
    probabilities, targets = np.stack(test["probabilities"]), np.stack(test["targets"])
    chosen = probabilities >= 0.5
    chosen[np.arange(len(chosen)), probabilities.argmax(axis=1)] |= ~chosen.any(axis=1)
    jaccard = (chosen & (targets == 1)).sum(axis=1) / (chosen | (targets == 1)).sum(axis=1)
    assert jaccard.mean() == pytest.approx(finished_run.metrics()["test/jaccard"], abs=1e-6)


def test_checkpoints_hold_plain_values_and_tensors(finished_run: RunFolder, plain_run: RunFolder) -> None:
    for file in (finished_run.best_checkpoint, plain_run.last_checkpoint):
        checkpoint = torch.load(file, weights_only=True)
        assert "model.net.classifier.weight" in checkpoint["state_dict"]
        assert checkpoint.get("hyper_parameters", {}) == {}


def test_a_finished_run_keeps_its_weights_once(finished_run: RunFolder, make_settings, tmp_path: Path) -> None:
    assert [file.name for file in finished_run.checkpoints.iterdir()] == ["best.ckpt"]
    parameters = sum(
        weight.numel() for weight in torch.load(finished_run.best_checkpoint, weights_only=True)["state_dict"].values()
    )
    size = sum(file.stat().st_size for file in finished_run.path.rglob("*") if file.is_file())
    assert size < 4 * parameters + 4e6
    with pytest.raises(UserError, match="last.ckpt: no such file; .* trained with trainer.keep_last=true"):
        train(make_settings(tmp_path, f"checkpoint={finished_run.last_checkpoint}"))


def test_one_seed_gives_one_result(make_settings, plain_run: RunFolder, tmp_path: Path) -> None:
    again = train(make_settings(tmp_path))
    other = train(make_settings(tmp_path, "seed=2"))
    assert plain_run.metrics() == again.metrics()
    tables = [pd.read_parquet(run.predictions_file) for run in (plain_run, again, other)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert not tables[0].equals(tables[2])


def test_a_finished_run_is_left_alone_unless_told_otherwise(
    make_settings, plain_run: RunFolder, tmp_path: Path
) -> None:
    run = RunFolder(Path(shutil.copytree(plain_run.path, tmp_path / "runs" / plain_run.path.name)))
    stamp = run.metrics_file.stat().st_mtime_ns
    assert train(make_settings(tmp_path)).path == run.path
    assert run.metrics_file.stat().st_mtime_ns == stamp
    train(make_settings(tmp_path, "overwrite=true"))
    assert run.metrics_file.stat().st_mtime_ns > stamp


def test_a_run_that_was_cut_off_goes_on_as_if_nothing_had_happened(
    make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = train(make_settings(tmp_path / "a", "trainer.max_epochs=3"))
    resumed = cut_off_and_resumed(make_settings(tmp_path / "b", "trainer.max_epochs=3"), monkeypatch)
    one, other = (np.stack(pd.read_parquet(run.predictions_file)["probabilities"]) for run in (resumed, undisturbed))
    assert np.array_equal(one, other)
    assert resumed.metrics() == undisturbed.metrics()


@pytest.mark.parametrize(
    "stop", [["trainer.stop_below=[0.0,1.0]"], ["trainer.patience=1", "optimizer.learning_rate=1e-12"]]
)
def test_a_run_that_had_stopped_early_stays_so(make_settings, tmp_path: Path, stop: list[str]) -> None:
    overrides = ["trainer.max_epochs=4", "optimizer.head_learning_rate=1e-12", "trainer.keep_last=true", *stop]
    calm = train(make_settings(tmp_path / "calm", *overrides))

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    settings = make_settings(tmp_path / "failed", *overrides)
    with pytest.raises(OSError, match="No space"):
        train(settings, full_disk)
    again = train(settings)
    epochs = [torch.load(run.last_checkpoint, weights_only=True)["epoch"] for run in (calm, again)]
    assert epochs[0] == epochs[1] < 3
    assert again.metrics() == calm.metrics()


def test_an_explicit_checkpoint_is_resumed(make_settings, first_epoch: RunFolder, tmp_path: Path) -> None:
    longer = train(make_settings(tmp_path / "a", "trainer.max_epochs=2", f"checkpoint={first_epoch.last_checkpoint}"))
    epochs = pd.concat(map(pd.read_csv, longer.history.glob("*/metrics.csv")))["epoch"]
    assert set(epochs.dropna()) == {1}
    (tmp_path / "broken.ckpt").write_bytes(b"PK nonsense")
    for file, told in (
        ("missing.ckpt", "no such file"),
        (tmp_path / "broken.ckpt", "no checkpoint that can be read"),
        (first_epoch.best_checkpoint, "holds weights alone"),
    ):
        with pytest.raises(UserError, match=told):
            train(make_settings(tmp_path / "b", f"checkpoint={file}"))
    with pytest.raises(UserError, match=r"belongs to another model or loss \(they differ in loss.pos_weight\)"):
        train(make_settings(tmp_path / "b", "loss=log_weighted_bce", f"checkpoint={first_epoch.last_checkpoint}"))


@pytest.mark.parametrize("beside", [True, False])
def test_the_best_epoch_of_the_first_part_stays_the_best(
    beside: bool, make_settings, first_epoch: RunFolder, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "elsewhere" / "last.ckpt"
    shutil.copytree(first_epoch.checkpoints, checkpoint.parent)
    content = torch.load(checkpoint, weights_only=True)
    (state,) = (state for state in content["callbacks"].values() if state.get("monitor") and "dirpath" in state)
    state["best_model_score"] = state["kth_value"] = torch.tensor(2.0)  # better than any epoch can be
    state["best_k_models"] = {path: torch.tensor(2.0) for path in state["best_k_models"]}
    torch.save(content, checkpoint)
    if not beside:
        (checkpoint.parent / "best.ckpt").unlink()
    longer = train(make_settings(tmp_path / "b", "trainer.max_epochs=2", f"checkpoint={checkpoint}"))
    epoch = torch.load(longer.best_checkpoint, weights_only=True)["epoch"]
    assert epoch == (0 if beside else 1)
    assert first_epoch.best_checkpoint.is_file()
    if beside:
        assert np.array_equal(probabilities(longer), probabilities(first_epoch))


def test_a_finished_checkpoint_is_not_trained_for_no_epoch(make_settings, plain_run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has 2 epochs already; trainer.max_epochs=... asks for more"):
        train(make_settings(tmp_path, "seed=9", f"checkpoint={plain_run.last_checkpoint}"))


def test_a_mistake_at_the_restart_costs_no_epoch(
    make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs = []
    start = GenreClassifier.on_train_epoch_start

    def failing(self: GenreClassifier) -> None:
        epochs.append(self.current_epoch)
        if len(epochs) in (2, 3):
            raise UserError("something to mend")
        start(self)

    monkeypatch.setattr(GenreClassifier, "on_train_epoch_start", failing)
    for _ in range(2):
        with pytest.raises(UserError, match="something to mend"):
            train(make_settings(tmp_path))
    train(make_settings(tmp_path))
    assert epochs == [0, 1, 1, 1]


def test_a_checkpoint_that_cannot_be_read_is_set_aside(
    make_settings,
    plain_run: RunFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)

    def cut_off(self: GenreClassifier) -> None:
        if self.current_epoch == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(GenreClassifier, "on_train_epoch_start", cut_off)
        with pytest.raises(KeyboardInterrupt):
            train(make_settings(tmp_path / "cut"))
    (torn,) = (tmp_path / "cut").glob("runs/*/checkpoints/last.ckpt")
    torn.write_bytes(torn.read_bytes()[: torn.stat().st_size // 2])
    (torn.parent / ".last.ckpt.x.ckpt").write_bytes(b"of a process that was killed")
    run = train(make_settings(tmp_path / "cut"))
    assert np.array_equal(probabilities(run), probabilities(plain_run))
    assert "last.ckpt cannot be read and lies in" in caplog.text
    assert (run.path / "last.ckpt.broken").is_file()
    assert [file.name for file in run.checkpoints.iterdir()] == ["best.ckpt"]


def test_other_data_make_another_run(make_settings, plain_run: RunFolder, tmp_path: Path) -> None:
    other = train(make_settings(tmp_path, "data.crawl=null", f"data.dir={tmp_path}/data"))
    assert other.path.name != plain_run.path.name


def test_a_setting_out_of_range_is_told_and_what_only_training_finds_is_recorded(make_settings, tmp_path: Path) -> None:
    cfg = make_settings(tmp_path, "loss=focal", "loss.alpha=2")
    with pytest.raises(UserError, match="FocalLoss: loss.alpha=2: must lie between 0 and 1"):
        train(cfg)
    assert not list(tmp_path.glob("runs/*"))
    with pytest.raises(UserError, match="reads at most 512 tokens"):
        train(make_settings(tmp_path, "data.max_tokens=600"))
    (file,) = tmp_path.glob("runs/*/status.json")
    status = json.loads(file.read_text())
    assert status["state"] == "failed"
    assert "data.max_tokens=600" in status["error"]


def test_thresholds_come_from_validation_films_alone(make_settings, tmp_path: Path, monkeypatch) -> None:
    settings = make_settings(tmp_path, "decision=per_label", "decision.min_positives=1")
    honest = train(settings)

    def with_spoilt_test(data: GenreDataModule, stage: str | None = None) -> None:
        if data._ready:
            return
        setup(data, stage)
        corpus = data.corpus
        corpus.truth = Truth.complete(corpus.labels.copy())
        corpus.labels[corpus.split.test] = 1 - corpus.labels[corpus.split.test]

    setup = GenreDataModule.setup
    monkeypatch.setattr(GenreDataModule, "setup", with_spoilt_test)
    spoilt = train(replace(settings, paths=replace(settings.paths, outputs=str(tmp_path / "spoilt"))))
    assert honest.metrics()["test/jaccard"] != spoilt.metrics()["test/jaccard"]
    assert honest.thresholds_file.read_text() == spoilt.thresholds_file.read_text()
    assert len(set(json.loads(honest.thresholds_file.read_text()).values())) > 1


def test_a_training_that_diverges_is_told(make_settings, tmp_path: Path) -> None:
    rates = ["optimizer.learning_rate=1e30", "optimizer.head_learning_rate=1e30"]
    with pytest.raises(UserError, match="training diverged.*lower optimizer.learning_rate"):
        train(make_settings(tmp_path, *rates))
    (status,) = tmp_path.glob("runs/*/status.json")
    assert json.loads(status.read_text())["state"] == "failed"
    assert not list(tmp_path.glob("runs/*/checkpoints/last.ckpt"))


def test_titles_can_be_read_as_well(make_settings, tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, "data.text=[title,description]", "data.size=200"))
    assert run.config().data.text == ["title", "description"]


def test_dropped_genres_are_no_outputs(make_settings, tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, f"data.dir={tmp_path / 'products'}", "data.drop_genres=[drama]"))
    left = [genre for genre in GENRES if genre != "Drama"]
    assert list(json.loads(run.thresholds_file.read_text())) == left
    assert pd.read_csv(run.per_genre_file)["genre"].tolist() == left
    assert {len(row) for row in pd.read_parquet(run.predictions_file)["probabilities"]} == {20}
    assert genre.load(run.path).labels == tuple(left)
