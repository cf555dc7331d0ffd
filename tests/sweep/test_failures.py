"""Sweeps whose jobs fail, or that are stopped, and what the same command does afterwards."""

import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from genre.runs import RunFolder
from tests.sweeps import BATCH, FINISHED, SweepRunner


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("count", [4, pytest.param(12, marks=pytest.mark.slow)])
def test_three_jobs_fail_and_only_those_are_done_again(sweeps: SweepRunner, count: int) -> None:
    jobs = [f"seed=range(1,{count + 1})", *BATCH]
    done = sweeps.run(*jobs, faults="1:value 2:exception 4:killed")
    assert done.returncode == 1, done.stderr
    failed = {0: "W&B cannot be used online", 1: "RuntimeError: something broke", 3: "killed by SIGKILL"}
    told = sweeps.record()["jobs"]
    assert [job["number"] for job in told if job["state"] == "failed"] == list(failed)
    assert [job["state"] for job in told].count("completed") == count - 3
    for number, message in failed.items():
        (run,) = (RunFolder(sweeps.folder() / path) for path in told[number]["runs"])
        assert message in told[number]["error"]
        assert run.state == "failed"
        assert run.error is not None
        assert message in run.error
    log = RunFolder(sweeps.folder() / told[1]["runs"][0]).log_file.read_text()
    assert "Traceback" in log
    assert "RuntimeError: something broke" in log
    table = done.stdout[done.stdout.index("Jobs") :].splitlines()
    assert [line.split()[0] for line in table if "failed " in line] == ["seed=1", "seed=2", "seed=4"]
    assert table.index(next(line for line in table if "failed" in line)) < table.index(
        next(line for line in table if "completed" in line)
    )
    assert f"3 failed, {count - 3} completed" in done.stdout

    before = sweeps.starts()
    done = sweeps.run(*jobs, faults="")
    assert done.returncode == 0, done.stderr
    assert f"{count} jobs, {count - 3} of them finished before" in done.stdout
    after = sweeps.starts()
    again = [RunFolder(sweeps.outputs / "runs" / name).config().seed for name in after if after[name] != before[name]]
    assert sorted(again) == [1, 2, 4]
    assert sweeps.states() == ["completed"] * count


def test_a_bad_cell_is_refused_before_the_first_job(sweeps: SweepRunner) -> None:
    done = sweeps.run("loss=focal", "loss.alpha=0.25,7,0.5")
    assert done.returncode == 2
    assert done.stderr.strip() == "error: FocalLoss: loss.alpha=7: must lie between 0 and 1 [job 1: loss.alpha=7]"
    assert not (sweeps.outputs / "runs").exists()


def test_on_failure_stop_begins_no_further_job(sweeps: SweepRunner) -> None:
    jobs = ["seed=1,2,3", "on_failure=stop", *BATCH]
    done = sweeps.run(*jobs, faults="2:killed")
    assert done.returncode == 1
    assert sweeps.states() == ["completed", "failed", "waiting"]
    assert len(sweeps.starts()) == 2
    assert "1 failed, 1 waiting, 1 completed" in done.stdout
    # the same command clears the way
    done = sweeps.run(*jobs, faults="")
    assert done.returncode == 0, done.stderr


def test_what_overwriting_did_not_get_to_does_not_pass_for_done(
    sweeps: SweepRunner, finished_sweep: SweepRunner
) -> None:
    sweeps.begin_with(finished_sweep)
    done = sweeps.run(*FINISHED, "on_failure=stop", "overwrite=true", faults="2:killed")
    assert done.returncode == 1
    assert sweeps.states() == ["completed", "failed", "waiting"]
    assert "The same command without overwrite=true goes on" in done.stdout
    starts = sweeps.starts()
    done = sweeps.run(*FINISHED, faults="")
    assert done.returncode == 0, done.stderr
    assert [name for name in starts if sweeps.starts()[name] == starts[name]]  # the first is not done again
    assert "3 jobs, 1 of them finished before" in done.stdout


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_keeps_what_is_finished_and_marks_what_was_under_way(
    sweeps: SweepRunner, finished_sweep: SweepRunner, how: signal.Signals
) -> None:
    sweeps.begin_with(finished_sweep)
    for run in sweeps.outputs.glob("runs/*_seed-*"):  # all but the first
        shutil.rmtree(run)
    process = sweeps.start(*FINISHED, faults="2:waits")
    until(lambda: len(sweeps.starts()) == 2 and any(sweeps.outputs.glob("runs/*seed-2*/checkpoints/last.ckpt")))
    process.send_signal(how)
    stdout, stderr = process.communicate()
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[how]
    assert sweeps.states() == ["completed", "interrupted", "waiting"]
    assert "1 interrupted, 1 waiting, 1 completed" in stdout
    assert "Traceback" not in stderr


