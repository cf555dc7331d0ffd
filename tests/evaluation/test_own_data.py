"""A table of one's own through every step from training to a page of predictions."""

import json
from pathlib import Path

import pandas as pd
import pytest

import genre
from genre.config import compose
from genre.errors import UserError
from genre.evaluation import evaluate
from genre.report.console import print_run
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.command import commands
from genre.training import train, train_baseline
from genre.use.predict import predict_file, predict_text, told
from tests.layouts import LABELS, goemotions, tmdb


@pytest.mark.usefixtures("only_laid_out")
def test_a_table_is_trained_on_evaluated_and_predicted(make_settings, tmp_path: Path, capsys) -> None:
    cfg = make_settings(tmp_path, "data=table", *tmdb(tmp_path))
    run = train(cfg, write_report)
    assert list(json.loads(run.thresholds_file.read_text())) == LABELS
    assert pd.read_csv(run.per_genre_file)["genre"].tolist() == LABELS
    assert run.config() == cfg
    before = run.metrics()
    evaluate(compose("evaluate", [f"run={run.path}"]))
    assert run.metrics() == before
    print_run(run)

    model = genre.load(run.path)
    shown = told(model, predict_text(model, "A thief finds the map.", "The Map"))
    assert "Science Fiction" in shown.partition("\n")[2]
    both = pd.DataFrame({"title": ["The Map"], "overview": ["A thief finds the map."]})
    assert shown.partition("\n")[0].split(", ") == model.predict(both)[0]
    both.to_csv(tmp_path / "new.csv", index=False)
    predict_file(model, f"{tmp_path}/new.csv", f"{tmp_path}/out.csv")
    assert pd.read_csv(tmp_path / "out.csv")["predicted_genres"].tolist() == ["|".join(model.predict(both)[0])]
    assert commands([cfg])[0][:2] == ["data=table", f"data.file={tmp_path}/tmdb_5000_movies.csv"]

    assert RunFolder.of(cfg, "another table").path != run.path
    with (tmp_path / "tmdb_5000_movies.csv").open("a") as table:
        table.write('New,Another text,"[{""name"": ""Drama""}]",0\n')
    evaluate(compose("evaluate", [f"run={run.path}"]))  # of the films that the run keeps
    assert run.metrics() == before


def test_a_baseline_on_numbers_with_a_given_split(sample_products: Path, tmp_path: Path) -> None:
    small = ["features.tokens=words", "features.min_df=1", "baseline.C=[1]", "report.resamples=50", "logger=csv"]
    places = [f"data.dir={sample_products}", f"paths.outputs={tmp_path}"]
    cfg = compose("baseline", ["data=table", *goemotions(tmp_path), *small, *places])
    run = train_baseline(cfg)
    assert list(json.loads(run.thresholds_file.read_text())) == ["joy", "grief", "anger"]
    assert (run.metrics()["val/films"], run.metrics()["test/films"]) == (6, 7)


def test_one_label_is_no_task(make_settings, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("plot,genres\n" + "".join(f"Text {row},Drama\n" for row in range(20)))
    table = [f"data.file={tmp_path}/one.csv", "data.text=[plot]", "data.labels_from=genres"]
    with pytest.raises(UserError, match="the data have one label alone, Drama: at least two are needed"):
        train(make_settings(tmp_path, "data=table", *table))
