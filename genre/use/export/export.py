"""From a finished run to a folder that other programs read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from genre.config import EnsembleConfig, ExportConfig, TrainConfig
from genre.config.schema import PretrainedConfig, TinyConfig
from genre.data.tokens import join_columns
from genre.errors import UserError
from genre.files import new_folder
from genre.machine import Machine
from genre.runs import RunFolder
from genre.runs.calibration import run_calibration
from genre.runs.films import kept_films
from genre.runs.records import read_labels, read_thresholds
from genre.use.export.graphs import quantise, write_graph
from genre.use.export.huggingface import write_network, write_tokenizer
from genre.use.export.measures import compared, loss_of_quality, measured
from genre.use.exported import GRAPH, WEIGHTS, Manifest, is_exported, read_exported
from genre.use.loading import newest_run
from genre.use.network import NetworkScorer, network_of
from genre.use.scorer import Scores, probabilities

_EQUAL = 1e-4  # probabilities of the same network in float32, by whatever program
_PIPELINE = 100  # test films that transformers reads, one by one
_MANY = 50  # test films that together are longer than any text that is read


@dataclass(frozen=True)
class Exported:
    """What was exported, and how it compares with its run.

    Attributes:
        run: that it is of.
        cfg: its settings.
        format: `huggingface`, `onnx` or `onnx_int8`.
        plain: whether plain transformers gives the run's scores.
        models: a row for each way to compute: size, speed, differences, metrics, see `compared`.
        films: test films that `models` is measured on.
        calibrated: whether the run is, which plain transformers and ONNX runtimes are not.
        pipeline_difference: largest one of plain transformers' scores from the run's uncalibrated ones; None where it
            refuses the folder.
        lost: what 8 bits cost, see `loss_of_quality`; None where all is exact.
        machine: that was measured on.
        separator: of the columns of a text.
    """

    run: RunFolder
    cfg: TrainConfig
    format: str
    plain: bool
    models: pd.DataFrame
    films: int
    calibrated: bool
    pipeline_difference: float | None
    lost: pd.DataFrame | None
    machine: Machine
    separator: str


def export(cfg: ExportConfig, describe: Callable[[Exported], str]) -> tuple[Path, Exported]:
    """Write the network of a finished run into a folder of its own; a folder that is there already is replaced.

    Args:
        cfg: settings of the export.
        describe: gives the model card.

    Returns:
        The folder, and what is in it.

    Raises:
        UserError: when the run has no network that can be written so, or what was written does not give its scores.
    """
    run = RunFolder.existing(cfg.run) if cfg.run else RunFolder(newest_run(Path(cfg.paths.outputs)))
    settings = run.config()
    if isinstance(settings, EnsembleConfig):
        raise UserError(
            f"run={run.path}: is an ensemble, which no single network is; hand on its folder, from which genre.load "
            "reads it, or export one of the runs that it was made of"
        )
    if not isinstance(settings, TrainConfig):
        raise UserError(
            f"run={run.path}: is classical; its folder is as small as it gets: hand on its config.yaml, status.json, "
            "thresholds.json, calibration.json (where there is one) and model/, from which genre.load reads it"
        )
    plain = _require_format(cfg.format, settings)
    default = Path(cfg.paths.outputs) / "exports" / f"{run.path.name}_{cfg.format}"
    target = Path(cfg.output).expanduser().resolve() if cfg.output else default
    if target.exists() and not is_exported(target) and (not target.is_dir() or any(target.iterdir())):
        raise UserError(f"output={target}: holds something else than an exported model; name another folder")
    scorer = network_of(run, settings)
    with new_folder(target) as folder:
        exported = _written(run, settings, scorer, cfg.format, folder, plain=plain)
        (folder / "README.md").write_text(describe(exported), encoding="utf-8")
    return target, exported


def _require_format(name: str, cfg: TrainConfig) -> bool:
    """Refuse what cannot be written; tell whether plain transformers will read it as the run does."""
    if name != "huggingface":
        return False
    if not isinstance(cfg.model, PretrainedConfig | TinyConfig):
        raise UserError("format=huggingface: transformers has no such network; take format=onnx")
    return cfg.model.pooling == "cls"


def _written(
    run: RunFolder, cfg: TrainConfig, scorer: NetworkScorer, name: str, folder: Path, *, plain: bool
) -> Exported:
    labels, thresholds, films = read_labels(run), read_thresholds(run), kept_films(run)
    calibration = run_calibration(run, cfg)
    texts = join_columns(films.films("test"), cfg.data.text, scorer.separator)
    exact = NetworkScorer(scorer.model, scorer.max_tokens, replace(scorer.machine, precision="32-true"))
    models = []
    for one in (scorer, exact) if scorer.machine != exact.machine else (exact,):
        models.append(measured(f"run, {one.machine.precision}", one, one.size * 4 / 1e6, texts, calibration))
    reference = models[-1].values
    edges = ["a", " ".join(texts[:_MANY])]  # next to no tokens, and more than are read
    reference_at_edges = probabilities(exact, edges, len(labels))[1]

    write_tokenizer(scorer.model.tokenizer, run, folder, cfg.data.max_tokens)
    manifest = Manifest(list(cfg.data.text), cfg.data.max_tokens, cfg.decision.fallback)
    manifest.write(folder, labels, thresholds, calibration)

    def read(title: str, file: Path, *, checked: bool = True) -> None:
        """Hold the model as it was written against the run."""
        written = read_exported(folder).scorer
        models.append(measured(title, written, file.stat().st_size / 1e6, texts, calibration))
        if checked:
            _require_equal(title, models[-1].values, reference)
            _require_equal(title, probabilities(written, edges, len(labels))[1], reference_at_edges)

    pipeline_difference = None
    if name == "huggingface":
        write_network(scorer.model, run, folder, cfg.data.max_tokens)
        read("Hugging Face folder", folder / WEIGHTS)
        if plain:
            some = _by_transformers(folder, texts[:_PIPELINE], labels)
            raw = probabilities(exact, texts[:_PIPELINE], len(labels))[1]
            pipeline_difference = _require_equal("plain transformers", some, raw)
    else:
        write_graph(scorer.model, folder / GRAPH, cfg.data.max_tokens)
        read("ONNX", folder / GRAPH)
    told = (thresholds, cfg.decision.fallback, films.part_truth("test").scoring_of(cfg.metric))
    lost = None
    if name == "onnx_int8":
        quantise(folder / GRAPH, folder / "int8.onnx")
        (folder / "int8.onnx").replace(folder / GRAPH)
        read("ONNX, int8", folder / GRAPH, checked=False)
        lost = loss_of_quality(reference, models[-1].values, *told, cfg.report.resamples)
    table = compared(models, reference, *told)
    return Exported(
        run=run,
        cfg=cfg,
        format=name,
        plain=plain,
        models=table,
        films=len(texts),
        calibrated=calibration.changes,
        pipeline_difference=pipeline_difference,
        lost=lost,
        machine=scorer.machine,
        separator=scorer.separator,
    )


def _by_transformers(folder: Path, texts: list[str], labels: Sequence[str]) -> Scores:
    """Probabilities (B, L) by transformers alone."""
    from transformers import logging, pipeline

    logging.disable_progress_bar()
    classify: Any = pipeline("text-classification", str(folder), top_k=None, function_to_apply="sigmoid", device="cpu")
    said = [{item["label"]: item["score"] for item in film} for film in classify(texts, truncation=True)]
    return np.array([[film[label] for label in labels] for film in said], dtype=np.float32)


def _require_equal(name: str, values: Scores, reference: Scores) -> float:
    """The largest difference; more than rounding is no export."""
    difference = float(np.abs(values - reference).max(initial=0))
    if difference > _EQUAL:
        raise UserError(f"{name}: its scores are up to {difference:.2g} from those of the run; nothing was exported")
    return difference
