"""Where a job stands."""

from pathlib import Path

import pytest

from genre.errors import UserError
from genre.files import write_json
from genre.sweep.job import Job
from genre.sweep.record import SweepFolder


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


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"jobs": 7}', b'{"jobs": [{}]}', b"\xff\xfe"])
def test_a_damaged_record_of_a_sweep_is_named_with_what_mends_it(tmp_path: Path, content: bytes) -> None:
    folder = SweepFolder(tmp_path, "loss=bce,focal")
    folder.record_file.write_bytes(content)
    with pytest.raises(UserError, match=r"sweep\.json: is damaged \(.*\); delete it: runs that are finished are known"):
        folder.refuse_changes([])
    folder.record_file.unlink()
    folder.refuse_changes([])
