"""The report of a run: its tables, against scikit-learn and the run's own records, and what it refuses."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import classification_report

from genre.config import ReportConfig
from genre.errors import UserError
from genre.metrics import holm, paired_bootstrap
from genre.metrics.names import METRICS
from genre.metrics.significance import RESAMPLES
from genre.report.console import print_run
from genre.report.document import as_text, markdown
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.predictions import read_predictions

ALL = ReportConfig(plots=True, resamples=50, reference_genre=None)
TABLES = ReportConfig(plots=False, resamples=50, reference_genre=None)


def table(run: RunFolder, name: str) -> pd.DataFrame:
    return pd.read_csv(run.path / "report" / f"{name}.csv")


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_averages_and_genres_are_those_of_scikit_learn(make_run) -> None:
    run = make_run("loss-bce_0123456789", films=200)
    write_report(run, TABLES)
    predictions = read_predictions(run)
    for title, part in (("test", predictions.test), ("validation", predictions.val)):
        expected = classification_report(
            part.targets, part.predicted, target_names=predictions.genres, output_dict=True, zero_division=0
        )
        averages = table(run, "averages").query(f"part == '{title}'").set_index("average")
        for average in ("samples", "micro", "macro", "weighted"):
            of_sklearn = [expected[f"{average} avg"][score] for score in ("precision", "recall", "f1-score")]
            np.testing.assert_allclose(
                averages.loc[average, ["precision", "recall", "f1"]].tolist(), of_sklearn, atol=1e-5
            )
        if title == "test":
            genres = table(run, "per_genre").set_index("genre")
            for genre in predictions.genres:
                of_sklearn = [expected[genre][score] for score in ("precision", "recall", "f1-score", "support")]
                columns = ["precision", "recall", "f1", "support"]
                np.testing.assert_allclose(genres.loc[genre, columns].tolist(), of_sklearn, atol=1e-5)
            assert genres["training_films"].is_monotonic_decreasing


def test_the_document_says_what_the_records_say(make_run) -> None:
    run = make_run("loss-bce_decision-global_0123456789")
    write_report(run, TABLES)
    told = (run.path / "report" / "report.md").read_text()
    metrics, intervals = run.metrics(), json.loads(run.intervals_file.read_text())
    assert told.startswith("# loss-bce_decision-global\n")
    cells = []
    for part in ("test", "val"):
        low, high = intervals[f"{part}/jaccard"]
        cells.append(f"{metrics[f'{part}/jaccard']:.3f} ({low:.3f}–{high:.3f})")
    assert f"| Jaccard (samples) | {' | '.join(cells)} |" in told
    cells = [f"{metrics[f'{part}/fallback_share']:.3f}" for part in ("test", "val")]
    assert f"| Films under every threshold | {' | '.join(cells)} |" in told
    assert "95 % bootstrap intervals over films. Those of macro means lean downwards" in told
    assert "![" not in told
    assert "nan" not in told.lower()
    assert not (run.path / "plots").exists()


def test_runs_beside_each_other(make_run, capsys: pytest.CaptureFixture[str]) -> None:
    long = "loss-log_weighted_bce_decision-per_label_optimizer.learning_rate-0.0002_seed-2"
    one, other = make_run("loss-bce_0123456789"), make_run(f"{long}_9876543210", seed=2)
    write_report(one, TABLES, [other])
    names = ["loss-bce", long]
    compared = table(one, "comparison").set_index("metric")
    for name, run in zip(names, (one, other), strict=True):
        assert compared.loc["Jaccard (samples)", name] == pytest.approx(run.metrics()["test/jaccard"], abs=1e-6)
        f1 = pd.read_csv(run.per_genre_file).set_index("genre")["f1"]
        own = table(one, "comparison_per_genre").set_index("genre")[name]
        np.testing.assert_allclose(own, f1[own.index], atol=1e-6)
    assert f"| metric | loss-bce | {long} |" in (one.path / "report" / "report.md").read_text()

    print_run(one, [other])
    said = capsys.readouterr().out
    assert f"{other.metrics()['test/hamming_loss']:.3f}" in said.partition("beside others")[2]
    tables, _, _ = said.partition("Run folder:")
    assert max(map(len, tables.splitlines())) <= 80
    assert "…" not in tables
    assert "seed-2" in tables  # the end of the long name, in a line of its own


def test_a_metric_that_an_earlier_run_lacks_is_left_out(make_run) -> None:
    one, other = make_run("a_0123456789"), make_run("b_9876543210", seed=2)
    metrics = {name: value for name, value in other.metrics().items() if not name.endswith("/log_loss")}
    other.metrics_file.write_text(json.dumps(metrics))
    write_report(one, TABLES, [other])
    assert "Log loss" not in set(table(one, "comparison")["metric"])
    assert "Log loss" in set(table(one, "metrics")["metric"])


def test_the_difference_of_two_runs_is_their_paired_bootstrap(make_run, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = make_run("loss-bce_0123456789"), make_run("loss-focal_9876543210", seed=2)
    write_report(one, TABLES, [other])
    told = table(one, "difference_1").set_index("metric").loc["Jaccard (samples)"]
    first, second = (read_predictions(run).test for run in (one, other))
    expected = paired_bootstrap(
        (second.probabilities, second.predicted),
        (first.probabilities, first.predicted),
        first.targets,
        resamples=RESAMPLES * len(METRICS),
    )
    expected = expected[expected["metric"].isin(METRICS) & (expected["metric"] != "cardinality_true")]
    expected = expected.assign(p=holm(expected["p_value"].tolist()))  # over all metrics that are told
    row = expected.set_index("metric").loc["jaccard"]
    assert told["difference"] == pytest.approx(told["this run"] - told["other run"], abs=2e-6)
    assert told["this run"] == pytest.approx(one.metrics()["test/jaccard"], abs=1e-6)
    for name, column in (("difference", "difference"), ("difference_low", "low"), ("p", "p")):
        assert told[name] == pytest.approx(row[column], abs=1e-6)
    assert (told["significant"] == "yes") == (row["p"] < 0.05)
    print_run(one, [other])
    said = " ".join(capsys.readouterr().out.split())
    assert "paired bootstrap against loss-focal" in said
    for text in (said, (one.report / "report.md").read_text(), (one.report / "report.html").read_text()):
        assert "this run less the other" in text
        assert "over the metrics of one table, not over several runs" in text


def test_an_f1_that_no_resample_moves_has_no_interval(make_run, capsys: pytest.CaptureFixture[str]) -> None:
    run = make_run("a_0123456789")
    genres = pd.read_csv(run.per_genre_file)
    genres.loc[genres["genre"] == "Drama", ["f1", "f1_low", "f1_high"]] = 0.0  # nothing is found, in no resample
    genres.to_csv(run.per_genre_file, index=False)
    write_report(run, TABLES)
    print_run(run)
    said = capsys.readouterr().out
    assert "0.00–0.00" not in said
    assert re.search(r"^Drama .*\(", said, re.MULTILINE) is None
    assert re.search(r"^Comedy .*\(", said, re.MULTILINE)


def test_a_dash_is_never_taken_for_a_minus() -> None:
    frame = pd.DataFrame({"difference": [0.2, -0.1], "difference_low": [0.1, -0.3], "difference_high": [0.3, -0.05]})
    assert as_text(frame)["difference"].tolist() == ["0.200 (0.100 to 0.300)", "-0.100 (-0.300 to -0.050)"]
    assert as_text(frame.iloc[:1])["difference"].tolist() == ["0.200 (0.100–0.300)"]


def test_runs_with_one_label_are_told_apart_by_their_hash(make_run) -> None:
    one, other = make_run("default_0123456789"), make_run("default_9876543210", seed=2)
    write_report(one, TABLES, [other])
    assert {"default_0123456789", "default_9876543210"} <= set(table(one, "comparison").columns)


def test_what_cannot_be_compared(make_run) -> None:
    run = make_run("loss-bce_0123456789")
    with pytest.raises(UserError, match="loss-bce_0123456789: is the run itself, or named twice"):
        write_report(run, ALL, [run])
    with pytest.raises(UserError, match=r"its genres are others \(War only"):
        write_report(run, ALL, [make_run("drop_0123456789", "data.drop_genres=[War]")])
    with pytest.raises(UserError, match="its test films or their genres are others"):
        write_report(run, ALL, [make_run("start_0123456789", start=1)])


@pytest.mark.parametrize("name", ["intervals_file", "predictions_file"])
def test_a_run_that_lacks_a_record_names_the_command_that_makes_it(make_run, name: str) -> None:
    run = make_run("loss-bce_0123456789")
    file: Path = getattr(run, name)
    file.unlink()
    with pytest.raises(UserError, match=f"{file}: is missing; python scripts/evaluate.py run={run.path} writes it"):
        write_report(run, ALL)


def test_films_that_are_gone_leave_the_old_report_as_it_was(make_run, tmp_path: Path) -> None:
    run = make_run("loss-bce_0123456789")
    write_report(run, TABLES)
    before = content(run.path / "report")
    gone = read_predictions(run).test.movie_ids[0]
    films = pd.read_parquet(run.films_file)
    films[films["movie_id"] != gone].to_parquet(run.films_file)
    with pytest.raises(UserError, match=rf"films.parquet: 1 of the films are missing \({gone}\)"):
        write_report(run, TABLES)
    assert content(run.path / "report") == before


def test_cells_as_people_read_them() -> None:
    numbers = pd.DataFrame(
        {
            "genre": ["War", "a|b"],
            "f1": [0.5, np.nan],
            "f1_low": [0.25, np.nan],
            "f1_high": [0.75, np.nan],
            "n": [1234, 0],
        }
    )
    assert as_text(numbers, digits=2).to_numpy().tolist() == [["War", "0.50 (0.25–0.75)", "1,234"], ["a|b", "–", "0"]]
    texts = as_text(numbers, digits=1, intervals=False)
    assert markdown(texts) == "| genre | f1 | n |\n| --- | ---: | ---: |\n| War | 0.5 | 1,234 |\n| a\\|b | – | 0 |\n"
