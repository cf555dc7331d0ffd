"""Finished runs without a training: invented probabilities of real films of the sample."""

import functools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml

from genre.config import ImdbConfig, TrainConfig
from genre.data.truth import Truth
from genre.evaluation.results import PartResults, write_results
from genre.imdb.genres import chosen_genres, genre_matrix
from genre.imdb.prepare import clean_table
from genre.imdb.source import read_clean
from genre.runs import RunFolder
from genre.runs.films import keep_films

MakeRun = Callable[..., RunFolder]


@dataclass
class InventedCorpus:
    """Enough of a corpus for the records."""

    label_names: tuple[str, ...]
    training_films: int
    label_counts: torch.Tensor
    val: PartResults
    test: PartResults

    def films(self, part: str) -> pd.DataFrame:
        return getattr(self, part).films

    @property
    def truth(self) -> Truth:
        return self.val.truth.with_films(self.test.truth)

    def rows(self, part: str) -> np.ndarray:
        val = len(self.val.films)
        return np.arange(val) if part == "val" else val + np.arange(len(self.test.films))


def record(folder: Path, cfg: TrainConfig, films: pd.DataFrame, *, seed: int, thresholds: list[float]) -> RunFolder:
    """Write the records of a run that was validated on the first half of `films` and tested on the second."""
    run = RunFolder(folder)
    run.path.mkdir(parents=True)
    run.config_file.write_text(yaml.safe_dump(asdict(cfg)))
    run.status_file.write_text('{"state": "completed"}')
    names = chosen_genres(cfg.data)
    targets = genre_matrix(films["genres"], names)
    noise = np.random.default_rng(seed).normal(size=targets.shape)
    probabilities = 1 / (1 + np.exp(1.5 - 2 * targets - noise))
    half = len(films) // 2
    val, test = (
        PartResults(
            films.iloc[rows].reset_index(drop=True),
            Truth.complete(targets[rows]),
            torch.from_numpy(probabilities[rows]).float(),
        )
        for rows in (slice(half), slice(half, None))
    )
    size, every = cfg.data.size, 4 * len(films)
    learnt = every if size is None else round(size * every) if size <= 1 else int(size)
    data = InventedCorpus(names, learnt, torch.arange(len(names)) * 7 % 30, val, test)
    keep_films(run, data)
    settings = replace(cfg, report=replace(cfg.report, resamples=40))
    write_results(run, val, test, torch.tensor(thresholds).expand(len(names)), settings, data)
    return run


@pytest.fixture(scope="session")
def sample_table(make_settings: Callable[..., TrainConfig], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clean table of the sample and nothing else."""
    folder = tmp_path_factory.mktemp("table")
    shutil.copy(clean_table(make_settings(folder).data).file, folder)
    return folder


@pytest.fixture(scope="session")
def recorded(
    make_settings: Callable[..., TrainConfig], sample_table: Path, tmp_path_factory: pytest.TempPathFactory
) -> MakeRun:
    """As `make_run`, but each run is made once and stands where it was made: copy it, do not change it."""
    folder = tmp_path_factory.mktemp("invented")

    @functools.cache
    def make(films: int, start: int, seed: int, thresholds: tuple[float, ...], *overrides: str) -> RunFolder:
        # a table without raw files is taken as it is, whatever genres are chosen
        cfg = make_settings(folder / "outputs", f"data.dir={sample_table}", *overrides)
        assert isinstance(cfg.data, ImdbConfig)
        cfg.data.raw = str(folder / "none")
        table = read_clean(clean_table(cfg.data).file)
        chosen = [set(cell.split("|")) <= set(chosen_genres(cfg.data)) for cell in table["genres"]]
        rows = table[chosen].iloc[start : start + films]
        place = Path(tempfile.mkdtemp(dir=folder)) / "run"
        return record(place, cfg, rows, seed=seed, thresholds=list(thresholds))

    return make


@pytest.fixture
def make_run(recorded: MakeRun, tmp_path: Path) -> MakeRun:
    """`make_run(name, *overrides, films=40, start=0, seed=0, thresholds=(0.5,))`, a threshold or one for each genre."""

    def make(
        name: str,
        *overrides: str,
        films: int = 40,
        start: int = 0,
        seed: int = 0,
        thresholds: tuple[float, ...] = (0.5,),
    ) -> RunFolder:
        run = recorded(films, start, seed, thresholds, *overrides)
        return RunFolder(Path(shutil.copytree(run.path, tmp_path / "runs" / name)))

    return make
