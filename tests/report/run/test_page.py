"""The page of a run: what it says, that what a run holds is text, and that it lasts when the folder is moved."""

import html
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from genre.config import ReportConfig
from genre.metrics.names import METRICS
from genre.report.run import write_report
from genre.runs import RunFolder
from tests.browser import in_browser

PLOTS = ReportConfig(plots=True, resamples=50, reference_genre=None)
TABLES = ReportConfig(plots=False, resamples=50, reference_genre=None)
HOSTILE = "</dd><script>alert(1)</script><img src=x onerror=alert(1)>"
FEW = "data.genres=[Drama,Comedy,War]"


def set_history(run: RunFolder, *starts: list[dict[str, float]]) -> None:
    for number, rows in enumerate(starts):
        folder = run.history / f"version_{number}"
        folder.mkdir(parents=True)
        pd.DataFrame(rows).to_csv(folder / "metrics.csv", index=False)


def epoch(number: int, training: float, validation: float, jaccard: float, rate: float) -> list[dict[str, float]]:
    """The rows that a logger writes of an epoch."""
    steps = [{"epoch": number, "train/loss": 9, "train/learning_rate": value} for value in (1.0, rate)]
    return [
        *steps,
        {"epoch": number, "val/loss": validation, "val/jaccard": jaccard},
        {"epoch": number, "train/loss_epoch": training},
    ]


@pytest.fixture
def run(make_run) -> RunFolder:
    """A run of three epochs that was cut off within the second one, and says in all places what would be markup."""
    run = make_run("loss-focal_0123456789", "loss=focal", FEW, thresholds=(0.6, 0.7, 0.8))
    first = [*epoch(0, 0.5, 0.6, 0.2, 3e-4), *epoch(1, 0.9, 0.9, 0.9, 9e-4)[:2]]
    set_history(run, first, [*epoch(1, 0.4, 0.5, 0.45, 2e-4), *epoch(2, 0.3, 0.55, 0.4, 0)])
    made = {"command": f"python scripts/train.py data.file={HOSTILE}", "data_fingerprint": HOSTILE}
    made |= {"genre": "0.1.0", "git_revision": "abcdef0123456789", "code_fingerprint": HOSTILE}
    run.environment_file.write_text(json.dumps(made | {"gpu": HOSTILE, "precision": HOSTILE}))
    run.status_file.write_text(json.dumps({"state": "completed", "started": "2031-05-06T07:08:09+00:00"}))
    return run


def cells(page: str, table: str) -> list[list[str]]:
    """Head and rows of a table."""
    (body,) = re.findall(rf'<table id="table-{table}"[^>]*>(.*?)</table>', page, re.DOTALL)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in row] for row in found]


def test_what_the_page_says(run: RunFolder) -> None:
    write_report(run, TABLES)
    page = run.page.read_text()
    for told in ("python scripts/train.py", "2031-05-06 07:08 UTC", "genre 0.1.0, revision abcdef0123", "2 of 3"):
        assert told in page
    low, high = json.loads(run.intervals_file.read_text())["test/jaccard"]
    jaccard = f"{run.metrics()['test/jaccard']:.3f}"
    assert f"<dd>{jaccard}\n{low:.3f}–{high:.3f}</dd>" in page
    metrics = {name: values for name, *values in cells(page, "metrics")}
    assert metrics[METRICS["jaccard"]][0] == f"{jaccard} ({low:.3f}–{high:.3f})"
    head, *epochs = cells(page, "epochs")
    assert head == ["epoch", "best", "training loss", "validation loss", "val/jaccard", "learning rate"]
    assert epochs == [
        ["1", "", "0.5000", "0.6000", "0.2000", "3.00e-04"],
        ["2", "best", "0.4000", "0.5000", "0.4500", "2.00e-04"],  # as the second start has it
        ["3", "", "0.3000", "0.5500", "0.4000", "0.00e+00"],
    ]
    settings = {name: values for name, *values in cells(page, "settings")}
    assert settings["loss"] == ["focal", "bce"]
    assert settings["model"] == ["tiny", "distilbert_small"]
    assert settings["data.genres"] == ["Drama, Comedy, War", "none"]
    assert "alpha: " in page.partition("<pre>")[2].partition("</pre>")[0]  # as it was resolved


