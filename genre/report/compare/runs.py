"""The records of finished runs, as their comparison wants them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from genre.config import RunConfig
from genre.config.explain import suggestion
from genre.config.overrides import command
from genre.config.schema import SCHEMAS
from genre.errors import UserError
from genre.metrics.names import MAIN_METRICS, lower_is_better
from genre.report.compare.folders import LeftOut
from genre.runs import RunFolder, config_name, default_settings
from genre.runs.identity import essential_settings
from genre.runs.records import read_prediction_table
from genre.runs.scores import Scores, read_scores

_SHORT = 4  # settings that a label can hold
_LONGEST = 100  # characters of a label, as of a folder's name


@dataclass(frozen=True)
class ComparedRun:
    """A finished run.

    Attributes:
        folder: of the run.
        scores: its numbers and its name.
        settings: what may change its numbers, by dotted name, the fingerprint of the data among them; without the seed.
        seed: of the run.
        training_films: it learnt from.
        seconds: it took; None where that is not recorded, as for a run that was cut off and went on.
    """

    folder: RunFolder
    scores: Scores
    settings: dict[str, Any]
    seed: int
    training_films: int
    seconds: float | None


def ranked_by(metric: str) -> str:
    """What ranks runs that are compared by a metric: the same of validation films where it is of test films.

    The best of several runs on test films is so partly by chance; chosen on validation films, it is tested fairly.

    Example:
        >>> ranked_by("test_known/jaccard"), ranked_by("cv/jaccard")
        ('val_known/jaccard', 'cv/jaccard')
    """
    return f"val{metric.removeprefix('test')}" if metric.startswith("test") else metric


def read_runs(folders: Sequence[RunFolder], metric: str) -> tuple[list[ComparedRun], list[LeftOut]]:
    """Completed runs with all that a comparison needs, best first, and those that lack some of it.

    Args:
        folders: of completed runs.
        metric: by which they are compared; see `ranked_by`.

    Raises:
        UserError: when no run knows `metric`, or none is left.
    """
    whole, left_out = [], []
    for folder in folders:
        try:
            names = read_scores([folder])[0].metrics.keys()
            folder.environment(), read_prediction_table(folder)  # damaged ones are told here, not in the midst of tests
            whole.append((folder, folder.config(), names))
        except UserError as error:
            left_out.append(LeftOut(folder.path.name, "completed", str(error)))
    known = {name for *_, names in whole for name in names}
    if whole and metric not in known:
        raise UserError(f"metric={metric}: no such metric; {suggestion(metric, known)}")
    needed = {metric, ranked_by(metric), "train/films", *(f"test/{name}" for name in MAIN_METRICS)}
    for folder, _, names in whole:
        if needed - names:
            mend = f"lacks {min(needed - names)}; {command('evaluate', run=folder.path)} computes it"
            left_out.append(LeftOut(folder.path.name, "completed", mend))
    whole = [entry for entry in whole if needed <= entry[2]]
    if not whole:
        reasons = [f"{one.name}: {one.error}" for one in left_out] or ["none has finished"]
        raise UserError(f"runs: nothing to compare ({reasons[0]})")
    scores = read_scores([folder for folder, *_ in whole])
    runs = [_read(folder, cfg, own) for (folder, cfg, _), own in zip(whole, scores, strict=True)]
    sign = 1 if lower_is_better(metric) else -1
    return sorted(runs, key=lambda run: (sign * run.scores.metrics[ranked_by(metric)], run.scores.name)), left_out


def alike(runs: Sequence[ComparedRun], compared: str | tuple[str, ...]) -> list[list[ComparedRun]]:
    """Runs that differ in the settings that begin with `compared` and in their seeds alone, in the order of `runs`."""
    groups: dict[str, list[ComparedRun]] = {}
    for run in runs:
        others = sorted((name, repr(value)) for name, value in run.settings.items() if not name.startswith(compared))
        groups.setdefault(repr(others), []).append(run)
    return list(groups.values())


def group_names(groups: Sequence[Sequence[ComparedRun]]) -> list[str]:
    """What tells each group of `alike` runs from the other groups; nothing where there is one group alone."""
    firsts = [group[0] for group in groups]
    return labels(firsts, seeds=False) if len(groups) > 1 else [""] * len(groups)


def differing_settings(runs: Sequence[ComparedRun]) -> list[str]:
    """Names of the settings that tell the runs apart, without the seed.

    What has one value for each class of its section is left out: the `gamma` of the focal loss, if all focal runs
    have the same, says no more than that a run used the focal loss.
    """
    names = dict.fromkeys(name for run in runs for name in run.settings)
    varying = [name for name in names if len({_value(run, name) for run in runs}) > 1]
    return [name for name in varying if not (_follows_from_class(name, runs) or _follows_from_kind(name, runs))]


def short_names(settings: Sequence[str]) -> dict[str, str]:
    """Heads for columns: `gamma` for `loss.gamma` where no other setting ends so, `loss` for `loss._target_`."""
    last = {name: name.removesuffix("._target_").rpartition(".")[2] for name in settings}
    return {name: end if list(last.values()).count(end) == 1 else name for name, end in last.items()}


def setting_text(name: str, value: Any) -> str:
    """A setting as people read it: `focal` for the class of `loss=focal`, `none` for null.

    A class that no option has alone, or that is not this package's, is called by its own name.
    """
    if name.endswith("_target_"):
        return _options().get((name.partition(".")[0], value), str(value).rpartition(".")[2])
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "none" if value is None else str(value)


@functools.cache
def _options() -> dict[tuple[str, str], str]:
    """What is typed for a class, by group and class, where one option alone has it."""
    options: dict[tuple[str, str], list[str]] = {}
    for place, kind in SCHEMAS.items():
        group, _, option = place.partition("/")
        if option and "_target_" in kind.__dataclass_fields__:
            options.setdefault((group, kind.__dataclass_fields__["_target_"].default), []).append(option)
    return {key: names[0] for key, names in options.items() if len(names) == 1}


def labels(runs: Sequence[ComparedRun], *, seeds: bool = True) -> list[str]:
    """What tells each run from the others: its differing settings where they are few, or else what was typed.

    Args:
        runs: any.
        seeds: False leaves the seed out.
    """
    settings = short_names(differing_settings(runs))
    seeded = seeds and len({run.seed for run in runs}) > 1
    texts = [
        ", ".join(
            [label_part(name, head, run.settings[name]) for name, head in settings.items() if name in run.settings]
            + ([f"seed {run.seed}"] if seeded else [])
        )
        for run in runs
    ]
    few = len(settings) <= _SHORT and all(texts) and len(set(texts)) == len(texts)
    return texts if few else _typed([run.folder for run in runs], seeds=seeds) or [run.scores.name for run in runs]


def _typed(folders: Sequence[RunFolder], *, seeds: bool) -> list[str] | None:
    """What was typed for each run, without what was typed for all; None where that is unknown, long or not unique."""
    typed = [folder.typed() for folder in folders]
    known = [[item for item in own if seeds or not item.startswith("seed=")] for own in typed if own is not None]
    shared = set(known[0]).intersection(*known) if known else set()
    texts = [" ".join([item for item in own if item not in shared] or own) or "default" for own in known]
    short = len(texts) == len(folders) and all(len(text) <= _LONGEST for text in texts)
    return texts if short and len(set(texts)) == len(texts) else None


def label_part(name: str, head: str, value: Any) -> str:
    """A setting in a label: `gamma 2`, or `focal` for a class."""
    text = setting_text(name, value)
    return text if name.endswith("_target_") else f"{head} {text}"


def _read(folder: RunFolder, cfg: RunConfig, scores: Scores) -> ComparedRun:
    settings = essential_settings(cfg)
    seed = settings.pop("seed")
    settings.pop("cv", None)  # adds metrics of further models, and changes none of this one
    if settings["metric"] == default_settings(config_name(cfg))["metric"]:  # networks and baselines have their own
        del settings["metric"]
    fingerprint = folder.environment().get("data_fingerprint")
    if fingerprint:
        settings["data.fingerprint"] = fingerprint[:10]
    films = round(scores.metrics["train/films"])
    return ComparedRun(folder, scores, settings, seed, films, None if folder.resumed else folder.seconds)


def _value(run: ComparedRun, name: str) -> str:
    """A setting's value such that values can be compared; one that the run has not is like no other."""
    return repr(run.settings[name]) if name in run.settings else ""


def _follows_from_kind(name: str, runs: Sequence[ComparedRun]) -> bool:
    """Whether a setting that is no class has one value in all runs that have its section at all."""
    section = name.partition(".")[0]
    values = [_value(run, name) for run in runs if any(key.partition(".")[0] == section for key in run.settings)]
    return not name.endswith("_target_") and len(set(values)) == 1


def _follows_from_class(name: str, runs: Sequence[ComparedRun]) -> bool:
    target = f"{name.partition('.')[0]}._target_"
    if name == target or not any(target in run.settings for run in runs):
        return False
    return len({(_value(run, target), _value(run, name)) for run in runs}) == len({_value(run, target) for run in runs})
