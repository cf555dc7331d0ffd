"""What the view and the report of a W&B project show: the same panels for both."""

import importlib
from dataclasses import dataclass
from typing import Any

from genre.extras import extra

RANKED_BY = "val/jaccard"  # test films that choose the best run flatter it
PINNED = (RANKED_BY, "test/jaccard", "test/f1_macro", "test_known/jaccard", "test_known/f1_macro")
# setting and what it is called; what has no value for a run, such as gamma for BCE, leaves the run out of an axis
AXES = {
    "loss.name": "loss",
    "model.name": "model",
    "loss.alpha": "alpha",
    "loss.gamma": "gamma",
    "films.train": "training films",
    "optimizer.learning_rate": "learning rate",
}
_NUMBERS = ("loss.alpha", "loss.gamma", "films.train")
_CURVES = ("val/jaccard", "val/loss", "train/loss_epoch", "train/learning_rate", "train/gradient_norm")
_MOST = 50  # runs in a plot


@dataclass(frozen=True)
class Part:
    """Panels that belong together.

    Attributes:
        heading: of the part.
        text: how to read it.
        panels: of wandb-workspaces.
        filters: which runs it is of, in W&B's words.
    """

    heading: str
    text: str
    panels: list[Any]
    filters: str = "JobType != 'seeds'"  # the mean over seeds is no further run


def report_package() -> Any:
    """The reports of wandb-workspaces, whose panels its views take too; its types are not told.

    Raises:
        UserError: when it is not installed.
    """
    with extra("wandb", "the dashboard"):
        return importlib.import_module("wandb_workspaces.reports.v2")


def parts() -> list[Part]:
    """All panels; their names are those that trainings log.

    Raises:
        UserError: without wandb-workspaces.
    """
    wr = report_package()
    val, test = wr.SummaryMetric("val/jaccard"), wr.SummaryMetric("test/jaccard")

    def table(name: str) -> Any:
        return wr.WeavePanelSummaryTable(table_name=name, layout=wr.Layout(w=24, h=12))

    def ranking(metric: str) -> Any:
        return wr.BarPlot(title=f"{metric} of each run", metrics=[metric], max_bars_to_show=_MOST)

    def best_of_each(name: str) -> Any:
        # a mean would be one of runs that differ in other things too
        shown = {"groupby": wr.Config(name), "groupby_aggfunc": "max", "groupby_rangefunc": "minmax"}
        title = f"Best {RANKED_BY} of each {AXES[name]}, with the range of the others"
        return wr.BarPlot(title=title, metrics=[RANKED_BY], **shown)

    axes = [wr.ParallelCoordinatesPlotColumn(wr.Config(name), display_name=head) for name, head in AXES.items()]
    curves = wr.CustomChart(
        query={"summaryTable": {"tableKey": "precision_recall_table"}},
        chart_name="wandb/area-under-curve/v0",
        chart_fields={"x": "recall", "y": "precision", "class": "genre"},
    )
    return [
        Part(
            "Ranking",
            "Best runs first, by validation films; test films that choose the best run flatter it. The table of "
            "intervals says how far apart runs must be: it holds the 95 % bootstrap interval of each metric.",
            [
                *(ranking("val/jaccard"), ranking("test/jaccard")),
                *(best_of_each("loss.name"), best_of_each("model.name")),
                wr.ScatterPlot(title="Does validation tell?", x=val, y=test, regression=True),
                wr.RunComparer(diff_only="split"),
                table("intervals"),
            ],
        ),
        Part(
            "Settings",
            "Each line is a run, from its settings to its score; drag over an axis to keep a range of it.",
            [
                wr.ParallelCoordinatesPlot(
                    title="Settings and val/jaccard",
                    columns=[*axes, wr.ParallelCoordinatesPlotColumn(val)],
                    layout=wr.Layout(w=24, h=10),
                ),
                wr.ParameterImportancePlot(with_respect_to="val/jaccard"),
                *(wr.ScatterPlot(title=f"val/jaccard by {AXES[name]}", x=wr.Config(name), y=val) for name in _NUMBERS),
            ],
        ),
        Part(
            "Epochs",
            "Epochs are counted from 1; best/epoch, in the table of runs, is the one whose weights were tested.",
            [wr.LinePlot(title=name, x="epoch", y=[name], max_runs_to_show=_MOST) for name in _CURVES],
        ),
        Part(
            "Genres",
            "Precision, recall, F1 with its interval and support of each genre of the test films, and its curve.",
            [
                table("per_genre"),
                curves,
                wr.MediaBrowser(title="Plots", media_keys=["plots/genres_high_support", "plots/genres_low_support"]),
            ],
        ),
        Part("Films", "The best, worst and most surprising test films.", [table("films")]),
        Part(
            "Seeds",
            "One run for each group of seeds: the mean of each metric, and in the table its interval by Student's t.",
            [ranking("test/jaccard"), table("intervals")],
            filters="JobType = 'seeds'",
        ),
    ]