def test_genres_with_their_counts_and_thresholds(run: RunFolder) -> None:
    write_report(run, TABLES)
    head, *rows = cells(run.page.read_text(), "per_genre")
    records = pd.read_csv(run.per_genre_file).set_index("genre")
    thresholds = json.loads(run.thresholds_file.read_text())
    assert len(rows) == 3
    for row in (dict(zip(head, cells, strict=True)) for cells in rows):
        own = records.loc[row["genre"]]
        right, wrong, missed = (int(row[name]) for name in ("TP", "FP", "FN"))
        assert right + missed == own["support"]
        assert right + wrong == own["predicted"]
        assert right == round(own["recall"] * own["support"])
        assert float(row["threshold"]) == pytest.approx(thresholds[row["genre"]])
        assert row["F1"].startswith(f"{own['f1']:.2f}")


def test_what_a_run_holds_is_text_and_nothing_is_loaded(run: RunFolder) -> None:
    write_report(run, TABLES)
    for file in (run.page, run.report / "errors.html"):
        page = file.read_text()
        assert HOSTILE not in page
        assert "<img" not in page
        assert page.count("<script") == 1
        assert html.escape(HOSTILE, quote=False) in page
        assert "script-src 'sha256-" in page
        assert not re.search(r"(src|href)=\"?(https?:|//)", page)


def test_plots_and_a_moved_folder(run: RunFolder, tmp_path: Path) -> None:
    write_report(run, PLOTS)
    moved = RunFolder(tmp_path / "elsewhere" / "another name")
    moved.path.parent.mkdir()
    shutil.move(run.path, moved.path)
    page = moved.page.read_text()
    assert str(tmp_path) not in re.sub(r"<pre>.*</pre>", "", page, flags=re.DOTALL)  # all settings name folders
    assert page.count('<img src="data:image/svg+xml;base64,') == len(list(moved.plots.glob("*.svg")))
    assert "Best epoch 2 of 3: val/jaccard 0.450; the validation loss is lowest in epoch 2, 0.5000" in page
    chapters = re.findall(r'<section id="(\w+)">', page)
    assert chapters[:4] == ["settings", "learning", "scores", "genres"]
    assert "beside" not in chapters  # of what is not there nothing is said
    links = {link for link in re.findall(r'href="([^"]*)"', page) if not link.startswith("#")}
    assert links == {"errors.html"}
    assert all((moved.report / link).is_file() for link in links)
    write_report(moved, TABLES)  # and it can be reported on again where it is now
    assert "Best epoch" in moved.page.read_text()


def test_films_by_genre_and_mistake(run: RunFolder, tmp_path: Path) -> None:
    write_report(run, TABLES)
    steps = """
        const [genre, kind] = ["genre", "kind"].map((id) => document.getElementById(id));
        const shown = () => [...document.querySelectorAll("article")].filter((one) => !one.hidden)
          .map((one) => JSON.parse(one.dataset.cells));
        const choose = (name, said) => {
          [genre.value, kind.value] = [name, said];
          kind.dispatchEvent(new Event("change"));
          return shown();
        };
        told.all = choose("", "").length;
        told.missed = choose("Drama", "missed");
        told.mistakes = choose("", "missed wrong");
        told.count = document.getElementById("shown").textContent;
    """
    told = in_browser(run.report / "errors.html", steps, tmp_path)
    assert told["missed"]
    assert all(["Drama", "missed"] in film for film in told["missed"])
    assert 0 < len(told["mistakes"]) < told["all"]
    assert all({said for _, said in film} & {"missed", "wrong"} for film in told["mistakes"])
    assert told["count"] == f"{len(told['mistakes'])} of {told['all']} shown"
    assert told["faults"] == []
    assert told["loaded"] == []
