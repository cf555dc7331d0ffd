"""The plots of a run: their numbers by hand, and that they are drawn whatever the films are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib import pyplot
from matplotlib.text import Text
from PIL import Image

from genre.config import ReportConfig
from genre.decision import decide
from genre.metrics import multilabel_metrics
from genre.report.figures import style
from genre.report.run import write_report
from genre.report.run.plots import draw
from genre.report.run.plots.cooccurrence import conditional
from genre.report.run.plots.heatmaps import genre_heatmap, support_sets
from genre.report.run.plots.lengths import jaccard_against_length, jaccard_by_length
from genre.report.run.plots.precision_recall import precision_recall
from genre.report.run.plots.thresholds import threshold_curves
from genre.runs import RunFolder
from genre.runs.films import read_films
from genre.runs.predictions import read_predictions
from genre.runs.scores import read_scores

ALL = ReportConfig(plots=True, resamples=50, reference_genre=None)

ALWAYS = {"genres_high_support", "precision_recall", "reliability", "jaccard_by_length", "threshold_curves"}
FEW = "data.genres=[Drama,Comedy,War,Western]"
SMALLEST = 9  # points; a README shows figures at about 100 dots to an inch


def pictures(run: RunFolder) -> set[str]:
    """The names of a run's plots, each of them looked at."""
    folder = run.path / "plots"
    names = {file.stem for file in folder.iterdir()}
    assert {file.name for file in folder.iterdir()} == {f"{name}.{kind}" for name in names for kind in ("png", "svg")}
    for name in names:
        with Image.open(folder / f"{name}.png") as image:
            assert image.width == pytest.approx(1125, abs=2)  # 7.5 inches of 150 dots
            assert image.height > 200
            assert np.asarray(image.convert("L")).std() > 5  # not blank
        svg = (folder / f"{name}.svg").read_text()
        assert "<text" in svg
        assert ">nan<" not in svg
    return names


def test_a_run_with_all_genres_beside_another(make_run) -> None:
    thresholds = tuple(np.linspace(0.2, 0.8, 21))
    run = make_run("loss-bce_0123456789", films=200, thresholds=thresholds)
    write_report(run, ALL, [make_run("loss-focal_0123456789", films=200, seed=1)])
    assert pictures(run) == ALWAYS | {"genres_low_support", "cooccurrence", "thresholds"}
    assert pyplot.get_fignums() == []  # nothing is left open
    told = (run.path / "report" / "report.md").read_text()
    assert "![thresholds](../plots/thresholds.png)" in told
    assert "High-support genres: mean F1" in (run.path / "plots" / "genres_high_support.svg").read_text()


def test_labels_are_large_enough(make_run) -> None:
    run = make_run("loss-bce_0123456789", FEW, thresholds=(0.3, 0.4, 0.5, 0.6))
    scores, predictions = read_scores([run]), read_predictions(run)
    films = read_films(run, predictions.test.movie_ids)
    with style():
        for _, figure in draw(scores * 4, predictions, films):
            texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
            assert min(text.get_fontsize() for text in texts) >= SMALLEST


def test_genres_without_a_test_film(make_run) -> None:
    run = make_run("loss-bce_0123456789", FEW, "data.drop_genres=[War]", films=4)
    write_report(run, ALL)
    assert 0 in pd.read_csv(run.per_genre_file)["support"].tolist()
    assert pictures(run) == ALWAYS | {"genres_low_support", "cooccurrence"}


def test_one_genre_and_the_same_files_again_in_the_place_of_the_old_ones(make_run) -> None:
    run = make_run("loss-bce_0123456789", "data.genres=[Drama]", films=20)
    write_report(run, ALL)
    assert pictures(run) == ALWAYS
    first = {file.name: file.read_bytes() for file in (run.path / "plots").iterdir()}
    (run.path / "plots" / "old.png").touch()
    write_report(run, ALL)
    assert {file.name: file.read_bytes() for file in (run.path / "plots").iterdir()} == first


def test_low_support_is_under_the_median_of_training_films() -> None:
    films = pd.DataFrame({"genre": list("abcde"), "training_films": [50, 40, 30, 20, 10]})
    assert support_sets(films) == {"low": ["d", "e"], "high": ["a", "b", "c"]}
    assert support_sets(films.head(4)) == {"low": ["c", "d"], "high": ["a", "b"]}
    assert support_sets(films.assign(training_films=7)) == {"low": [], "high": list("abcde")}


