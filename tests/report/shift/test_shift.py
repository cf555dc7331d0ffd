"""A finished run on texts from elsewhere, by the real command line."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, jaccard_score

import genre
from genre.runs import RunFolder
from genre.runs.films import kept_films
from tests.commands import call

QUICK = ["logger=csv", "report.resamples=40", "report.plots=false", "features=bow", "features.tokens=words"]
ASKED = ["data.text=[description]", "data.labels_from=labels", "resamples=40"]


@pytest.fixture(scope="module")
def run(sample_products: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Read it, do not change it."""
    outputs = tmp_path_factory.mktemp("outputs")
    settings = [*QUICK, "baseline.C=[1]", f"data.dir={sample_products}", f"paths.outputs={outputs}"]
    made = call("baseline", *settings)
    assert made.returncode == 0, made.stderr
    (folder,) = (outputs / "runs").iterdir()
    return RunFolder(folder)


@pytest.fixture
def films(run: RunFolder) -> pd.DataFrame:
    """Films that the run has not learnt from, three times as many of them Comedies, and one without a text."""
    test = kept_films(run).films("test")
    labels = test["genres"].str.replace("Sci-Fi", "sci fi").str.replace("Film-Noir", "Noir")
    table = pd.DataFrame({"id": test["movie_id"], "description": test["description"], "labels": labels})
    comedies = table[table["labels"].str.contains("Comedy")]
    more = pd.concat([table, comedies, comedies], ignore_index=True)
    more["id"], more["description"] = more.index.astype(str), more["description"] + [f" No {n}." for n in more.index]
    return pd.concat([more, pd.DataFrame([["x", "...", "Drama"]], columns=more.columns)], ignore_index=True)


def content(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def test_scores_shares_and_labels_are_those_of_the_texts(run: RunFolder, films: pd.DataFrame, tmp_path: Path) -> None:
    films.to_csv(tmp_path / "films.csv", index=False)
    before = content(run.path)
    done = call(
        "shift", f"run={run.path}", f"data.file={tmp_path}/films.csv", *ASKED, f"paths.outputs={tmp_path}",
        warnings="error",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert content(run.path) == before
    finding, page = done.stdout.splitlines()[-2:]
    (folder,) = (tmp_path / "reports" / "shift").iterdir()
    assert page == f"Page: {folder / 'report.html'}"

    films = films[:-1]  # of the last one nothing is said
    model = genre.load(run.path)
    labels = [label for label in model.labels if label != "Film-Noir"]
    truth = np.array(
        [[label in cell.replace("sci fi", "Sci-Fi").split("|") for label in labels] for cell in films["labels"]]
    )
    said = np.array([[label in found for label in labels] for found in model.predict(films["description"].tolist())])
    scores = pd.read_csv(folder / "tables" / "scores.csv").set_index("on").loc["these texts"]
    met = said.any(axis=1)  # others get a label where Film-Noir is not asked about
    assert met.mean() > 0.9
    expected = jaccard_score(truth, said, average="samples", zero_division=0)
    assert scores["jaccard"] == pytest.approx(expected, abs=1 - met.mean() + 1e-4)
    assert f"{scores['jaccard']:.3f} here" in finding
    table = pd.read_csv(folder / "tables" / "labels.csv").set_index("label")
    assert table.index.tolist() == labels
    np.testing.assert_allclose(table["share, here"], truth.mean(axis=0), atol=1e-4)
    np.testing.assert_allclose(table["texts"], truth.sum(axis=0))
    drama = labels.index("Drama")
    assert table.loc["Drama", "F1, here"] == pytest.approx(f1_score(truth[:, drama], said[:, drama]), abs=0.02)
    val = kept_films(run).part_truth("val").labels[:, model.labels.index("Comedy")]
    assert table.loc["Comedy", "share, run"] == pytest.approx(val.mean(), abs=1e-4)
    assert table.loc["Comedy", "share, found"] > table.loc["Comedy", "share, run"]  # there are more of them, unasked
    text = (folder / "report.html").read_text()
    for told in ("The run does not know Noir.", "do not know them: Film-Noir.", "without a text"):
        assert told in text


def test_what_cannot_be_asked_ends_in_one_line(run: RunFolder, films: pd.DataFrame, tmp_path: Path) -> None:
    films.to_csv(tmp_path / "films.csv", index=False)
    films.assign(labels="Cats|Dogs").to_csv(tmp_path / "pets.csv", index=False)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("dear diary")
    own = run.config().data
    asked = [f"run={run.path}", *ASKED, f"paths.outputs={tmp_path}"]
    for arguments, message in (
        ([*asked, f"data.file={tmp_path}/pets.csv"], "share fewer than two names"),
        ([*asked, f"data.file={tmp_path}/none.csv"], "none.csv"),
        ([*asked, f"data.file={tmp_path}/films.csv", f"output={tmp_path}/full"], "holds diary.txt"),
        ([f"run={run.path}", "data=sample", f"data.dir={own.dir}"], "are those that the run was trained on"),
        ([*asked, f"data.file={tmp_path}/films.csv", "resamples=3"], "resamples=3: must be at least 40"),
    ):
        done = call("shift", *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert message in done.stderr
