"""The page as a browser shows it: tables that sort and filter, nothing loaded, no text of a run taken for markup."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
import yaml

from genre.config import compose
from genre.errors import UserError
from genre.report.compare import compare, print_comparison
from tests.browser import in_browser

FEW = "data.genres=[Drama,Comedy,War]"
HOSTILE = "<img src=x onerror=alert(1)>"


def settings(*overrides: str):
    return compose("compare", ["report.resamples=120", *overrides])


def test_sorting_and_filtering(make_run, tmp_path: Path) -> None:
    for seed, rate in ((1, 2e-5), (2, 0.001), (3, 0.01)):
        make_run(f"{seed}_0123456789", f"seed={seed}", FEW, f"optimizer.learning_rate={rate}", seed=seed)
    steps = """
        const filter = (name, words) => {
          const input = document.querySelector(`input[data-filter="table-${name}"]`);
          input.value = words;
          input.dispatchEvent(new Event("input"));
          return [rows(name).length, input.closest(".tools").querySelector("output").textContent];
        };
        told.count = rows("runs").length;
        told.ranks = [column("runs", "rank")];
        press("runs", "learning_rate"); told.rates = [column("runs", "learning_rate")];
        told.sorted = head("runs", "learning_rate").getAttribute("aria-sort");
        press("runs", "learning_rate"); told.rates.push(column("runs", "learning_rate"));
        told.sorted += " " + head("runs", "learning_rate").getAttribute("aria-sort");
        press("runs", "jaccard"); told.ranks.push(column("runs", "rank"));
        press("runs", "jaccard"); told.ranks.push(column("runs", "rank"));
        told.others = head("runs", "learning_rate").getAttribute("aria-sort");
        press("runs", "p"); told.missing = column("runs", "p").at(-1);
        press("runs", "p"); told.missing += column("runs", "p").at(-1);
        told.filters = ["", "2E-05", "baseline", "2e-05 baseline", "baseline nowhere"].map((words) => filter("runs", words));
        told.genres = filter("genres", "dra");
        press("genres", "test films");
        filter("genres", "");
        told.supports = column("genres", "test films").map(Number);
        head("runs", "rank").querySelector("button").focus();
        told.focus = document.activeElement.textContent;
    """
    folder = tmp_path / "comparison"
    compare(settings(f"runs=[{tmp_path}/runs]", "against=1", f"output={folder}"))
    told = in_browser(folder / "compare.html", steps, tmp_path)
    assert told["count"] == 3
    assert told["ranks"] == [["1", "2", "3"], ["3", "2", "1"], ["1", "2", "3"]]
    assert told["rates"] == [["2e-05", "0.001", "0.01"], ["0.01", "0.001", "2e-05"]]
    assert told["sorted"] == "ascending descending"
    assert told["others"] == "none"
    assert told["missing"] == "––"  # that of the baseline, last both ways
    counts = [3, 1, 1, 1, 0]
    assert [count for count, _ in told["filters"]] == counts
    assert [text for _, text in told["filters"]] == ["3 rows", *(f"{count} of 3 rows" for count in counts[1:])]
    assert told["genres"] == [1, "1 of 3 rows"]
    assert told["supports"] == sorted(told["supports"])
    assert told["focus"] == "rank"
    assert told["faults"] == []
    assert told["loaded"] == []


def test_texts_of_runs_are_no_markup(make_run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, failed, _ = (make_run(f"{name}_0123456789", FEW) for name in ("a", "b", "[red]c"))
    values = yaml.safe_load(run.config_file.read_text())
    values["model"]["_target_"] = "genre.models.PretrainedClassifier"
    del values["model"]["layers"], values["model"]["heads"], values["model"]["width"]
    run.config_file.write_text(yaml.safe_dump(values | {"model": values["model"] | {"pretrained": HOSTILE}}))
    failed.status_file.write_text(json.dumps({"state": "failed", "error": f"{HOSTILE} [/b]"}))
    job = {"overrides": [f"model.pretrained={HOSTILE}"], "runs": [], "state": "failed", "error": HOSTILE}
    sweep = tmp_path / "sweep"
    sweep.mkdir()
    (sweep / "sweep.json").write_text(json.dumps({"id": "x", "jobs": [job]}))
    folder = tmp_path / "comparison"
    cfg = settings(f"runs=[{tmp_path}/runs,{sweep}]", f"output={folder}", "report.plots=false")
    print_comparison(*compare(cfg))
    text = (folder / "compare.html").read_text()
    assert "<img" not in text
    assert text.count(html.escape(HOSTILE)) >= 3  # in the table of runs or a label, and twice among what was left out
    printed = " ".join(capsys.readouterr().out.split())
    assert f"Left out: b_0123456789 (failed): {HOSTILE} [/b]" in printed
    left_out = pd.read_csv(folder / "left_out.csv").set_index("name")
    assert left_out.loc[f"model.pretrained={HOSTILE}"].tolist() == ["failed", HOSTILE]
    told = in_browser(folder / "compare.html", 'told.left = column("left_out", "error");', tmp_path)
    assert told["left"].count(HOSTILE) == 1
    assert told["faults"] == []
    assert told["loaded"] == []


def test_rows_lead_to_the_pages_of_runs(make_run, tmp_path: Path) -> None:
    odd, _ = make_run("javascript:alert(1)&_0123456789", FEW), make_run("b_0123456789", FEW, seed=1)
    odd.report.mkdir()
    odd.page.write_text("its page")
    folder = odd.path.parent / "comparison"  # from where the odd name would be a scheme
    cfg = settings("runs=[x]", f"output={folder}", "report.plots=false")
    compare(replace(cfg, runs=[str(odd.path), str(odd.path.with_name("b_0123456789"))]))
    page = (folder / "compare.html").read_text()
    (link,) = re.findall(r'<td[^>]*><a href="([^"]*)">', page)
    assert (folder / unquote(link)).read_text() == "its page"
    assert ":" not in link
    for told in ("<dt>Data</dt>", "<dt>Date</dt>", "<dt>Version</dt>"):
        assert told in page


def content(folder: Path) -> dict[str, str]:
    """All files, without the time that a page tells."""
    return {file.name: re.sub(r"\d\d:\d\d UTC", "", file.read_text()) for file in folder.iterdir()}


def test_a_comparison_takes_the_place_of_the_old_one_and_of_nothing_else(make_run, tmp_path: Path) -> None:
    make_run("a_0123456789", FEW)
    folder = tmp_path / "comparison"
    cfg = settings(f"runs=[{tmp_path}/runs]", f"output={folder}", "report.plots=false")
    compare(cfg)
    first = content(folder)
    assert set(first) == {"compare.html", "compare.md", "runs.csv", "genres.csv"}
    compare(cfg)
    assert content(folder) == first
    (folder / "thesis.odt").write_text("years of work")
    with pytest.raises(UserError, match=r"holds thesis\.odt"):
        compare(cfg)
    assert (folder / "thesis.odt").read_text() == "years of work"
