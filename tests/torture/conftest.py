"""Commands that are killed, and kept from writing."""

import shutil
from pathlib import Path

import pytest

from genre.runs import RunFolder
from tests.torture.scenes import CLASSICAL, FEW, PREPARED, RECORDS, SMALL, Scene

FILMS = 4000  # rows of a file to predict: more than are answered at a time


@pytest.fixture(scope="session")
def scenes(
    sample_products: Path, finished_run: RunFolder, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Scene]:
    """Commands by name; what they read is made before any is killed."""
    folder = tmp_path_factory.mktemp("scenes")
    rows = "".join(f"{number},A ferryman rows {number} people over a river.\n" for number in range(FILMS))
    (folder / "films.csv").write_text(f"number,description\n{rows}")
    for number in (1, 2):
        copy = folder / "runs" / f"run_000000000{number}"
        shutil.copytree(finished_run.path, copy, ignore=shutil.ignore_patterns("plots", "report"))
    data = f"data.dir={sample_products}"
    return {
        "train": Scene("train", lambda out: [*SMALL, f"paths.outputs={out}", data], RECORDS),
        "baseline": Scene("baseline", lambda out: [*CLASSICAL, f"paths.outputs={out}", data], RECORDS),
        "prepare": Scene("prepare", lambda out: [f"data.dir={out}", "processes=1", "verbose=0"], PREPARED),
        "predict": Scene(
            "predict",
            lambda out: [f"run={finished_run.path}", f"input={folder}/films.csv", f"output={out}/said.csv"],
            ("said.csv",),
        ),
        "compare": Scene(
            "compare", lambda out: [f"runs=[{folder}/runs]", f"output={out}/compared", *FEW], (".csv", ".json")
        ),
        "evaluate": Scene("evaluate", lambda out: [f"run={out}/run", *FEW], RECORDS),
        "sweep": Scene("train", lambda out: ["-m", *SMALL, "loss=bce,focal", f"paths.outputs={out}", data], RECORDS),
    }