def test_heat_maps_show_the_runs_in_columns_of_their_own(make_run) -> None:
    runs = [make_run(f"loss-{loss}_0123456789", FEW, seed=seed) for seed, loss in enumerate(("bce", "focal"))]
    scores = read_scores(runs)
    figure = genre_heatmap(scores, ["War", "Drama"], "low")
    for axes, run in zip(figure.axes, scores, strict=True):
        table = run.per_genre.set_index("genre").loc[["War", "Drama"]]
        shown = [text.get_text() for text in axes.texts]
        assert shown == [f"{value:.2f}" for value in table[["precision", "recall", "f1"]].to_numpy().flat]
        assert axes.get_title() == run.name
    supports = scores[0].per_genre.set_index("genre")["support"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [
        f"{genre} ({supports[genre]})" for genre in ("War", "Drama")
    ]


def test_genres_together_worked_by_hand() -> None:
    shares = conditional(torch.tensor([[1, 1, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0]]))
    np.testing.assert_allclose(shares, [[np.nan, 1 / 3, 0], [0.5, np.nan, 0], [np.nan] * 3])


def test_jaccard_by_length_worked_by_hand() -> None:
    words = pd.Series([3] * 5 + [9, 8, 7, 6, 5])
    table = jaccard_by_length(words, np.array([1, 1, 1, 1, 1, 0, 0, 1, 1, 0.5]))
    assert table[["shortest", "longest", "films", "mean"]].to_numpy().tolist() == [[3, 3, 5, 1], [5, 9, 5, 0.5]]
    assert table["margin"].tolist() == pytest.approx([0, 1.96 * np.sqrt(0.2 / 5)])
    alone = jaccard_by_length(pd.Series([4]), np.array([0.5]))
    assert alone.to_numpy().tolist() == [[4, 4, 1, 0.5, 0]]
    assert jaccard_by_length(pd.Series([4] * 99), np.ones(99))["films"].tolist() == [99]


def test_the_title_of_lengths_tells_how_sure_it_is() -> None:
    words, jaccard = pd.Series([3] * 5 + [9, 8, 7, 6, 5]), np.array([1, 1, 1, 1, 1, 0, 0, 1, 1, 0.5])
    figure = jaccard_against_length(words, jaccard)
    assert figure.get_label() == "Jaccard 1.00 for descriptions of 3 words, 0.50 ± 0.39 for 5–9 words"


def test_of_equal_genres_none_is_told_alone(make_run) -> None:
    (scores,) = read_scores([make_run("loss-bce_0123456789", FEW)])
    scores.per_genre["f1"] = scores.per_genre["genre"].map({"Drama": 0.5, "Comedy": 0.5, "War": 0.2, "Western": 0.0})
    genres = ["Drama", "Comedy", "War", "Western"]
    told = genre_heatmap([scores], genres, "low").get_label()
    assert told == "Low-support genres: mean F1 0.30, from Western 0.00 to Drama and Comedy 0.50"
    assert genre_heatmap([scores], genres[:2], "low").get_label() == "Low-support genres: mean F1 0.50"


def test_threshold_curves_are_the_metrics_of_decisions(make_run) -> None:
    predictions = read_predictions(make_run("loss-bce_0123456789", films=100))
    quarters = (predictions.val.probabilities * 4).round() / 4  # some are thresholds themselves
    predictions = replace(predictions, val=replace(predictions.val, probabilities=quarters))
    curves = threshold_curves(predictions).axes[0].lines[:3]
    thresholds = curves[0].get_xdata()
    for place in (0, 100, 150, 200, 400):
        even = torch.full((21,), float(thresholds[place]))
        expected = multilabel_metrics(decide(predictions.val.probabilities, even), predictions.val.targets)
        for curve, name in zip(curves, ("jaccard", "f1_samples", "f1_macro"), strict=True):
            assert curve.get_ydata()[place] == pytest.approx(expected[name], abs=1e-6)


def test_average_precision_is_the_area_under_the_curve(make_run) -> None:
    run = make_run("loss-bce_0123456789", films=1500)
    (scores,), predictions = read_scores([run]), read_predictions(run)
    figure = precision_recall(scores, predictions.test, predictions.genres)
    metrics, genres = scores.metrics, scores.per_genre
    averages = [metrics["test/map_micro"], *genres["average_precision"]]
    dots = [
        (metrics["test/recall_micro"], metrics["test/precision_micro"]),
        *zip(genres["recall"], genres["precision"], strict=True),
    ]
    for axes, name, average, dot in zip(figure.axes[:22], ["All", *genres["genre"]], averages, dots, strict=True):
        assert axes.get_title("left").split()[0] == name
        curve, point = axes.lines
        assert curve.get_drawstyle() == "steps-post"  # a precision holds down to the next lower recall
        recall, precision = curve.get_xdata(), curve.get_ydata()
        assert -np.diff(recall) @ precision[:-1] == pytest.approx(average, abs=0.005)  # all cells: levels are left out
        assert (point.get_xdata()[0], point.get_ydata()[0]) == dot
