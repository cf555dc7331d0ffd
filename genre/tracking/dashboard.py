"""The view of a W&B project that compares its runs, as code."""

import importlib
import os
from typing import Any

import wandb

from genre.config import DashboardConfig
from genre.errors import UserError
from genre.extras import extra
from genre.tracking.wandb_run import has_credentials

SETTINGS = ("loss.alpha", "loss.gamma", "optimizer.learning_rate")


def save_dashboard(cfg: DashboardConfig) -> str:
    """Make the view in W&B; return its address.

    Raises:
        UserError: without wandb-workspaces, credentials or an answer of the server.
    """
    if not has_credentials():
        raise UserError("W&B has no credentials: run `wandb login` or set WANDB_API_KEY (and WANDB_MODE to online)")
    try:
        os.environ.setdefault("WANDB_SILENT", "true")  # the script says where the view is
        view = dashboard(cfg)
        view.entity = cfg.entity or wandb.Api().default_entity
        view.save()
        return str(view.url)
    except (wandb.errors.Error, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"W&B does not take the view ({reason}); check credentials, entity={cfg.entity}") from error


def dashboard(cfg: DashboardConfig) -> Any:
    """The view as an object of wandb-workspaces, not yet saved and of no entity unless `cfg` has one.

    Runs are sorted by `test/jaccard` and grouped by sweep and loss; the names are those that the trainings log.

    Raises:
        UserError: without wandb-workspaces.
    """
    with extra("wandb", "the dashboard"):
        wr: Any = importlib.import_module("wandb_workspaces.reports.v2")  # Any: its types are not told
        ws: Any = importlib.import_module("wandb_workspaces.workspaces")

    def curve(metric: str) -> Any:
        return wr.LinePlot(title=metric, x="epoch", y=[metric], max_runs_to_show=50)

    axes = [wr.ParallelCoordinatesPlotColumn(wr.Config(name)) for name in SETTINGS]
    axes.append(wr.ParallelCoordinatesPlotColumn(wr.SummaryMetric("val/jaccard")))
    val, test = wr.SummaryMetric("val/jaccard"), wr.SummaryMetric("test/jaccard")
    sections = {
        "Results": [
            wr.BarPlot(
                title="test/jaccard by loss", metrics=["test/jaccard"], groupby="JobType", groupby_aggfunc="mean"
            ),
            wr.BarPlot(
                title="test/f1_macro by loss", metrics=["test/f1_macro"], groupby="JobType", groupby_aggfunc="mean"
            ),
            wr.ScatterPlot(title="Does validation tell?", x=val, y=test, regression=True),
            wr.RunComparer(diff_only="split"),
        ],
        "Epochs": [curve(metric) for metric in ("val/jaccard", "val/loss", "train/loss_epoch")],
        "Settings": [
            wr.ParallelCoordinatesPlot(title="Settings and val/jaccard", columns=axes),
            wr.ParameterImportancePlot(with_respect_to="val/jaccard"),
            *(wr.ScatterPlot(title=f"val/jaccard over {name}", x=wr.Config(name), y=val) for name in SETTINGS),
        ],
        "Genres": [
            wr.WeavePanelSummaryTable(table_name="per_genre", layout=wr.Layout(w=24, h=12)),
            wr.CustomChart(
                query={"summaryTable": {"tableKey": "precision_recall_table"}},
                chart_name="wandb/area-under-curve/v0",
                chart_fields={"x": "recall", "y": "precision", "class": "genre"},
            ),
            wr.MediaBrowser(title="Plots", media_keys=["plots/genres_high_support", "plots/genres_low_support"]),
        ],
        "Films": [wr.WeavePanelSummaryTable(table_name="films", layout=wr.Layout(w=24, h=12))],
    }
    return ws.Workspace(
        entity=cfg.entity or "",
        project=cfg.project,
        name=cfg.name,
        sections=[ws.Section(name=name, panels=panels, is_open=True) for name, panels in sections.items()],
        runset_settings=ws.RunsetSettings(
            groupby=[ws.Metric("Group"), ws.Metric("JobType")],
            order=[ws.Ordering(ws.Summary("test/jaccard"), ascending=False)],
            pinned_columns=[
                *("summary:test/jaccard", "summary:test/f1_macro", "summary:test_known/jaccard"),
                *("summary:test_known/f1_macro", "summary:val/jaccard"),
            ],
        ),
    )
