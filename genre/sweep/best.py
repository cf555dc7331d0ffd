"""What a search has found, for people and for the next run."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from genre.config import TrainConfig
from genre.files import atomic_path, write_text
from genre.paths import CONF_DIR
from genre.report.compare.plots.importance import importance
from genre.report.figures import save, style
from genre.runs import spelled_out
from genre.sweep.job import Job
from genre.sweep.trials import Trials


def write_best(
    folder: Path,
    jobs: Sequence[Job],
    score: Callable[[Job], float],
    trials: Trials,
    metric: str,
    *,
    maximize: bool,
) -> None:
    """Write best.yaml, and importance.csv with its plot where the trials tell enough.

    Args:
        folder: of the search.
        jobs: its trials.
        score: of a finished one.
        trials: the study.
        metric: which the score is.
        maximize: whether a higher score is better.
    """
    finished = [job for job in jobs if job.finished]
    if not finished:
        return
    best = (max if maximize else min)(finished, key=score)
    write_text(folder / "best.yaml", best_yaml(best, f"{metric} {score(best):.4f}, the best of {len(finished)} trials"))
    importances = trials.importances()
    if importances:
        table = pd.DataFrame({"setting": importances.keys(), "importance": importances.values()})
        with atomic_path(folder / "importance.csv") as file:
            table.to_csv(file, index=False, float_format="%.4f", lineterminator="\n")
        with style():
            save(importance(table, metric), folder / "importance")


def best_yaml(job: Job, why: str) -> str:
    """The settings of a job as a file for conf/experiment/, spelled out: an experiment cannot choose another one."""
    cfg = job.runs[0].config()
    if isinstance(cfg, TrainConfig):  # bounds are of the search, not of what it found
        cfg = replace(cfg, trainer=replace(cfg.trainer, stop_below=[]))
    chosen = dict(item.partition("=")[::2] for item in spelled_out(cfg))
    groups = {key: value for key, value in chosen.items() if (CONF_DIR / key).is_dir()}
    values: dict[str, Any] = {}
    for key, value in chosen.items():
        if key not in groups:
            *sections, name = key.split(".")
            inner = values
            for section in sections:
                inner = inner.setdefault(section, {})
            inner[name] = yaml.safe_load(value)
    content = {"defaults": [{f"override /{key}": value} for key, value in groups.items()]} | values
    head = f"# @package _global_\n# {why}; as conf/experiment/NAME.yaml it is experiment=NAME.\n"
    return head + yaml.safe_dump(content, sort_keys=False)
