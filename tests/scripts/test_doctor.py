"""`scripts/doctor.py` and `data.corrections` as a person calls them."""

from pathlib import Path

import pandas as pd
import pytest

from genre.runs import RunFolder
from tests.commands import call

QUICK = ["logger=csv", "report.resamples=40", "report.plots=false", "features=bow", "features.tokens=words"]


def test_from_a_run_to_corrections_to_a_run(sample_products: Path, tmp_path: Path) -> None:
    settings = [*QUICK, "baseline.C=[1]", "data.size=300", f"data.dir={sample_products}", f"paths.outputs={tmp_path}"]
    made = call("baseline", "cv=2", *settings)
    assert made.returncode == 0, made.stderr
    (run,) = (tmp_path / "runs").iterdir()
    done = call("doctor", f"run={run}", "limit=20", f"paths.outputs={tmp_path}", warnings="error")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "reports" / "doctor" / run.name
    verdict, page, table = done.stdout.splitlines()
    assert verdict.startswith("1,458 films, 21 genres: likely missing ")
    assert (page, table) == (f"Page: {folder / 'doctor.html'}", f"All suggestions: {folder / 'suggestions.csv'}")
    assert sorted(file.name for file in folder.iterdir()) == ["doctor.html", "genres.csv", "suggestions.csv"]
    assert (folder / "doctor.html").read_text().count("<article") == 20
    suggestions = pd.read_csv(folder / "suggestions.csv").head(20)
    marked = suggestions.assign(value=(suggestions["kind"] == "missing").astype(int))
    file = tmp_path / "corrections.csv"
    marked[["movie_id", "genre", "value"]].to_csv(file, index=False)

    again = call("baseline", *settings, f"data.corrections={file}")
    assert again.returncode == 0, again.stderr
    (other,) = set((tmp_path / "runs").iterdir()) - {run}
    assert "corrections" not in other.name
    assert RunFolder(other).config().data.corrections == str(file)
    file.write_text(f"{file.read_text()}tt0,Drama,1\n")
    refused = call("baseline", *settings, f"data.corrections={file}")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert f"error: {file}, line 22: the data have no film 'tt0'" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "error: run: has no value; give one: run=VALUE"),
        (["run=/nowhere"], "error: run=/nowhere: no run folder (it has no config.yaml); name one of outputs/runs/"),
        (["run=/nowhere", "limit=0"], "error: limit=0: must be at least 1"),
        (["run=/nowhere", "limt=5"], "no such setting in conf/doctor.yaml; did you mean 'limit'?"),
    ],
)
def test_a_mistake_ends_with_one_line_and_code_2(arguments: list[str], message: str) -> None:
    done = call("doctor", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_run_without_a_cross_validation(finished_run: RunFolder, tmp_path: Path) -> None:
    done = call("doctor", f"run={finished_run.path}", f"paths.outputs={tmp_path}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: run={finished_run.path}: has no cross-validation")
    assert done.stderr.endswith("of the same data: python scripts/baseline.py cv=5 ...\n")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "corrections.csv: no such file"),
        ("movie_id,value\n", "corrections.csv: lacks the column 'genre'; it has: movie_id, value"),
    ],
)
def test_broken_corrections(sample_products: Path, tmp_path: Path, text: str | None, message: str) -> None:
    file = tmp_path / "corrections.csv"
    if text is not None:
        file.write_text(text)
    places = [f"data.dir={sample_products}", f"paths.outputs={tmp_path}", f"data.corrections={file}"]
    done = call("train", "model=tiny", "trainer=smoke", "logger=csv", *places)
    assert done.returncode == 2
    assert f"error: {tmp_path}/{message}" in done.stderr
    assert done.stderr.count("\n") == 1
