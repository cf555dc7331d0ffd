"""From finished runs to the folder of their ensemble."""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from genre.config import EnsembleConfig, instantiate
from genre.config.schema import CSVLoggerConfig
from genre.decision import Decision
from genre.errors import UserError
from genre.evaluation import calibrate, machine_of, part_results, write_results
from genre.evaluation.costs import prediction_costs
from genre.evaluation.inference import Probabilities
from genre.evaluation.mean import Mean, mean_of
from genre.evaluation.results import PartResults, part_records
from genre.files import atomic_path, write_json
from genre.runs import RunFolder, default_settings, environment
from genre.runs.calibration import keep_calibration
from genre.runs.code import code_fingerprint
from genre.runs.ensemble import Member, keep_members, kept_members
from genre.runs.films import kept_films
from genre.runs.identity import essential_settings, folder_name
from genre.runs.predictions import PartPredictions, Predictions, read_predictions
from genre.training.run import Report, check

log = logging.getLogger(__name__)

_OF_THE_RUNS = ("data.", "oversample.")


def make_ensemble(cfg: EnsembleConfig, runs: Sequence[RunFolder], report: Report | None = None) -> RunFolder:
    """Put finished runs together; nothing is trained, and one that is there already is made anew.

    Args:
        cfg: how.
        runs: finished, on the same films.
        report: writes the ensemble's report.

    Raises:
        UserError: when the runs do not go together, or a file of them is missing or damaged.
    """
    check(cfg)
    _refuse_what_has_no_meaning(cfg)
    said = _read(runs)
    settings = runs[0].config()
    names = [run.path.resolve().name for run in runs]
    cfg = replace(cfg, runs=names, data=settings.data, oversample=settings.oversample)
    fingerprint = runs[0].environment().get("data_fingerprint", "")
    told = [f"ensemble={len(runs)}", f"select={cfg.select}", f"weights={cfg.weights}"]
    content = [essential_settings(cfg), fingerprint]
    run = RunFolder.named(Path(cfg.paths.outputs) / "runs" / folder_name(told, content))
    if run.path.resolve() in {one.path.resolve() for one in runs}:
        raise UserError(f"runs={run.path}: would be a member of itself; leave it out")
    machine = machine_of(cfg)
    with run.recording(cfg):
        log.info("Ensemble of %d runs: select=%s, weights=%s", len(runs), cfg.select, cfg.weights)
        made_with = {"data_fingerprint": fingerprint, "code_fingerprint": code_fingerprint(cfg)}
        write_json(run.environment_file, environment(machine) | made_with | {"overrides": told})
        with atomic_path(run.films_file) as file:
            shutil.copyfile(runs[0].films_file, file)
        _write(cfg, run, runs, said)
        _measure(run)
        if report:
            report(run, cfg.report)
    return run


def _refuse_what_has_no_meaning(cfg: EnsembleConfig) -> None:
    """Refuse settings that an ensemble has from its members, and those of trainings."""
    if not all(isinstance(one, CSVLoggerConfig) for one in cfg.logger.values()):
        raise UserError("logger: an ensemble is recorded in its folder alone; leave it out")
    if cfg.seeds > 1:
        raise UserError(f"seeds={cfg.seeds}: an ensemble is made once; leave it out")
    defaults = default_settings("ensemble")
    for key, value in essential_settings(cfg).items():
        if key.startswith(_OF_THE_RUNS) and value != defaults.get(key):
            raise UserError(f"{key}={value}: an ensemble has the films of its runs; leave it out")


