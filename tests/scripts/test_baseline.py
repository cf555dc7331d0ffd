"""`scripts/baseline.py` as a person calls it, and its runs among others."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from genre.paths import PROJECT_ROOT
from genre.runs import RunFolder
from tests.commands import call

QUICK = ["logger=csv", "report.resamples=80", "report.plots=false", "data.size=300", "features.tokens=words"]


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["baseline=logrg"], "did you mean 'logreg'?"),
        (["baseline=knn", "baseline.C=[1]"], "'C' belongs to baseline=linear_svm, baseline=logreg"),
        (["features=bow", "features.sublinear_tf=true"], "'sublinear_tf' belongs to features=tfidf"),
        (["features.tokens=stems"], "features.tokens=stems: must be one of words, lemmas"),
        (["loss=focal"], "loss"),
    ],
)
def test_a_mistake_ends_with_one_line_and_code_2(overrides: list[str], told: str, tmp_path: Path) -> None:
    done = call("baseline", *overrides, f"paths.outputs={tmp_path}")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert told in line


def test_help_needs_no_heavy_import() -> None:
    program = "import runpy, sys; sys.argv[1:] = ['--help']; runpy.run_path('scripts/baseline.py', run_name='__main__')"
    command = [sys.executable, "-X", "importtime", "-c", program]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert "baseline: knn, linear_svm, logreg" in done.stdout
    imported = set(re.findall(r"\|\s+(\w+)$", done.stderr, re.MULTILINE))
    assert not imported & {"torch", "pandas", "sklearn", "gensim", "wandb"}


@pytest.mark.slow
def test_a_grid_and_its_comparison_with_a_network(
    finished_run: RunFolder, sample_products: Path, tmp_path: Path
) -> None:
    outputs = [f"paths.outputs={tmp_path}", f"data.dir={sample_products}"]
    done = call("baseline", "-m", "baseline=logreg,knn", "features=bow", *QUICK, *outputs)
    assert done.returncode == 0, done.stderr
    assert "2 completed" in done.stdout
    runs = [RunFolder(path) for path in sorted((tmp_path / "runs").iterdir())]
    assert [made.path.name.split("_")[0] for made in runs] == ["baseline-knn", "baseline-logreg"]
    shutil.copytree(finished_run.path, tmp_path / "runs" / "loss-focal_0123456789")
    compared = call(
        "compare",
        f"runs=[{tmp_path}/runs]",
        f"output={tmp_path}/compared",
        "report.resamples=80",
        f"against={runs[0].path}",
    )
    assert compared.returncode == 0, compared.stderr
    table = pd.read_csv(tmp_path / "compared" / "runs.csv")
    assert len(table) == 3
    assert table["val/jaccard"].is_monotonic_decreasing
    assert {"baseline", "loss"} <= set(table)

    said = call("predict", f"run={runs[1].path}", "text=Two friends fall in love at a wedding.")
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip()
