"""The plots of a run."""

from collections.abc import Iterator, Sequence

import pandas as pd
from matplotlib.figure import Figure

from genre.report.document import MOST_SHOWN
from genre.report.run.plots.calibration import reliability_diagram
from genre.report.run.plots.cooccurrence import cooccurrence
from genre.report.run.plots.heatmaps import genre_heatmap, support_sets
from genre.report.run.plots.lengths import jaccard_against_length
from genre.report.run.plots.precision_recall import precision_recall
from genre.report.run.plots.thresholds import genre_thresholds, threshold_curves
from genre.runs.predictions import Predictions
from genre.runs.scores import Scores


def draw(runs: Sequence[Scores], predictions: Predictions, films: pd.DataFrame) -> Iterator[tuple[str, Figure]]:
    """The plots of the first of `runs` by name, its heat maps beside those of the others; what has no data is left out.

    Of many genres each plot shows the most frequent ones that it is about.

    Args:
        runs: on the same test films.
        predictions: of the first.
        films: rows of the clean table of its test films.
    """
    run, test, genres = runs[0], predictions.test, predictions.genres
    frequent = run.per_genre.head(MOST_SHOWN)
    for support, members in support_sets(run.per_genre).items():
        if members:
            yield f"genres_{support}_support", genre_heatmap(runs, members[:MOST_SHOWN], support)
    yield "precision_recall", precision_recall(run, test, genres)
    yield "reliability", reliability_diagram(run, test)
    if len(genres) > 1:
        yield "cooccurrence", cooccurrence(test, genres, frequent["genre"].tolist())
    yield (
        "jaccard_by_length",
        jaccard_against_length(films["description"].map(lambda text: len(text.split())), test.jaccard),
    )
    yield "threshold_curves", threshold_curves(predictions)
    if len(set(predictions.thresholds.tolist())) > 1:
        yield "thresholds", genre_thresholds(predictions, frequent)