def _read(runs: Sequence[RunFolder]) -> list[Predictions]:
    """What each run said; refuse those that were asked different things."""
    if len(runs) < 2:
        raise UserError(f"runs: there are {len(runs)} finished ones; an ensemble needs two")
    names = [run.path.resolve().name for run in runs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError(f"runs: two are called {twice[0]}; rename the folder of one")
    for run in runs:
        if isinstance(run.config(), EnsembleConfig):
            raise UserError(f"runs={run.path}: is an ensemble itself; name its members")
    said = [read_predictions(run) for run in runs]
    columns = runs[0].config().data.text
    for run, own in zip(runs[1:], said[1:], strict=True):
        if run.config().data.text != columns:
            raise UserError(
                f"runs={run.path}: reads other columns ({', '.join(run.config().data.text)}) than the first"
            )
        if odd := _difference(said[0], own):
            raise UserError(f"runs={run.path}: {odd} than {runs[0].path}; only runs on the same films go together")
    return said


def _difference(one: Predictions, other: Predictions) -> str:
    """What differs between two runs, if anything does."""
    if one.genres != other.genres:
        odd = sorted(set(one.genres) ^ set(other.genres)) or ["the order"]
        return f"has other genres ({', '.join(odd)})"
    parts: dict[str, tuple[PartPredictions, PartPredictions]] = {
        "validation": (one.val, other.val),
        "test": (one.test, other.test),
    }
    for part, (ours, theirs) in parts.items():
        if ours.movie_ids != theirs.movie_ids:
            return f"has other {part} films ({len(theirs.movie_ids):,} against {len(ours.movie_ids):,})"
        same = [np.array_equal(getattr(ours.truth, name), getattr(theirs.truth, name)) for name in ("cells", "labels")]
        if not all(same):
            return f"has other labels of the {part} films"
        if not np.array_equal(ours.truth.known, theirs.truth.known):
            return f"knows other cells of the {part} films"
    return ""


def _write(cfg: EnsembleConfig, run: RunFolder, runs: Sequence[RunFolder], said: Sequence[Predictions]) -> None:
    labels, films = said[0].genres, kept_films(run)
    scoring = said[0].val.truth.scoring_of(cfg.metric)
    mean = mean_of(cfg, [one.val.given for one in said], scoring)
    calibration, honest = calibrate(cfg, mean.val, scoring)
    decision: Decision = instantiate(cfg.decision)
    thresholds = decision.fit(honest, scoring.targets, scoring.known)  # before any test film is looked at
    given = mean.of([one.test.given for one in said])
    val = part_results(films, "val", Probabilities(films.places("val", said[0].val.movie_ids), mean.val)).calibrated(
        honest
    )
    test = part_results(films, "test", Probabilities(films.places("test", said[0].test.movie_ids), given))
    test = test.calibrated(calibration(given))
    members = [
        Member(one.path.resolve().name, weight, map_of)
        for one, weight, map_of in zip(runs, mean.weights.tolist(), mean.calibrations, strict=True)
    ]
    keep_members(run, members, runs, labels)
    keep_calibration(run, cfg, calibration, labels)
    folds = None
    if unseen := _of_unseen_films(said, mean):
        folds, _ = part_records("cv", unseen.calibrated(calibration(unseen.probabilities)), thresholds, cfg, films)
    write_results(run, val, test, thresholds, cfg, films, folds)


def _of_unseen_films(said: Sequence[Predictions], mean: Mean) -> PartResults | None:
    """The mean of what the members' cross-validations say, where all have one of the same films; otherwise None.

    Calibrations and weights are those that validation films have given, which are among these films.
    """
    parts = [one.cv for one in said if one.cv is not None]
    if len(parts) < len(said) or any(set(part.movie_ids) != set(parts[0].movie_ids) for part in parts):
        return None
    ids = pd.Index(parts[0].movie_ids)
    orders = [torch.from_numpy(pd.Index(part.movie_ids).get_indexer(ids)) for part in parts]
    given = mean.of([part.given[order] for part, order in zip(parts, orders, strict=True)])
    return PartResults(pd.DataFrame({"movie_id": ids}), parts[0].truth, given)


def _measure(run: RunFolder) -> None:
    """Write down what the ensemble and its members cost."""
    films = kept_films(run)
    run.note(parameters=prediction_costs(run).size)
    for _, folder in kept_members(run, films.label_names):
        prediction_costs(folder, films)
