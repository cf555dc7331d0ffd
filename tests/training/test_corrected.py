"""Runs on corrected labels: films that are left without any, and parts of which one alone was corrected."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from genre.config import compose, instantiate
from genre.paths import CONF_DIR
from genre.report.console import print_run
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.predictions import read_predictions
from genre.sampling import Oversampler
from genre.training import train, train_baseline
from tests.corpora import corpus_of
from tests.layouts import kaggle

LOSSES = sorted(file.stem for file in (CONF_DIR / "loss").glob("*.yaml"))
OVERSAMPLERS = sorted(file.stem for file in (CONF_DIR / "oversample").glob("*.yaml"))


@pytest.fixture(scope="module")
def corrections(sample_products: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of some films of each part: they have none of their genres."""
    corpus = corpus_of(replace(compose("train").data, dir=str(sample_products)))
    rows = [row for part in corpus.split for row in part[:5]]
    cells = [
        (corpus.table["movie_id"][row], corpus.label_names[column])
        for row, column in np.argwhere(corpus.labels)
        if row in rows
    ]
    file = tmp_path_factory.mktemp("corrections") / "corrections.csv"
    file.write_text("\n".join(["movie_id,genre,value", *(f"{movie_id},{genre},0" for movie_id, genre in cells)]))
    return file


def check(run: RunFolder) -> None:
    metrics = run.metrics()
    assert all(np.isfinite(value) for value in metrics.values()), metrics
    assert "test_known/jaccard" in metrics


def test_a_baseline_with_its_folds_and_its_report(sample_products: Path, corrections: Path, tmp_path: Path) -> None:
    settings = ["features=bow", "baseline.C=[1]", "logger=csv", "report.resamples=50", f"paths.outputs={tmp_path}"]
    folders = [f"data.dir={sample_products}", f"data.corrections={corrections}"]
    run = train_baseline(compose("baseline", ["cv=3", *settings, *folders]))
    check(run)
    write_report(run, replace(run.config().report, plots=False))
    plain = corpus_of(replace(run.config().data, corrections=None))
    corpus = corpus_of(run.config().data)
    assert (corpus.labels.sum(axis=1) == 0).sum() == 15
    assert all(np.array_equal(*parts) for parts in zip(plain.split, corpus.split, strict=True))


@pytest.mark.usefixtures("only_laid_out")
def test_a_network(make_settings, corrections: Path, tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, f"data.corrections={corrections}"))
    check(run)
    write_report(run, replace(run.config().report, plots=True))


@pytest.mark.parametrize("part", ["train", "val", "test"])
def test_corrections_of_one_part_alone(part: str, tmp_path: Path) -> None:
    """Of a table of which all is known: then all is as the cells say in the other parts."""
    settings = ["data=table", *kaggle(tmp_path), f"data.dir={tmp_path}/products", f"paths.outputs={tmp_path}"]
    settings += ["features=bow", "features.tokens=words", "features.min_df=1", "baseline.C=[1]", "logger=csv"]
    corpus = corpus_of(compose("baseline", settings).data)
    film = corpus.table["movie_id"][corpus.rows(part)[0]]
    file = tmp_path / "corrections.csv"
    cells = [
        f"{film},{label},{1 - had}"
        for label, had in zip(corpus.label_names, corpus.part_truth(part).labels[0], strict=True)
    ]
    file.write_text("\n".join(["movie_id,genre,value", *cells]))
    run = train_baseline(compose("baseline", [*settings, "report.resamples=40", f"data.corrections={file}"]))
    write_report(run, replace(run.config().report, plots=False))
    print_run(run)
    assert ("test_known/jaccard" in run.metrics()) == (part == "test")
    films = read_predictions(run)
    assert [films.val.truth.is_complete, films.test.truth.is_complete] == [part != "val", part != "test"]


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_of_such_films_are_finite(loss: str) -> None:
    cfg = compose("train", [f"loss={loss}"])
    logits = torch.randn(4, 3, generator=torch.Generator().manual_seed(0), requires_grad=True)
    known = torch.tensor([[True, True, True], [True, False, True], [True, True, True], [False, True, True]])
    module = instantiate(cfg.loss, label_counts=torch.tensor([5, 0, 2]), num_examples=9)
    for mask in (None, known):
        value = module(logits, torch.zeros(4, 3), mask)
        (gradient,) = torch.autograd.grad(value, logits)
        assert torch.isfinite(value)
        assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("name", OVERSAMPLERS)
def test_oversampling_films_of_which_some_have_no_label(name: str) -> None:
    cfg = compose("baseline", [f"oversample={name}"])
    random = np.random.default_rng(0)
    labels = (random.random((60, 4)) < [0.6, 0.3, 0.2, 0.15]).astype(np.uint8)
    labels[:9] = 0
    sampler: Oversampler = instantiate(cfg.oversample)
    larger = sampler.resample_features(random.normal(size=(60, 5)), labels, 0, None)
    assert len(larger.labels) == larger.features.shape[0] >= 60
