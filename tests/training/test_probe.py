"""The probe from films to records: the same run folder, resumed, evaluated and used as any other."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import genre
from genre.config import compose
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.imdb.genres import GENRES
from genre.models import TinyClassifier
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.training import train
from tests.commands import call
from tests.cut_off import cut_off_and_resumed


@pytest.fixture(scope="module")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    network = TinyClassifier(layers=2, heads=2, width=32, pooling="cls", labels=GENRES)
    network.net.save_pretrained(folder)
    network.tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def probe(encoder_folder: Path) -> list[str]:
    return ["model=probe", f"model.pretrained={encoder_folder}", "model.skip_layers=1", "trainer.limit_batches=null"]


@pytest.fixture(scope="module")
def probe_run(make_settings, probe: list[str], tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Read it, do not change it."""
    return train(make_settings(tmp_path_factory.mktemp("outputs"), *probe, "loss=focal"))


def probabilities(run: RunFolder) -> np.ndarray:
    return np.stack(pd.read_parquet(run.predictions_file)["probabilities"])


def test_the_run_folder_is_that_of_any_run(probe_run: RunFolder, finished_run: RunFolder) -> None:
    assert probe_run.state == "completed"
    files = [{file.name for file in run.path.iterdir()} for run in (probe_run, finished_run)]
    assert files[0] == files[1]
    assert probe_run.metrics().keys() == finished_run.metrics().keys()
    assert probe_run.best_checkpoint.stat().st_size < 1e6  # the head, without the encoder


def test_features_are_computed_once_for_all_runs(
    make_settings, probe: list[str], sample_products: Path, probe_run: RunFolder, tmp_path: Path
) -> None:
    files = {file: file.stat().st_mtime_ns for file in sample_products.glob("cache/features-*.npy")}
    assert files
    train(make_settings(tmp_path, *probe, "loss=asymmetric", "seed=5"))
    assert {file: file.stat().st_mtime_ns for file in sample_products.glob("cache/features-*.npy")} == files


def test_it_learns(make_settings, probe: list[str], tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, *probe, "trainer.max_epochs=15", "model.width=0", "data.batch_size=64"))
    metrics = run.metrics()
    assert metrics["test/jaccard"] > metrics["test/jaccard_most_frequent"]


def test_it_is_evaluated_and_used_on_new_films(probe_run: RunFolder, tmp_path: Path) -> None:
    run = RunFolder(Path(shutil.copytree(probe_run.path, tmp_path / "run")))
    evaluate(compose("evaluate", [f"run={run.path}"]))
    # texts are encoded again in other batches, and features are kept in half precision
    assert probabilities(run) == pytest.approx(probabilities(probe_run), abs=1e-3)
    model = genre.load(run.path)
    assert set(model.predict(["A sheriff comes out of retirement."])[0]) <= set(GENRES)
    assert model.predict([]) == []
    films = kept_films(run).films("test")
    stored = pd.read_parquet(probe_run.predictions_file).query("split == 'test'")["probabilities"]
    assert np.abs(model.probabilities(films).to_numpy() - np.stack(stored.tolist())).max() < 1e-3


def test_it_goes_on_as_if_nothing_had_happened(
    make_settings, probe: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = train(make_settings(tmp_path / "a", *probe, "trainer.max_epochs=3"))
    resumed = cut_off_and_resumed(make_settings(tmp_path / "b", *probe, "trainer.max_epochs=3"), monkeypatch)
    assert np.array_equal(probabilities(resumed), probabilities(undisturbed))


@pytest.mark.parametrize("way", ["ml_ros", "mlsmote"])
def test_it_is_oversampled(make_settings, probe: list[str], probe_run: RunFolder, tmp_path: Path, way: str) -> None:
    run = train(make_settings(tmp_path, *probe, "loss=focal", f"oversample={way}"))
    assert run.oversampled_file.is_file()
    assert not np.array_equal(probabilities(run), probabilities(probe_run))
    tables = [pd.read_parquet(folder.predictions_file) for folder in (run, probe_run)]
    assert tables[0]["movie_id"].tolist() == tables[1]["movie_id"].tolist()


def test_another_encoder_is_refused(make_settings, probe: list[str], encoder_folder: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(encoder_folder, tmp_path / "encoder")
    run = train(make_settings(tmp_path, *probe, f"model.pretrained={moved}"))
    torch.manual_seed(1)
    TinyClassifier(layers=2, heads=2, width=32, pooling="cls", labels=GENRES).net.save_pretrained(moved)
    with pytest.raises(UserError, match="is another one now; train the run again"):
        genre.load(run.path)
    shutil.rmtree(moved)
    with pytest.raises(UserError, match="no such folder"):
        genre.load(run.path)


def test_texts_longer_than_the_encoder_reads_are_refused(make_settings, probe: list[str], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="reads at most 512 tokens"):
        train(make_settings(tmp_path, *probe, "data.max_tokens=600"))


def test_the_command_is_the_same(probe: list[str], sample_products: Path, tmp_path: Path) -> None:
    plain = ["logger=csv", "report.plots=false", "report.resamples=50", "trainer=smoke", "trainer.progress_bar=false"]
    folders = [f"paths.outputs={tmp_path}", f"data.dir={sample_products}"]
    done = call("train", *probe, *plain, *folders, "oversample=ml_ros")
    assert done.returncode == 0, done.stderr
    (run,) = (tmp_path / "runs").iterdir()
    assert run.name.startswith("model-probe_")
    assert "Oversampled: " in (run / "train.log").read_text()
    assert (run / "report" / "imbalance.csv").is_file()
