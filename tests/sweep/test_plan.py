"""What a sweep would cost, told before it begins."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from genre.config import TrainConfig
from genre.runs import RunFolder
from genre.sweep.job import Job
from genre.sweep.plan import EarlierRuns, print_plan, print_search_plan
from tests.commands import call
from tests.sweeps import BATCH, SweepRunner


class Runs:
    """Finished runs whose costs are made up."""

    def __init__(self, folder: Path, like: RunFolder) -> None:
        self.folder, self.like = folder, like

    def add(self, name: str, seconds: float, *, epochs: int = 1, threads: int | None = None, **status: object) -> Path:
        run = self.folder / name
        run.mkdir(parents=True)
        values = yaml.safe_load(self.like.config_file.read_text())
        values["trainer"]["max_epochs"] = epochs
        (run / "config.yaml").write_text(yaml.safe_dump(values))
        (run / "weights").write_bytes(bytes(10**6))
        environment = self.like.environment()
        (run / "environment.json").write_text(json.dumps(environment | {"threads": threads or environment["threads"]}))
        (run / "status.json").write_text(json.dumps({"state": "completed", "seconds": seconds} | status))
        return run


@pytest.fixture
def runs(tmp_path: Path, finished_run: RunFolder) -> Runs:
    return Runs(tmp_path / "runs", finished_run)


def with_epochs(cfg: TrainConfig, epochs: int) -> TrainConfig:
    return replace(cfg, trainer=replace(cfg.trainer, max_epochs=epochs))


@pytest.fixture
def cfg(finished_run: RunFolder) -> TrainConfig:
    cfg = finished_run.config()
    assert isinstance(cfg, TrainConfig)
    return cfg


def test_seconds_are_a_start_and_so_many_for_each_epoch(runs: Runs, cfg: TrainConfig) -> None:
    for epochs in (1, 2, 5):
        runs.add(f"run{epochs}", 10 + 3 * epochs, epochs=epochs)
    earlier = EarlierRuns(runs.folder)
    for epochs in (3, 20):
        cost = earlier.cost(with_epochs(cfg, epochs))
        assert cost
        assert cost.seconds == pytest.approx(10 + 3 * epochs)
        assert cost.bytes == pytest.approx(1e6, rel=0.02)
    three = earlier.cost(replace(with_epochs(cfg, 3), seeds=4))
    assert three
    assert three.seconds == pytest.approx(4 * 19)


def test_runs_of_one_length_tell_in_proportion(runs: Runs, cfg: TrainConfig) -> None:
    runs.add("a", 20, epochs=2)
    runs.add("b", 40, epochs=2)
    cost = EarlierRuns(runs.folder).cost(with_epochs(cfg, 4))
    assert cost
    assert cost.seconds == pytest.approx(60)


def test_half_of_the_films_take_half_as_long(runs: Runs, cfg: TrainConfig) -> None:
    runs.add("a", 20, epochs=cfg.trainer.max_epochs)
    earlier = EarlierRuns(runs.folder)
    half, hundred = (earlier.cost(replace(cfg, data=replace(cfg.data, size=size))) for size in (0.5, 100))
    assert half
    assert half.seconds == pytest.approx(10)
    assert hundred is None  # films that are counted and films that are a share cannot be compared


def test_runs_of_this_machine_count_where_there_are_any(runs: Runs, cfg: TrainConfig) -> None:
    runs.add("elsewhere", 100, threads=64)
    one = EarlierRuns(runs.folder).cost(with_epochs(cfg, 1))
    runs.add("here", 7)
    other = EarlierRuns(runs.folder).cost(with_epochs(cfg, 1))
    assert (one and one.seconds, other and other.seconds) == (100, 7)


def test_other_models_other_films_and_what_is_not_whole_tell_nothing(runs: Runs, cfg: TrainConfig) -> None:
    runs.add("failed", 5, state="failed")
    runs.add("resumed", 5, resumed="2026-01-01T00:00:00+00:00")
    (runs.add("damaged", 5) / "config.yaml").write_bytes(b"\x80")
    (runs.add("of another version", 5) / "config.yaml").write_text("seed: 1\n")
    assert EarlierRuns(runs.folder).cost(cfg) is None
    runs.add("whole", 5)
    earlier = EarlierRuns(runs.folder)
    assert earlier.cost(cfg)
    assert earlier.cost(replace(cfg, seed=7))
    assert earlier.cost(replace(cfg, model=replace(cfg.model, pooling="cls"))) is None
    assert earlier.cost(replace(cfg, data=replace(cfg.data, max_tokens=77))) is None


def test_what_is_printed(runs: Runs, cfg: TrainConfig, capsys: pytest.CaptureFixture[str]) -> None:
    finished = runs.add("made_0123456789", 65)
    unknown = replace(cfg, model=replace(cfg.model, pooling="cls"))
    jobs = [
        Job(0, [], ["seed=1"], [finished], with_epochs(cfg, 1), ""),
        Job(1, [], ["seed=2"], [runs.folder / "no_9876543210"], with_epochs(cfg, 2), ""),
        Job(2, [], ["model.pooling=cls"], [runs.folder / "no_9876543211"], unknown, ""),
    ]
    print_plan(jobs, runs.folder.parent, overwrite=False)
    told = capsys.readouterr().out
    assert "about 2 min 10 s\n" in told
    assert "3 jobs, 1 of them finished before, 2 to run: about 2 min 10 s one after another, 1 MB on disk, and" in told
    assert "and 1 of which no earlier run tells." in told
    print_plan(jobs[:2], runs.folder.parent, overwrite=True)
    assert "2 jobs, 0 of them finished before, 2 to run: about 3 min 15 s" in capsys.readouterr().out
    print_plan(jobs[2:], runs.folder.parent, overwrite=False)
    assert "1 to run; for how long is not known: no earlier run" in capsys.readouterr().out
    print_plan(jobs[:1], runs.folder.parent, overwrite=False)
    assert "1 jobs, 1 of them finished before, 0 to run.\n" in capsys.readouterr().out
    print_search_plan(jobs[:2], runs.folder.parent, trials=30, finished=10)
    assert "30 jobs, 10 of them finished before, 20 to run: about 32 min 30 s" in capsys.readouterr().out


def test_a_dry_run_checks_every_job_and_runs_none(sweeps: SweepRunner) -> None:
    done = sweeps.run("seed=1,2", *BATCH, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "2 jobs, 0 of them finished before, 2 to run; for how long is not known" in done.stdout
    assert not {"runs", "sweeps"} & {folder.name for folder in sweeps.outputs.iterdir()}
    refused = sweeps.run("loss=focal", "loss.gamma=1,-1", "--dry-run")
    assert refused.returncode == 2
    assert "[job 1: loss.gamma=-1]" in refused.stderr


@pytest.mark.parametrize("script", ["train", "compare"])
def test_a_dry_run_is_of_a_sweep(script: str) -> None:
    done = call(script, "--dry-run")
    assert (done.returncode, done.stderr) == (
        2,
        "error: --dry-run: tells what a sweep would run, such as train.py -m loss=bce,focal --dry-run\n",
    )
