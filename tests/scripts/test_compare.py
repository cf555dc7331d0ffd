"""`scripts/compare.py` as a person calls it."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from genre.report.compare.console import _folded
from genre.runs import RunFolder
from tests.commands import call


@pytest.fixture(scope="module")
def runs(finished_run: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs that differ in their seed, of the same results, and one that failed."""
    folder = tmp_path_factory.mktemp("compared") / "runs"
    for seed in (1, 2, 3):
        copy = folder / f"loss-focal_seed-{seed}_000000000{seed}"
        shutil.copytree(finished_run.path, copy, ignore=shutil.ignore_patterns("checkpoints", "model"))
        config = copy / "config.yaml"
        config.write_text(re.sub(r"^seed: 1$", f"seed: {seed}", config.read_text(), flags=re.MULTILINE))
    (copy / "status.json").write_text('{"state": "failed", "error": "no space left"}')
    return folder


def test_a_comparison(runs: Path, tmp_path: Path) -> None:
    overrides = [
        f"runs=[{runs}]",
        "against=loss-focal_seed-1",
        f"paths.outputs={tmp_path}",
        "report.resamples=50",
        "latex=true",
    ]
    done = call("compare", *overrides, warnings="error")
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "reports").glob("compare_*")
    written = [f"Page: {folder / 'compare.html'}", f"All columns: {folder / 'runs.csv'}"]
    assert done.stdout.splitlines()[-3:-1] == written
    assert "Left out: loss-focal_seed-3_0000000003 (failed): no space left" in done.stdout
    tables, _, _ = done.stdout.partition("Page:")
    assert max(map(len, tables.splitlines())) <= 100
    assert "…" not in tables
    table = pd.read_csv(folder / "runs.csv").set_index("run")
    assert table["seed"].to_dict() == {"loss-focal_seed-1": 1, "loss-focal_seed-2": 2}
    row = table.loc["loss-focal_seed-2"]
    assert (row["difference"], row["p"], row["significant"]) == (0, 1, "no")
    assert pd.read_csv(folder / "seeds.csv")["seeds"].tolist() == [2]
    for name in ("ranking", "genres", "genre_differences", "validation"):
        with Image.open(folder / "plots" / f"{name}.png") as image:
            assert image.width > 1000
        assert "<text" in (folder / "plots" / f"{name}.svg").read_text()
        assert (folder / "plots" / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    paper = (folder / "compare.tex").read_text()
    assert f"seed 1 & {table.iloc[0]['jaccard']:.3f} {{\\scriptsize(" in paper
    assert [line for line in paper.splitlines() if "begin{tab" in line].count("\\begin{table}") == 2  # runs, seeds
    assert r"run & Jaccard (samples) & F1 (samples) & F1 (macro) \\" in paper
    document = (folder / "compare.md").read_text()
    first = table.iloc[0]
    assert f"| 1 | {first['val/jaccard']:.3f} | {first['jaccard']:.3f} (" in document
    assert "| loss-focal_seed-1 |" in document
    page = (folder / "compare.html").read_text()
    sources = re.findall(r"""(?:src|href)=["']([^"']*)""", page)
    assert {source.partition(":")[0] for source in sources if not source.startswith("#")} == {"data"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["paths.outputs=/nowhere"], "error: runs=/nowhere/runs: no such folder"),
        (["runs=[]"], "error: runs=[]: must be a list of at least one folder"),
        (["runs=[/nowhere/*]"], "error: runs=/nowhere/*: no such folder, and no glob that matches one"),
        (["runs=[/nowhere]", "metrik=test/jaccard"], "no such setting in conf/compare.yaml; did you mean 'metric'?"),
    ],
)
def test_a_mistake_ends_with_one_line_and_code_2(arguments: list[str], message: str) -> None:
    done = call("compare", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_long_names_are_broken_between_their_parts() -> None:
    name = "model-probe_data.text-title-description_loss-asymmetric_seed-2"
    assert _folded(name).split("\n") == ["model-probe_data.text-title-", "description_loss-asymmetric_seed-2"]
    assert _folded("x" * 80) == "x" * 80
