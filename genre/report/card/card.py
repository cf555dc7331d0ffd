"""From what was exported to its model card."""

from importlib.metadata import version
from pathlib import Path

import pandas as pd
from huggingface_hub import EvalResult, ModelCard, ModelCardData

from genre.config import TableConfig
from genre.config.overrides import command
from genre.metrics.names import METRICS
from genre.report.card import sentences
from genre.report.document import as_text, markdown
from genre.report.run.score_tables import metrics_table, scoring_note
from genre.runs import RunFolder
from genre.runs.command import options_of
from genre.runs.films import KeptFilms, kept_films
from genre.runs.records import read_thresholds
from genre.runs.scores import Scores, read_scores
from genre.use.export import Exported

_TEMPLATE = Path(__file__).with_name("card.md.jinja")
_RESULTS = ("jaccard", "f1_samples", "f1_macro")  # that the hub lists


def model_card(exported: Exported) -> str:
    """The card as Markdown, the hub's metadata before it; it tells nothing of where things lay on this machine.

    Raises:
        UserError: when the run lacks one of its records.
    """
    run, cfg = exported.run, exported.cfg
    (scores,) = read_scores([run])
    films, environment = kept_films(run), run.provenance()
    card = ModelCard.from_template(
        _metadata(exported, scores),
        template_str=_TEMPLATE.read_text(encoding="utf-8"),
        name=scores.name,
        version=version("genre"),
        columns=cfg.data.text,
        separator=exported.separator,
        labels=len(films.label_names),
        usage=sentences.usage(exported),
        max_tokens=cfg.data.max_tokens,
        fallback=sentences.fallback(cfg),
        data=sentences.data(cfg.data),
        training_films=f"{films.training_films:,}",
        val_films=f"{scores.metrics['val/films']:,.0f}",
        test_films=f"{scores.metrics['test/films']:,.0f}",
        loss=options_of(run, cfg)["loss"],
        epochs=cfg.trainer.max_epochs,
        seed=cfg.seed,
        packages=", ".join(f"{name} {number}" for name, number in environment["packages"].items()),
        precision=environment["precision"],
        revision=environment["git_revision"] or "none",
        fingerprint=environment["data_fingerprint"],
        command=sentences.command(cfg),
        export_command=command("export", run=f"outputs/runs/{run.path.name}", format=exported.format),
        meaning=sentences.meaning(cfg.data, films),
        scoring_note=scoring_note(scores) or "",
        metrics=markdown(as_text(metrics_table(scores))),
        known="known_f1" in scores.per_genre,
        genres=markdown(as_text(_genres(run, scores, films), digits=2)),
        calibration=sentences.calibration(cfg),
        decision=sentences.decision(cfg),
        models_note=sentences.models_note(exported),
        models=markdown(models_table(exported)),
        models_reading=sentences.models_reading(exported),
        limits=sentences.limits(scores),
        licences=sentences.licences(cfg),
    )
    return str(card)


def models_table(exported: Exported) -> pd.DataFrame:
    """Size, speed, difference and metrics of each way to compute, as people read them."""
    rows = exported.models
    texts = {
        "model": rows["model"],
        "MB": [f"{value:.1f}" for value in rows["MB"]],
        "films a second": [f"{value:,.0f}" for value in rows["films a second"]],
        "largest difference": [f"{value:.1g}" for value in rows["largest difference"]],
        "same label sets": [f"{value:.1%}" for value in rows["same label sets"]],
        **{METRICS[name]: [f"{value:.3f}" for value in rows[name]] for name in _RESULTS},
    }
    return pd.DataFrame(texts)


def _metadata(exported: Exported, scores: Scores) -> ModelCardData:
    """What the hub knows of a model."""
    cfg = exported.cfg
    dataset = Path(cfg.data.file).name if isinstance(cfg.data, TableConfig) else getattr(cfg.data, "source", "texts")
    results = [
        EvalResult(
            task_type="text-classification",
            dataset_type=dataset,
            dataset_name=dataset,
            dataset_split="test",
            metric_type=name,
            metric_name=METRICS[name],
            metric_value=round(scores.metrics[f"test/{name}"], 4),
        )
        for name in _RESULTS
    ]
    return ModelCardData(
        library_name="transformers" if exported.format == "huggingface" else "onnx",
        pipeline_tag="text-classification",
        tags=["multi-label-classification", "genre"],
        base_model=sentences.base_model(cfg),
        model_name=scores.name,
        eval_results=results,
    )


def _genres(run: RunFolder, scores: Scores, films: KeptFilms) -> pd.DataFrame:
    """A row for each label, frequent ones first."""
    thresholds = dict(zip(films.label_names, read_thresholds(run).tolist(), strict=True))
    table = scores.per_genre
    known = "known_" if "known_f1" in table else ""
    shown = pd.DataFrame({"label": table["genre"], "threshold": table["genre"].map(thresholds)})
    shown["training films"] = table["training_films"]
    for name in ("precision", "recall", "f1", "f1_low", "f1_high"):
        shown[name] = table[f"{known}{name}"]
    shown["test films"] = table[f"{known}support"]
    if known:
        shares = dict(zip(films.label_names, (~films.part_truth("test").known).mean(axis=0), strict=True))
        shown["unknown"] = [f"{shares[label]:.0%}" for label in table["genre"]]
    return shown
