"""The command lines, as real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genre.paths import PROJECT_ROOT
from genre.runs import RunFolder
from tests.commands import Command, call, script

GAMMA = "'gamma' belongs to loss=class_balanced_focal, loss=distribution_balanced, loss=focal, loss=hill, loss=splc"
TINY = ["model=tiny", "trainer=smoke", "trainer.progress_bar=false", "logger=csv"]


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["loss=focl"], "did you mean 'focal'?"),
        (["loss.gama=2"], GAMMA),
        (
            ["loss=bce", "loss.gamma=2"],
            GAMMA,
        ),
        (["+trainer.foo=1"], "trainer.foo: no such setting"),
        (["data.size=-3"], "data.size=-3"),
        (["seed=abc"], "seed=abc"),
        (["data.text=a,b"], "data.text=[a,b]"),
        (["data.raw=/nowhere"], "kaggle.com"),
        (["loss.gama=2", "--cfg", "job"], GAMMA),
        (["--cfg", "job", "--package", "loss", "seed=abc"], "seed=abc"),
        (["loss=focal", "loss.alpha=2"], "loss.alpha=2: must lie between 0 and 1"),
        (["data.text=[titel]"], "data.text=['titel']: must be a list of some of title, year, description"),
        (["trainer.accelerator=mps"], "torch sees no such device here"),
        (["sweep=losses"], "sweep=losses: is for several runs"),
        (["model.pretrained=/nowhere"], "model.pretrained=/nowhere: no such folder"),
        (["metric=val/jacard"], "did you mean 'jaccard'?"),
    ],
)
def test_a_mistake_ends_with_one_line_and_code_2(overrides: list[str], told: str, tmp_path: Path) -> None:
    done = call("train", *overrides, f"paths.outputs={tmp_path}")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert told in line
    assert not list(tmp_path.iterdir())  # neither a run that failed nor what a logger keeps of it


def test_a_mistake_with_its_traceback_for_those_who_ask() -> None:
    done = call("train", "data.size=-3", GENRE_DEBUG="1")
    assert done.returncode == 2
    assert "Traceback" in done.stderr


def in_an_interpreter(program: str) -> list[str]:
    """The lines that a new one prints."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_help_needs_no_heavy_import() -> None:
    """One interpreter for all commands: what the first one imported, a later one would not import again."""
    program = """
import contextlib, io, pathlib, runpy, sys
sys.argv[1:] = ["--help"]
for file in sorted(pathlib.Path("scripts").glob("*.py")):
    before = set(sys.modules)
    with contextlib.redirect_stdout(io.StringIO()) as told:
        runpy.run_path(str(file), run_name="__main__")
    print(file.stem, "Example" in told.getvalue(), *sys.modules.keys() - before)
"""
    lines = [line.split() for line in in_an_interpreter(program)]
    assert {name for name, *_ in lines} == {file.stem for file in (PROJECT_ROOT / "scripts").glob("*.py")}
    assert {exampled for _, exampled, *_ in lines} == {"True"}
    imported = {module for _, _, *modules in lines for module in modules}
    assert "hydra" in imported
    assert not imported & {"torch", "pandas", "transformers", "wandb", "matplotlib", "scipy", "sklearn", "gensim"}


def test_making_and_looking_at_the_films_needs_no_torch() -> None:
    program = "import sys, genre.imdb.download, genre.imdb.prepare, genre.report.explore; print('torch' in sys.modules)"
    assert in_an_interpreter(program) == ["False"]


def test_the_whole_way_on_the_command_line(tmp_path: Path) -> None:
    genres = "data.genres=[Drama,Comedy,Horror,War,Sport]"  # drawn in a quarter of the time of 21
    made = call("train", *TINY, genres, "report.resamples=50", "seeds=2", f"paths.outputs={tmp_path}")
    assert made.returncode == 0, made.stderr
    run, other = (RunFolder(path) for path in sorted((tmp_path / "runs").iterdir()))
    assert str(run.path) in made.stdout
    assert str(other.path) in made.stdout
    assert "Test: 2 seeds" in made.stdout
    assert sorted((run.config().seed, "seed-2" in run.path.name) for run in (run, other)) == [(1, False), (2, True)]
    table, page = sorted((tmp_path / "seeds").iterdir())
    assert (table.suffix, page.suffix) == (".csv", ".html")
    for own in (run.page, other.page):
        assert f"../runs/{own.parent.parent.name}/report/report.html" in page.read_text()
        assert f"Page: {own}" in made.stdout
        assert "seeds=2" in own.read_text()  # as it was typed
    assert (run.report / "errors.html").is_file()
    assert list(run.plots.glob("*.png"))
    metrics = run.metrics()
    arguments = ["report.plots=false", "report.resamples=50"]
    again = call("evaluate", f"run={run.path}", f"beside=[{other.path}]", *arguments)
    assert again.returncode == 0, again.stderr
    assert run.metrics() == metrics
    assert "paired bootstrap against" in again.stdout
    nowhere = call("evaluate", f"run={run.path}", "beside=[/nowhere]")
    assert nowhere.returncode == 2
    assert nowhere.stderr.startswith("error: beside=/nowhere: no run folder")
    assert nowhere.stderr.count("\n") == 1
    said = call("predict", f"run={run.path}", "text=When a boy's dog, 'Rex', finds ${gold}: trouble = fun \\ more")
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip()
    missing = call("predict", "run=/nowhere", "text=x")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)


def test_ctrl_c_leaves_a_run_that_can_be_continued(tmp_path: Path) -> None:
    endless = ["trainer.max_epochs=2000", "trainer.patience=2000"]
    process = Command(script("train"), [*TINY, f"paths.outputs={tmp_path}", *endless], os.environ)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("runs/*/checkpoints/last.ckpt")) and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 130
    assert told.strip().endswith("interrupted")
    (status,) = tmp_path.glob("runs/*/status.json")
    assert json.loads(status.read_text())["state"] == "interrupted"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = call("train", *TINY, f"paths.outputs={tmp_path}/deeper")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
