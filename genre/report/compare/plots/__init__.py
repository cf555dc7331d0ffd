"""The plots of a comparison."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from genre.report.compare.comparison import Comparison
from genre.report.compare.plots.genres import genre_differences, genre_heatmap
from genre.report.compare.plots.grid import loss_grids
from genre.report.compare.plots.history import validation_curves
from genre.report.compare.plots.learning_curve import learning_curve
from genre.report.compare.plots.losses import loss_pictures
from genre.report.compare.plots.ranking import ranking
from genre.runs.history import read_history

Plot = tuple[str, str, Figure]


def draw(comparison: Comparison) -> Iterator[Plot]:
    """Name of the file, heading and figure of each plot that the runs give."""
    runs = comparison.runs
    if len(runs) > 1:
        yield "ranking", "Ranking", ranking(comparison)
    for number, (name, figure) in enumerate(loss_pictures(comparison), 1):
        yield _file("losses", number), f"Losses{name and f': {name}'}", figure
    for number, (name, figure) in enumerate(loss_grids(comparison), 1):
        yield _file("grid", number), f"alpha and gamma of {name}", figure
    by_films = learning_curve(comparison)
    if by_films:
        yield "learning_curve", "Training films", by_films
    yield "genres", "Genres", genre_heatmap(comparison)
    if comparison.differences:
        yield "genre_differences", "Genres against the baseline", genre_differences(comparison)
    metric = f"val/{comparison.metric.partition('/')[2]}"
    labels = dict(zip((run.scores.name for run in runs), comparison.labels, strict=True))
    curves = [(labels[run.scores.name], read_history(run.folder, metric)) for run in runs]
    baseline = labels[comparison.baseline.scores.name] if comparison.baseline else None
    validation = validation_curves(curves, metric, baseline)
    if validation:
        yield "validation", "Validation by epoch", validation


def _file(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
