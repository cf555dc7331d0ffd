"""What trackers are told of a run: settings as axes and filters, curves, results; all of it from the run's folder."""

from dataclasses import fields
from typing import Any

import pandas as pd

from genre.config import RunConfig
from genre.machine import Machine
from genre.runs.command import options_of
from genre.runs.folder import RunFolder, renewed_by_evaluating
from genre.runs.history import best_epoch, read_choice
from genre.runs.identity import essential_settings, flatten
from genre.runs.intact import intact
from genre.runs.records import read_intervals, read_labels, read_per_genre
from genre.tracking.names import shown

_PARTS = ("train", "val", "test")
_TRAINING_CURVES = ("train/loss", "train/loss_epoch", "train/learning_rate", "train/gradient_norm")
_VALIDATION_CURVES = ("loss", "jaccard", "f1_micro", "f1_macro")


def settings_of(run: RunFolder, cfg: RunConfig) -> dict[str, Any]:
    """The settings that change what is learnt, nested as in YAML, each section with its `name` as typed, and what the
    run is made with: data, code, machine.

    Trackers call a nested setting `loss.gamma`. Lists are told as text, and of a folder or file of this machine its
    name alone.
    """
    settings: dict[str, Any] = {}
    for key, value in essential_settings(cfg).items():
        *sections, name = key.split(".")
        inner = settings
        for section in sections:
            inner = inner.setdefault(section, {})
        if name != "_target_":
            inner[name] = shown(value)
    options = options_of(run, cfg)
    settings["experiment"] = options.pop("experiment")
    for group, option in options.items():
        settings[group]["name"] = option
    known = run.environment()
    with intact(run.environment_file):
        settings["data"]["fingerprint"] = known["data_fingerprint"]
        code = {"fingerprint": known["code_fingerprint"], "revision": known["git_revision"], "version": known["genre"]}
        machine = {field.name: known[field.name] for field in fields(Machine)}
    return settings | {"code": code, "machine": machine, "run_folder": run.path.name}


def sizes_of(run: RunFolder) -> dict[str, Any]:
    """Films of each part, labels and parameters of a finished run."""
    metrics = run.metrics()
    with intact(run.metrics_file, renewed_by_evaluating(run)):
        films = {part: int(metrics[f"{part}/films"]) for part in _PARTS}
    return {"films": films, "labels": len(read_labels(run)), "parameters": run.environment().get("parameters")}


def curves_in(metrics: dict[str, float], metric: str) -> dict[str, float]:
    """Of what Lightning logs, what is worth a curve; epochs are counted from 1.

    Args:
        metrics: logged together.
        metric: that chooses the epoch.
    """
    wanted = {*_VALIDATION_CURVES, metric.partition("/")[2]}
    curves = {
        name: value
        for name, value in metrics.items()
        if name in _TRAINING_CURVES or (name.startswith(("val/", "val_known/")) and name.partition("/")[2] in wanted)
    }
    return curves | {"epoch": metrics["epoch"] + 1} if curves else {}


def told_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings by dotted name, without those that have no value."""
    return {name: value for name, value in flatten(settings).items() if value is not None}


def summary_of(run: RunFolder) -> dict[str, float]:
    """The final metrics, the best epoch, counted from 1, and the setting that a classical baseline has chosen."""
    summary: dict[str, float] = run.metrics()
    best, choice = best_epoch(run), read_choice(run)
    if best:
        summary["best/epoch"] = best
    if choice:
        summary[f"chosen/{choice.name}"] = choice.setting
    return summary


def tables_of(run: RunFolder, *, texts: bool) -> dict[str, pd.DataFrame]:
    """Intervals and genres of a finished run, and of its report, where there is one, films and precision by recall.

    Args:
        run: finished.
        texts: whether films have their descriptions.
    """
    metrics = run.metrics()
    intervals = [(name, metrics[name], low, high) for name, (low, high) in read_intervals(run).items()]
    tables = {
        "intervals": pd.DataFrame(intervals, columns=["metric", "value", "low", "high"]),
        "per_genre": read_per_genre(run),
    }
    films_file, curves_file = run.report / "films.csv", run.report / "precision_recall.csv"
    if films_file.is_file():
        with intact(films_file, renewed_by_evaluating(run)):
            films = pd.read_csv(films_file, keep_default_na=False)  # a film may be called None
            tables["films"] = films if texts else films.drop(columns="description")
    if curves_file.is_file():
        with intact(curves_file, renewed_by_evaluating(run)):
            tables["precision_recall"] = pd.read_csv(curves_file, dtype={"genre": "str"}, keep_default_na=False)
    return tables
