"""The view and the report of a W&B project: what they show, and what a loopback server is sent."""

import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from genre.config import compose
from genre.runs import RunFolder, flatten
from genre.runs.history import read_history_rows
from genre.tracking.content import curves_in, settings_of, sizes_of, summary_of, tables_of
from genre.tracking.dashboard import specifications
from genre.tracking.panels import AXES
from tests.commands import call
from tests.tracking.server import VIEWER

pytest.importorskip("wandb_workspaces")

KEY = "0123456789abcdef0123456789abcdef01234567"
KINDS = {
    "Run History Line Plot",
    "Bar Chart",
    "Scatter Plot",
    "Parallel Coordinates Plot",
    "Parameter Importance",
    "Run Comparer",
    "Media Browser",
    "Vega2",
    "Weave",
}


def panels(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of a view, or of a report."""
    if "section" in spec:
        return [panel for section in spec["section"]["panelBankConfig"]["sections"] for panel in section["panels"]]
    grids = [block["metadata"] for block in spec["blocks"] if block["type"] == "panel-grid"]
    return [panel for grid in grids for panel in grid["panelBankSectionConfig"]["panels"]]


@pytest.fixture(scope="module")
def specs() -> dict[str, Any]:
    with warnings.catch_warnings():  # the package's own, of its use of pydantic
        warnings.simplefilter("ignore", DeprecationWarning)
        return specifications(compose("dashboard"))


@pytest.mark.parametrize("name", ["view", "report"])
def test_the_names_are_those_that_a_training_logs(
    name: str, specs: dict[str, Any], finished_run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished_run
    shown = json.dumps(panels(specs[name]))
    asked = {found.replace(".value", "") for found in re.findall(r'"config:([\w.]+)"', shown)}
    assert asked == set(AXES) <= set(flatten(settings_of(run, run.config()) | sizes_of(run)))
    assert set(re.findall(r'"groupBy": "([\w.]+)"', shown)) == {"loss.value.name", "model.value.name"}
    curves = {key for row in read_history_rows(run) for key in curves_in(row, run.config().metric)}
    metrics = set(re.findall(r'"(?:summary:)?((?:train|val|test)/\w+)"', shown))
    assert {"val/jaccard", "val/loss", "test/jaccard", "train/loss_epoch", "train/learning_rate"} <= metrics
    assert metrics <= curves | set(summary_of(run))
    tables = set(re.findall(r'"val": "(\w+)"', shown)) & {"intervals", "per_genre", "films"}
    assert {"intervals", "per_genre"} <= tables <= {*tables_of(run, texts=False), "films"}  # which its report has
    assert {panel["viewType"] for panel in panels(specs[name])} == KINDS


def test_the_report_tells_how_to_read_each_part(specs: dict[str, Any]) -> None:
    blocks = specs["report"]["blocks"]
    headings = [block["children"][0]["text"] for block in blocks if block["type"] == "heading"]
    assert headings == ["Ranking", "Settings", "Epochs", "Genres", "Films", "Seeds"]
    grids = [block["metadata"]["runSets"][0] for block in blocks if block["type"] == "panel-grid"]
    filters = [grid["filters"]["filters"][0] for grid in grids]
    assert [(one["key"]["name"], one["op"], one["value"]) for one in filters] == [("jobType", "!=", "seeds")] * 5 + [
        ("jobType", "=", "seeds")
    ]


def test_without_credentials_a_file_is_written(tmp_path: Path) -> None:
    done = call("dashboard", "project=films", f"paths.outputs={tmp_path}")
    assert done.returncode == 0, done.stderr
    file = tmp_path / "reports" / "wandb_films.json"
    assert done.stdout.splitlines()[0] == f"File: {file}"
    assert set(json.loads(file.read_text())) == {"view", "report"}


@pytest.mark.slow
def test_a_server_is_sent_view_and_report(wandb_server) -> None:
    sent = []

    def answer(request: dict[str, Any]) -> Any:
        if "upsertView" not in request["query"]:
            projects = {"models": {"edges": [], "pageInfo": {"endCursor": "", "hasNextPage": False}}}
            return {"viewer": VIEWER, "upsertModel": {"model": {"name": "films", "entityName": "team"}}} | projects
        sent.append(request["variables"])
        view = {"id": "1", "name": "nw-abc-v", "displayName": "x", "spec": "{}", "type": "runs"}
        return {"upsertView": {"view": view, "inserted": True}}

    with wandb_server(answer) as address:
        done = call("dashboard", "project=films", "name=Losses compared", WANDB_API_KEY=KEY, WANDB_BASE_URL=address)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"View: {address}/team/films?nw=abc"
    assert lines[1].startswith(f"Report: {address}/team/films/reports/Losses-compared--")
    assert [(one["entityName"], one["projectName"], one["displayName"]) for one in sent] == [
        ("team", "films", "Losses compared")
    ] * 2
    specs = [json.loads(one["spec"]) for one in sent]
    assert [{panel["viewType"] for panel in panels(spec)} for spec in specs] == [KINDS] * 2
    (runs,) = specs[0]["section"]["runSets"]
    assert runs["grouping"] == []  # means over unlike runs
    (order,) = runs["sort"]["keys"]
    assert (order["key"]["section"], order["key"]["name"], order["ascending"]) == ("summary", "val/jaccard", False)
    assert KEY not in done.stdout + done.stderr


@pytest.mark.slow
def test_a_server_that_refuses_is_told_in_one_line(wandb_server) -> None:
    with wandb_server(lambda _: None) as address:
        done = call("dashboard", "entity=team", WANDB_API_KEY=KEY, WANDB_BASE_URL=address)
    assert done.returncode == 2
    assert "permission denied" in done.stderr
    assert "Traceback" not in done.stderr
