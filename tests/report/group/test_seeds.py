"""The page of runs over seeds."""

import re
from pathlib import Path

import pandas as pd
import pytest

from genre.config import ReportConfig
from genre.report.group import write_seeds_page
from genre.report.seeds import seed_summary
from genre.runs import RunFolder

TABLES = ReportConfig(plots=False, resamples=50, reference_genre=None)
FEW = "data.genres=[Drama,Comedy,War]"


@pytest.fixture
def runs(make_run) -> list[RunFolder]:
    return [make_run(f"loss-bce_{seed}_012345678{seed}", FEW, f"seed={seed}", seed=seed) for seed in (1, 2, 3)]


def test_means_and_links_down(runs: list[RunFolder]) -> None:
    for run in runs[:2]:
        run.report.mkdir()
        run.page.write_text(run.path.name)
    file = write_seeds_page(runs, TABLES)
    assert file.parent == runs[0].path.parent.parent / "seeds"
    page = file.read_text()
    row = seed_summary(runs).set_index("metric").loc["test/jaccard"]
    assert f"<dd>{row['mean']:.3f}\n{row['low']:.3f}–{row['high']:.3f}</dd>" in page
    links = re.findall(r'<a href="([^"#]*)">([^<]*)</a>', page)
    assert [name for _, name in links] == [run.path.name for run in runs[:2]]  # the third has no page to lead to
    assert [(file.parent / link).read_text() for link, _ in links] == [run.path.name for run in runs[:2]]
    f1 = pd.concat([pd.read_csv(run.per_genre_file).set_index("genre")["f1"] for run in runs], axis=1)
    assert f"{f1.loc['War'].mean():.3f}" in re.findall(r">War</td>.*?</tr>", page, re.DOTALL)[0]


def test_what_was_moved_leads_to_what_was_moved_with_it(runs: list[RunFolder], tmp_path: Path) -> None:
    runs[0].report.mkdir()
    runs[0].page.write_text("its page")
    outputs = runs[0].path.parent.parent
    file = write_seeds_page(runs, TABLES).relative_to(outputs)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for folder in ("runs", "seeds"):
        (outputs / folder).rename(elsewhere / folder)
    (link,) = re.findall(r'<a href="([^"#]*)">', (elsewhere / file).read_text())
    assert (elsewhere / file.parent / link).read_text() == "its page"
