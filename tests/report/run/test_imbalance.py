"""Imbalance measures in a run's report, worked out by hand."""

import json

import pandas as pd
import pytest

from genre.config import ReportConfig
from genre.report.run import write_report
from genre.runs import RunFolder

TABLES = ReportConfig(plots=False, resamples=50, reference_genre=None)


def set_training_films(run: RunFolder, counts: dict[str, int]) -> None:
    table = pd.read_csv(run.per_genre_file)
    table["training_films"] = [counts[genre] for genre in table["genre"]]
    table.to_csv(run.per_genre_file, index=False)


@pytest.fixture
def run(make_run) -> RunFolder:
    run = make_run("loss-bce_0123456789", "data.genres=[comedy,drama,war]")
    set_training_films(run, {"Comedy": 4, "Drama": 8, "War": 2})
    return run


def test_before_alone_without_oversampling(run: RunFolder) -> None:
    write_report(run, TABLES)
    table = pd.read_csv(run.report / "imbalance.csv")
    assert list(table.columns) == ["genre", "films", "irlbl"]
    assert table["genre"].tolist() == ["Drama", "Comedy", "War", "MeanIR", "CVIR"]
    # 8/8, 8/4, 8/2; their mean 7/3; their deviation (7/3)^(1/2) over the mean
    assert table["irlbl"].tolist() == pytest.approx([1, 2, 4, 7 / 3, (3 / 7) ** 0.5], abs=1e-6)
    assert table["films"][:3].tolist() == [8, 4, 2]
    text = (run.report / "report.md").read_text()
    assert "## Imbalance of the training films" in text
    assert "| War | 2 | 4.000 |" in text
    assert "| MeanIR | – | 2.333 |" in text


def test_before_and_after(run: RunFolder) -> None:
    run.oversampled_file.write_text(json.dumps({"Comedy": 5, "Drama": 10, "War": 10}))
    write_report(run, TABLES)
    table = pd.read_csv(run.report / "imbalance.csv").set_index("genre")
    assert table["films_oversampled"][:3].to_dict() == {"Drama": 10, "Comedy": 5, "War": 10}
    assert table["irlbl_oversampled"][:4].tolist() == pytest.approx([1, 2, 1, 4 / 3], abs=1e-6)
    assert "| War | 2 | 4.000 | 10 | 1.000 |" in (run.report / "report.md").read_text()


def test_a_genre_on_no_film_has_no_finite_ratio(run: RunFolder) -> None:
    set_training_films(run, {"Comedy": 4, "Drama": 8, "War": 0})
    write_report(run, TABLES)
    assert "| War | 0 | inf |" in (run.report / "report.md").read_text()
    assert pd.read_csv(run.report / "imbalance.csv")["irlbl"].tolist()[-2] == 1.5
