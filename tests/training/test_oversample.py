"""Oversampled training: what it changes, what it must not touch, and that it resumes as if nothing had happened."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from genre.config import compose
from genre.data.datamodule import GenreDataModule
from genre.data.sources import prepared
from genre.errors import UserError
from genre.runs import RunFolder
from genre.sampling import irlbl, mean_ir
from genre.training import train
from genre.training.oversample import oversample
from tests.cut_off import cut_off_and_resumed

WAYS = ["ml_ros", "lp_ros", "class_balanced"]


@pytest.fixture(scope="module")
def tokenizer():
    from transformers import AutoTokenizer

    from genre.models.minilm import minilm_folder

    return AutoTokenizer.from_pretrained(minilm_folder())


@pytest.mark.parametrize("way", WAYS)
def test_training_films_alone_are_cloned(make_settings, tokenizer, tmp_path: Path, way: str) -> None:
    cfg = make_settings(tmp_path, f"oversample={way}")
    drawn = []
    for spoilt in (False, True):
        data = GenreDataModule(prepared(cfg.data), cfg.data, tokenizer, seed=1)
        data.setup()
        corpus = data.corpus
        if spoilt:
            held_out = np.concatenate([corpus.split.val, corpus.split.test])
            corpus.labels[held_out] = 1 - corpus.labels[held_out]
        before = {
            part: [batch["position"].tolist() for batch in data.part_dataloader(part)] for part in ("val", "test")
        }
        oversample(cfg, data, RunFolder(tmp_path))
        for part, batches in before.items():
            assert [batch["position"].tolist() for batch in data.part_dataloader(part)] == batches
        assert np.array_equal(np.unique(data.train_rows), corpus.split.train)
        assert len(data.train_rows) > len(corpus.split.train)
        drawn.append(data.train_rows)
    assert np.array_equal(*drawn)


def test_an_epoch_holds_every_clone_and_no_batch_a_film_twice(make_settings, tokenizer, tmp_path: Path) -> None:
    cfg = make_settings(tmp_path, "oversample=ml_ros", "oversample.share=1")
    data = GenreDataModule(prepared(cfg.data), cfg.data, tokenizer, seed=1)
    data.setup()
    oversample(cfg, data, RunFolder(tmp_path))
    batches = [data.train_rows[batch["position"]] for batch in data.train_dataloader()]
    assert sorted(np.concatenate(batches)) == sorted(data.train_rows)
    assert all(len(set(rows)) == len(rows) for rows in batches)


def test_the_loss_is_told_of_the_films_as_trained_on(make_settings, tmp_path: Path) -> None:
    plain, cloned = (
        train(make_settings(tmp_path, "loss=log_weighted_bce", f"oversample={way}")) for way in ("none", "ml_ros")
    )
    weights = [
        torch.load(run.best_checkpoint, weights_only=True)["state_dict"]["loss.pos_weight"] for run in (plain, cloned)
    ]
    before = pd.read_csv(plain.per_genre_file).set_index("genre")["training_films"]
    after = json.loads(cloned.oversampled_file.read_text())
    rare = before.idxmin()
    assert after[rare] > before[rare]
    position = list(after).index(rare)
    assert weights[1][position] < weights[0][position]
    assert mean_ir(list(after.values())) < mean_ir(before)
    assert irlbl(list(after.values()))[position] < irlbl(before)[list(before.index).index(rare)]
    # reports go on to tell of the films themselves, and the films judged are the same
    pd.testing.assert_series_equal(before, pd.read_csv(cloned.per_genre_file).set_index("genre")["training_films"])
    judged = [pd.read_parquet(run.predictions_file) for run in (plain, cloned)]
    assert judged[0]["movie_id"].tolist() == judged[1]["movie_id"].tolist()
    assert np.array_equal(*(np.stack(table["targets"]) for table in judged))
    assert not plain.oversampled_file.exists()


def test_a_run_that_was_cut_off_goes_on_with_the_same_clones(
    make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides = ["oversample=ml_ros", "trainer.max_epochs=3"]
    undisturbed = train(make_settings(tmp_path / "a", *overrides))
    resumed = cut_off_and_resumed(make_settings(tmp_path / "b", *overrides), monkeypatch)
    one, other = (np.stack(pd.read_parquet(run.predictions_file)["probabilities"]) for run in (resumed, undisturbed))
    assert np.array_equal(one, other)
    assert resumed.oversampled_file.read_text() == undisturbed.oversampled_file.read_text()


def test_a_run_without_oversampling_is_the_run_it_was(make_settings, tmp_path: Path) -> None:
    plain = RunFolder.of(make_settings(tmp_path), "data")
    assert RunFolder.of(make_settings(tmp_path, "oversample=none"), "data").path == plain.path
    names = {RunFolder.of(make_settings(tmp_path, f"oversample={way}"), "data").path.name for way in WAYS}
    names.add(RunFolder.of(make_settings(tmp_path, "oversample=ml_ros", "oversample.share=0.5"), "data").path.name)
    assert len({name.rpartition("_")[2] for name in [*names, plain.path.name]}) == 5


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["oversample=mlsmote"], "oversample=mlsmote: makes films up from features, and this model reads texts"),
        (["oversample=smote"], "oversample=smote: is for one genre at a time, and a network learns all"),
        (["oversample=smote", "model=probe"], "oversample=smote: is for one genre at a time"),
        (["oversample=ml_ros", "oversample.share=0"], "oversample.share=0: must be above 0 and up to 10"),
        (["oversample=class_balanced", "oversample.beta=1"], "oversample.beta=1: must be 0 or more and below 1"),
        (["oversample.share=1"], "'share' belongs to oversample=class_balanced, oversample=lp_ros, oversample=ml_ros"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(overrides: list[str], told: str) -> None:
    with pytest.raises(UserError) as caught:
        compose("train", overrides)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_seeds_draw_clones_of_their_own(make_settings, tokenizer, tmp_path: Path) -> None:
    cfg = make_settings(tmp_path, "oversample=ml_ros")
    drawn = []
    for seed in (1, 2, 1):
        data = GenreDataModule(prepared(cfg.data), cfg.data, tokenizer, seed=seed)
        data.setup()
        oversample(replace(cfg, seed=seed), data, RunFolder(tmp_path))
        drawn.append(data.train_rows.tolist())
    assert drawn[0] == drawn[2] != drawn[1]