def test_two_starts_at_once_do_not_collide(sweeps: SweepRunner) -> None:
    first = sweeps.start("seed=1,2", faults="1:waits")
    until(lambda: bool(list(sweeps.outputs.glob("sweeps/*/sweep.json"))))
    second = sweeps.run("seed=1,2", faults="")
    assert second.returncode == 2
    assert "another process is at work on this very sweep; wait for it" in second.stderr
    assert "Traceback" not in second.stderr
    first.kill()
    first.communicate()


def test_a_sweep_is_not_mixed_with_results_of_other_films_or_settings(
    sweeps: SweepRunner, finished_sweep: SweepRunner, tmp_path: Path
) -> None:
    sweeps.begin_with(finished_sweep)
    record = sweeps.folder() / "sweep.json"
    begun = record.read_text()
    record.write_text(begun.replace('"optimizer.weight_decay": 0.01', '"optimizer.weight_decay": 0.5'))
    changed = sweeps.run(*FINISHED)
    assert changed.returncode == 2
    assert "was begun otherwise (optimizer.weight_decay was 0.5 and is 0.01); put that back to go on" in changed.stderr
    record.write_text(begun)
    reordered = sweeps.run("report.resamples=41", *FINISHED)  # the same jobs
    assert reordered.returncode == 0, reordered.stderr
    assert "3 jobs, 3 of them finished before" in reordered.stdout
    others = ["data.min_chars=200", f"data.dir={tmp_path / 'other'}", "on_failure=stop"]
    films = sweeps.run(*FINISHED, *others, faults="1:exception")  # another sweep, of which the first job tells enough
    assert "3 jobs, 0 of them finished before" in films.stdout
    assert "1 failed, 2 waiting" in films.stdout
    assert len(list((sweeps.outputs / "sweeps").iterdir())) == 2


KEPT = ("metrics.json", "thresholds.json", "per_genre.csv", "intervals.json", "predictions.parquet")


def results(outputs: Path) -> dict[str, bytes]:
    return {f"{file.parent.name}/{name}": file.read_bytes() for name in KEPT for file in outputs.glob(f"runs/*/{name}")}


@pytest.mark.parametrize("precision", [pytest.param("32-true", marks=pytest.mark.slow), "bf16-mixed"])
def test_a_killed_sweep_gives_the_results_of_an_undisturbed_one(
    sweeps: SweepRunner, finished_sweep: SweepRunner, sample_products: Path, precision: str
) -> None:
    jobs = [FINISHED[0], f"trainer.precision={precision}"]
    calm = finished_sweep
    if jobs != [*FINISHED]:
        calm = SweepRunner(sweeps.outputs / "calm", sample_products)
        assert calm.run(*jobs).returncode == 0
    # while the second job is training after its first epoch
    process = sweeps.start(*jobs, faults="2:waits")
    until(lambda: any(sweeps.outputs.glob("runs/*seed-2*/checkpoints/last.ckpt")))
    process.kill()
    process.communicate()
    assert sweeps.run(*jobs).returncode == 0
    assert len(results(sweeps.outputs)) == 3 * len(KEPT)
    assert results(sweeps.outputs) == results(calm.outputs)


@pytest.mark.slow
def test_a_sweep_killed_ten_times_gives_the_results_of_an_undisturbed_one(
    sweeps: SweepRunner, sample_products: Path
) -> None:
    jobs = ["loss=bce,focal", "seed=1,2", "trainer.max_epochs=4"]
    calm = SweepRunner(sweeps.outputs / "calm", sample_products)
    begin = time.monotonic()
    assert calm.run(*jobs).returncode == 0
    duration = time.monotonic() - begin
    moments = random.Random(0)
    for _ in range(10):
        process = sweeps.start(*jobs)
        time.sleep(moments.uniform(0, duration))  # any moment will do, and a start that is through by then as well
        process.kill()
        process.communicate()
    assert sweeps.run(*jobs).returncode == 0
    assert len(results(sweeps.outputs)) == 4 * len(KEPT)
    assert results(sweeps.outputs) == results(calm.outputs)


def test_a_sweep_without_jobs_is_a_mistake(sweeps: SweepRunner) -> None:
    done = sweeps.run("experiment=glob(nothing*)")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: -m: there is no job: a glob(...) matches none of the names")
