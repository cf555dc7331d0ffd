"""Where a job stands."""

from pathlib import Path

from genre.files import write_json
from genre.sweep.job import Job


def test_a_run_that_another_sweep_makes_under_another_name_is_found(make_settings, tmp_path: Path) -> None:
    job = Job(0, ["loss=focal"], ["loss=focal"], [tmp_path / "loss-focal_0123456789"], make_settings(tmp_path), "")
    assert (job.state, job.error) == ("waiting", "")
    made = tmp_path / "loss.alpha-0.375_loss.gamma-2_0123456789"
    made.mkdir()
    write_json(made / "status.json", {"state": "completed"})
    assert job.state == "completed"
    assert [run.path for run in job.runs] == [made]


def test_the_outcome_of_this_start_counts_more_than_what_an_earlier_one_left(make_settings, tmp_path: Path) -> None:
    job = Job(0, [], [], [tmp_path / "a_0123456789"], make_settings(tmp_path), "")
    (tmp_path / "a_0123456789").mkdir()
    write_json(tmp_path / "a_0123456789" / "status.json", {"state": "running"})
    assert job.state == "interrupted"  # or killed together with the sweep
    job.outcome = {"exit_code": 1, "error": "the job's process was killed"}
    job.note_death()
    assert (job.state, job.error) == ("failed", "the job's process was killed")
    assert job.runs[0].error == "the job's process was killed"
    write_json(tmp_path / "a_0123456789" / "status.json", {"state": "completed"})
    assert (job.state, job.error) == ("completed", "")
