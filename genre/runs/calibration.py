"""The calibration that is kept with a model: calibration.json, plain numbers by label."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from genre.calibration import Calibration, LogOdds, Steps
from genre.config import RunConfig
from genre.config.schema import NoCalibrationConfig
from genre.files import write_json
from genre.runs.folder import RunFolder
from genre.runs.intact import RETRAIN, read_json
from genre.runs.records import read_labels

log = logging.getLogger(__name__)


def calibration_by_label(calibration: Calibration, labels: Sequence[str]) -> dict[str, Any]:
    """The map of each of the L labels as JSON: `a`, `b`, `c` of `LogOdds`, `at` and `to` of `Steps`, or null."""
    maps = zip(labels, calibration.maps, strict=True)
    return {label: None if one is None else asdict(one) for label, one in maps}


def calibration_of(content: Any, labels: Sequence[str]) -> Calibration:
    """The way back.

    Raises:
        ValueError: when it is something else, or of other labels.
        TypeError: when it is something else.
        AttributeError: when it is something else.
    """
    if list(content) != list(labels):
        raise ValueError("its labels are others than those of thresholds.json")
    return Calibration(tuple(map(_map, content.values())))


def write_calibration(file: Path, calibration: Calibration, labels: Sequence[str]) -> None:
    """Write it as `calibration_by_label` tells it."""
    write_json(file, calibration_by_label(calibration, labels))


def read_calibration(file: Path, labels: Sequence[str], remedy: str = RETRAIN) -> Calibration:
    """What `write_calibration` wrote there for these labels.

    Raises:
        UserError: when it is missing or damaged, or of other labels.
    """
    return read_json(file, lambda content: calibration_of(content, labels), remedy)


def keep_calibration(run: RunFolder, cfg: RunConfig, calibration: Calibration, labels: Sequence[str]) -> None:
    """Write it into the folder of a run, if its settings ask for one, and tell which labels stay as they are."""
    if isinstance(cfg.calibration, NoCalibrationConfig):
        return
    write_calibration(run.calibration_file, calibration, labels)
    left = [label for label, one in zip(labels, calibration.maps, strict=True) if one is None]
    if left:
        log.warning("Not calibrated, as too few validation films tell of it: %s", ", ".join(left))


def run_calibration(run: RunFolder, cfg: RunConfig) -> Calibration:
    """That of a finished run with these settings.

    Raises:
        UserError: when it is missing or damaged.
    """
    labels = read_labels(run)
    if isinstance(cfg.calibration, NoCalibrationConfig):
        return Calibration.none(len(labels))
    return read_calibration(run.calibration_file, labels)


def _map(content: Any) -> LogOdds | Steps | None:
    if content is None:
        return None
    return Steps(**content) if "at" in content else LogOdds(**content)
