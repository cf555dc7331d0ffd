"""The view of a W&B project: what it shows, and what a loopback server is sent."""

import json
import re
import warnings
from dataclasses import asdict
from typing import Any

import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.runs import RunFolder, flatten
from genre.tracking.dashboard import SETTINGS, dashboard
from tests.commands import call

KEY = "0123456789abcdef0123456789abcdef01234567"


def panels(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for section in spec["section"]["panelBankConfig"]["sections"] for panel in section["panels"]]


def test_the_names_are_those_that_a_training_logs(finished_run: RunFolder) -> None:
    cfg = compose("dashboard")
    try:
        with warnings.catch_warnings():  # the package's own, of its use of pydantic
            warnings.simplefilter("ignore", DeprecationWarning)
            view = dashboard(cfg)
    except UserError:
        pytest.skip("wandb-workspaces is not installed")
    spec = json.loads(view._to_model().spec.model_dump_json(by_alias=True, exclude_none=True))
    shown = json.dumps(panels(spec)) + json.dumps(spec["section"]["runSets"])
    settings = flatten(asdict(finished_run.config()))
    asked = set(re.findall(r'"config:([\w.]+)"', shown))
    assert {name.replace(".value.", ".") for name in asked} == set(SETTINGS) <= set(settings)
    history = pd.concat(map(pd.read_csv, finished_run.history.glob("*/metrics.csv")))
    metrics = set(re.findall(r'"(?:summary:)?((?:train|val|test)/\w+)"', shown))
    assert {"val/jaccard", "val/loss", "test/jaccard", "train/loss_epoch"} <= metrics
    assert metrics <= set(history) | set(finished_run.metrics())


@pytest.mark.slow
def test_a_server_is_sent_the_whole_view(wandb_server) -> None:
    sent = []

    def answer(request: dict[str, Any]) -> Any:
        if "upsertView" not in request["query"]:
            return {
                "viewer": {
                    "id": "1",
                    "entity": "team",
                    "username": "x",
                    "email": "",
                    "flags": "{}",
                    "teams": {"edges": []},
                }
            }
        sent.append(request["variables"])
        return {"upsertView": {"view": {"id": "1", "name": "nw-abc-v"}, "inserted": True}}

    with wandb_server(answer) as address:
        done = call("dashboard", "project=films", "name=Losses compared", WANDB_API_KEY=KEY, WANDB_BASE_URL=address)
    if "wandb-workspaces is missing" in done.stderr:
        pytest.skip("wandb-workspaces is not installed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"Dashboard: {address}/team/films?nw=abc"
    (view,) = sent
    assert (view["entityName"], view["projectName"], view["displayName"]) == ("team", "films", "Losses compared")
    spec = json.loads(view["spec"])
    (runs,) = spec["section"]["runSets"]
    assert [key["name"] for key in runs["grouping"]] == ["group", "jobType"]
    (order,) = runs["sort"]["keys"]
    assert (order["key"]["section"], order["key"]["name"], order["ascending"]) == ("summary", "test/jaccard", False)
    kinds = [panel["viewType"] for panel in panels(spec)]
    assert {
        "Run History Line Plot",
        "Bar Chart",
        "Scatter Plot",
        "Parallel Coordinates Plot",
        "Parameter Importance",
        "Run Comparer",
        "Media Browser",
        "Vega2",
        "Weave",
    } == set(kinds)
    assert KEY not in done.stdout + done.stderr


def test_without_credentials_one_line_says_so() -> None:
    done = call(
        "dashboard",
    )
    assert done.returncode == 2
    assert "error: W&B has no credentials: run `wandb login` or set WANDB_API_KEY" in done.stderr


@pytest.mark.slow
def test_a_server_that_refuses_is_told_in_one_line(wandb_server) -> None:
    with wandb_server(lambda _: None) as address:
        done = call("dashboard", "entity=team", WANDB_API_KEY=KEY, WANDB_BASE_URL=address)
    if "wandb-workspaces is missing" in done.stderr:
        pytest.skip("wandb-workspaces is not installed")
    assert done.returncode == 2
    assert "permission denied" in done.stderr
    assert "Traceback" not in done.stderr
