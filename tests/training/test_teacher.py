"""A run that learns what another one says."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import genre
from genre.config import TeacherConfig, TrainConfig, compose
from genre.data.corpus import Corpus
from genre.data.sources import prepared
from genre.errors import UserError
from genre.runs import RunFolder
from genre.training import train, train_baseline
from genre.training.fit import module_and_data
from genre.training.teacher import taught_log_odds

QUICK = ["features=bow", "features.tokens=words", "baseline.C=[1]", "logger=csv", "report.resamples=40"]


@pytest.fixture(scope="module")
def teacher(sample_products: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """With a cross-validation; read it, do not change it."""
    places = [f"data.dir={sample_products}", f"paths.outputs={tmp_path_factory.mktemp('teacher')}"]
    return train_baseline(compose("baseline", ["cv=2", *QUICK, *places]))


@pytest.fixture
def settings(make_settings, teacher: RunFolder, tmp_path: Path) -> TrainConfig:
    cfg: TrainConfig = make_settings(tmp_path, f"teacher.run={teacher.path}", "data.size=0.3")
    return cfg


def corpus_of(cfg: TrainConfig) -> Corpus:
    return Corpus(prepared(cfg.data), cfg.data)


def test_of_training_films_it_says_what_it_said_unseen(settings: TrainConfig, teacher: RunFolder) -> None:
    corpus = corpus_of(settings)
    assert settings.teacher.run
    odds = taught_log_odds(settings.teacher.run, corpus)
    told = pd.read_parquet(teacher.predictions_file).query("split == 'cv'").set_index("movie_id")["probabilities"]
    rows = corpus.split.train
    expected = np.stack(told[corpus.table["movie_id"].iloc[rows]].tolist()).clip(1e-4, 1 - 1e-4)
    np.testing.assert_allclose(torch.from_numpy(odds[rows]).sigmoid(), expected, atol=1e-6)
    others = np.setdiff1d(np.arange(len(corpus.table)), rows)
    assert np.isnan(odds[others]).all()


def test_without_a_cross_validation_its_model_is_asked(
    settings: TrainConfig, finished_run: RunFolder, caplog: pytest.LogCaptureFixture
) -> None:
    corpus = corpus_of(settings)
    with caplog.at_level("INFO"):
        odds = taught_log_odds(str(finished_run.path), corpus)
    rows = corpus.split.train[:50]
    expected = genre.load(finished_run.path).probabilities(corpus.table.iloc[rows]).to_numpy().clip(1e-4, 1 - 1e-4)
    np.testing.assert_allclose(torch.from_numpy(odds[rows]).sigmoid(), expected, atol=1e-3)
    assert "It has learnt from these films" in caplog.text


def test_what_a_model_says_is_asked_once(settings: TrainConfig, finished_run: RunFolder, tmp_path: Path) -> None:
    cfg = replace(settings.data, dir=str(tmp_path / "data"))
    corpus = Corpus(prepared(cfg), cfg)
    first = taught_log_odds(str(finished_run.path), corpus)
    (file,) = corpus.cache.glob("taught-*.npy")
    np.save(file, np.full_like(np.load(file), 0.5))  # as nobody would say it
    rows = corpus.split.train
    assert (taught_log_odds(str(finished_run.path), corpus)[rows] == 0).all()
    np.save(file, np.load(file)[1:])
    assert np.array_equal(taught_log_odds(str(finished_run.path), corpus)[rows], first[rows])  # made again
    other = RunFolder(Path(shutil.copytree(finished_run.path, tmp_path / "other")))
    table = pd.read_parquet(other.predictions_file)
    table["probabilities"] = [values * 0.9 for values in table["probabilities"]]  # trained again
    table.to_parquet(other.predictions_file)
    taught_log_odds(str(other.path), corpus)
    assert len(list(corpus.cache.glob("taught-*.npy"))) == 2


def test_a_batch_holds_what_is_said_of_its_own_films_and_clones(settings: TrainConfig, teacher: RunFolder) -> None:
    cfg = replace(settings, oversample=compose("train", ["oversample=ml_ros"]).oversample)
    module, data = module_and_data(cfg, prepared(cfg.data), None)
    assert settings.teacher.run
    odds = taught_log_odds(settings.teacher.run, data.corpus)
    assert len(data.train_rows) > len(data.corpus.split.train)
    for batch in data.train_dataloader():
        rows = data.train_rows[batch["position"].numpy()]
        np.testing.assert_array_equal(batch["taught"], odds[rows])
    assert "taught" not in next(iter(data.val_dataloader()))
    assert module.distillation is not None


def test_a_student_alone_of_its_teacher_comes_to_say_the_same(
    settings: TrainConfig, teacher: RunFolder, make_settings, tmp_path: Path
) -> None:
    """Labels play no part where the teacher's share is 1; the run is read and used like any other."""
    # other tests look at which features lie in the common folder
    chosen = ["model=probe", "trainer.max_epochs=3", "trainer.limit_batches=null", f"data.dir={tmp_path / 'data'}"]
    run = train(make_settings(tmp_path, *chosen, f"teacher.run={teacher.path}", "teacher.share=1"))
    plain = train(make_settings(tmp_path, *chosen))
    assert run.config().teacher == TeacherConfig(str(teacher.path), 1.0, 2.0)  # type: ignore[attr-defined]
    assert run.path != plain.path

    def told(one: RunFolder) -> np.ndarray:
        return np.stack(pd.read_parquet(one.predictions_file).query("split == 'test'")["probabilities"].tolist())

    apart = [np.abs(told(one) - told(teacher)).mean() for one in (run, plain)]
    assert apart[0] < apart[1]
    films = Corpus(prepared(run.config().data), run.config().data).films("test")
    np.testing.assert_allclose(genre.load(run.path).probabilities(films), told(run), atol=1e-3)  # in bfloat16


def test_mistakes_are_named(settings: TrainConfig, teacher: RunFolder, tmp_path: Path) -> None:
    for overrides, message in (
        (["teacher.run=x", "teacher.share=0"], "teacher.share=0: must be above 0 and at most 1"),
        (["teacher.run=x", "teacher.temperature=0"], "teacher.temperature=0: must be above 0"),
        (["teacher.run=x", "model=probe", "oversample=mlsmote"], "nothing to say of synthetic films"),
    ):
        with pytest.raises(UserError, match=message):
            compose("train", overrides)
    corpus = corpus_of(settings)
    with pytest.raises(UserError, match=r"teacher.run=.*nowhere: no run folder"):
        taught_log_odds(str(tmp_path / "nowhere"), corpus)
    fewer = replace(settings.data, drop_genres=["Drama"], dir=str(tmp_path / "fewer"))
    with pytest.raises(UserError, match=r"its labels are not those of the films \(Drama\)"):
        taught_log_odds(str(teacher.path), Corpus(prepared(fewer), fewer))
