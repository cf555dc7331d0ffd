"""Searches."""

import time
from pathlib import Path

import pandas as pd
import pytest
import yaml
from omegaconf import OmegaConf
from optuna.distributions import FloatDistribution

from genre.config import compose
from genre.runs import RunFolder
from genre.sweep.search import SearchSweeper
from genre.sweep.trials import Trials
from tests.sweeps import SweepRunner

SPACE = ["hydra/sweeper=optuna", "loss=focal", "loss.gamma=interval(0,4)", "decision.objective=jaccard,balanced"]


def parabola(trials: Trials, count: int) -> list[float]:
    tried = []
    for _ in range(count):
        trial = trials.ask([0.5])
        x, y = (float(str(trial.values[key])) for key in ("x", "y"))
        trials.tell(trial.number, -((x - 0.3) ** 2) - 0.01 * y)
        tried.append(x)
    return tried


def make(folder: Path) -> Trials:
    space = {"x": FloatDistribution(0, 1), "y": FloatDistribution(0, 1)}
    return Trials(folder / "study.sqlite", space, maximize=True, seed=1)


def test_a_search_that_was_cut_off_goes_on_as_if_not(tmp_path: Path) -> None:
    (tmp_path / "calm").mkdir()
    calm = parabola(make(tmp_path / "calm"), 13)
    trials = make(tmp_path)
    cut_off = parabola(trials, 11) + parabola(make(tmp_path), 2)
    assert cut_off == calm
    assert [trial.bounds for trial in trials.known()] == [[0.5]] * 13


def test_it_learns_and_knows_what_matters(tmp_path: Path) -> None:
    trials = make(tmp_path)
    tried = parabola(trials, 40)
    assert sum(abs(x - 0.3) for x in tried[-10:]) < sum(abs(x - 0.3) for x in tried[:10]) / 2
    importances = trials.importances()
    assert list(importances) == ["x", "y"]
    assert importances["x"] > 0.9


def test_a_trial_that_was_never_known_whole_is_chosen_anew(tmp_path: Path) -> None:
    (tmp_path / "calm").mkdir()
    calm = parabola(make(tmp_path / "calm"), 12)
    trials = make(tmp_path)
    tried = parabola(trials, 11)
    trials.study.ask({"x": trials.space["x"]})  # killed before the other setting, and the bounds, were written
    assert len(make(tmp_path).known()) == 11
    assert tried + parabola(make(tmp_path), 1) == calm


def test_searches_that_score_otherwise_are_others() -> None:
    given = {
        "dry_run": False,
        "trials": 3,
        "at_once": 1,
        "metric": "val/jaccard",
        "maximize": True,
        "prune": True,
        "seed": 1,
    }

    def identity(seeds: int = 1, **settings: object) -> list[str]:
        sweeper = SearchSweeper({}, **(given | settings))
        sweeper.config = OmegaConf.create({"seeds": seeds})
        return sweeper.identity

    assert identity(trials=50, at_once=4) == identity()
    for other in (identity(metric="val/f1_macro"), identity(maximize=False), identity(seed=2), identity(seeds=3)):
        assert other != identity()


def test_a_few_trials_tell_nothing_of_importance(tmp_path: Path) -> None:
    trials = make(tmp_path)
    parabola(trials, 2)
    assert trials.importances() == {}


def test_a_score_counts_once(tmp_path: Path) -> None:
    trials = make(tmp_path)
    trials.ask([])
    trials.tell(0, 0.5)
    trials.tell(0, 0.7)
    assert trials.study.best_value == 0.5


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["hydra.sweeper.trials=0"], "hydra.sweeper.trials=0: must be at least 1"),
        (["hydra.sweeper.metric=test/jaccard"], "must be of the validation films"),
        (["hydra.sweeper.metric=val/jacard"], "no such metric; did you mean 'val/jaccard'?"),
        (["loss.alpha=interval(0,7)"], "error: FocalLoss: loss.alpha=7: must lie between 0 and 1 [job 0: "),
        (["overwrite=true"], "delete its folder to begin afresh"),
    ],
)
def test_a_search_that_cannot_be_is_refused_before_its_first_trial(
    sweeps: SweepRunner, overrides: list[str], message: str
) -> None:
    done = sweeps.run(*SPACE, *overrides)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (sweeps.outputs / "runs").exists()


def test_a_search_is_killed_resumed_pruned_and_explained(sweeps: SweepRunner) -> None:
    search = [*SPACE, "trainer.max_epochs=3", "trainer.limit_batches=1", "hydra.sweeper.trials=6"]
    process = sweeps.start(*search)
    deadline = time.monotonic() + 120
    while len(sweeps.starts()) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.communicate()
    before = sweeps.record()
    done = sweeps.run(*search)
    assert done.returncode == 0, done.stderr
    record = sweeps.record()
    assert [job["overrides"] for job in record["jobs"][:2]] == [job["overrides"] for job in before["jobs"][:2]]
    assert sweeps.states() == ["completed"] * 6

    runs = [RunFolder(sweeps.folder() / job["runs"][0]) for job in record["jobs"]]
    bounds = [run.config().trainer.stop_below for run in runs]
    assert bounds[:5] == [[]] * 5  # too few trials to be measured against
    assert all(bounds[5:])
    epochs = [pd.concat(map(pd.read_csv, run.history.glob("*/metrics.csv")))["val/jaccard"].dropna() for run in runs]
    for bound, reached in zip(bounds, epochs, strict=True):
        stopped = [value < limit for value, limit in zip(reached, bound, strict=False)]
        assert not any(stopped[:-1])  # the first epoch below its bound is the last
        assert len(reached) == 3 or stopped[-1]

    scores = [run.metrics()["val/jaccard"] for run in runs]
    best = (sweeps.folder() / "best.yaml").read_text()
    assert f"val/jaccard {max(scores):.4f}, the best of 6 trials" in best
    content = yaml.safe_load(best)
    assert {"override /loss": "focal"} in content["defaults"]
    chosen = [f"loss.gamma={content['loss']['gamma']}", f"decision.objective={content['decision']['objective']}"]
    config = runs[scores.index(max(scores))].config()
    again = compose("train", ["loss=focal", "trainer.max_epochs=3", *chosen])
    assert (again.loss, again.decision) == (config.loss, config.decision)

    settled = sweeps.starts()
    assert sweeps.run(*search).returncode == 0
    assert sweeps.starts() == settled
