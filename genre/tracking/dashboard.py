"""The view and the report of a W&B project that compare its runs, as code: sent, or written as a file."""

import importlib
import os
from pathlib import Path
from typing import Any

import wandb

from genre.config import DashboardConfig
from genre.errors import UserError
from genre.files import write_json
from genre.tracking.panels import PINNED, RANKED_BY, parts, report_package
from genre.tracking.wandb_record import has_credentials


def save_dashboard(cfg: DashboardConfig) -> dict[str, str]:
    """Make view and report in W&B, or where there are no credentials a file of them; return where they are.

    Raises:
        UserError: without wandb-workspaces, or an answer of the server.
    """
    if not has_credentials():
        file = Path(cfg.paths.outputs) / "reports" / f"wandb_{cfg.project}.json"
        write_json(file, specifications(cfg))
        return {"file": str(file)}
    try:
        os.environ.setdefault("WANDB_SILENT", "true")  # the script says where they are
        entity = cfg.entity or str(wandb.Api().default_entity)
        made = {"view": view(cfg, entity), "report": report(cfg, entity)}
        for part in made.values():
            part.save()
        return {name: str(part.url) for name, part in made.items()}
    except (wandb.errors.Error, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"W&B does not take the view ({reason}); check credentials, entity={cfg.entity}") from error


def specifications(cfg: DashboardConfig) -> dict[str, Any]:
    """View and report as W&B's server takes them.

    Raises:
        UserError: without wandb-workspaces.
    """
    models = {"view": view(cfg, cfg.entity or ""), "report": report(cfg, cfg.entity or "")}
    return {
        name: model._to_model().spec.model_dump(mode="json", by_alias=True, exclude_none=True)
        for name, model in models.items()
    }


def view(cfg: DashboardConfig, entity: str) -> Any:
    """A saved view of the project's page: best runs first."""
    report_package()  # says what to install
    ws: Any = importlib.import_module("wandb_workspaces.workspaces")
    shown = parts()
    return ws.Workspace(
        entity=entity,
        project=cfg.project,
        name=cfg.name,
        sections=[ws.Section(name=part.heading, panels=part.panels, is_open=True) for part in shown[:-1]],
        runset_settings=ws.RunsetSettings(
            filters=shown[0].filters,
            order=[ws.Ordering(ws.Summary(RANKED_BY), ascending=False)],
            pinned_columns=[f"summary:{name}" for name in PINNED],
        ),
    )


def report(cfg: DashboardConfig, entity: str) -> Any:
    """A document: the same panels with what to look for, and the seeds."""
    wr = report_package()
    blocks = [wr.TableOfContents()]
    for part in parts():
        runs = wr.Runset(  # of the report's own project
            name=part.heading,
            filters=part.filters,
            order=[wr.OrderBy(wr.SummaryMetric(RANKED_BY), ascending=False)],
            pinned_columns=[f"summary:{name}" for name in PINNED],
        )
        blocks += [wr.H2(part.heading), wr.P(part.text), wr.PanelGrid(runsets=[runs], panels=part.panels)]
    return wr.Report(project=cfg.project, entity=entity, title=cfg.name, width="fluid", blocks=blocks)
