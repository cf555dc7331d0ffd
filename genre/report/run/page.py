"""The page of a run: what it was, how it got there, how good it is and at what."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from genre.config import compose
from genre.metrics.names import MAIN_METRICS, METRICS
from genre.report.compare.runs import setting_text
from genre.report.document import Picture, Section
from genre.report.pages import render
from genre.report.run.learning import Epochs, epochs_of
from genre.report.run.score_tables import scoring_note, summary
from genre.runs import RunFolder, changed_settings, config_name, default_settings
from genre.runs.command import option, options_of
from genre.runs.history import Choice, read_choice
from genre.runs.scores import Scores


class _Chapter(NamedTuple):
    """A part of the page: what it is about, and how the names of its plots and tables begin."""

    name: str
    heading: str
    plots: tuple[str, ...]
    tables: tuple[str, ...]


_CHAPTERS = (
    _Chapter("learning", "Learning", ("learning_curves", "choice"), ("epochs", "choice")),
    _Chapter("ensemble", "Ensemble", (), ("ensemble",)),
    _Chapter("scores", "Scores", (), ("metrics", "files", "averages")),
    _Chapter("genres", "Genres", ("genres_", "precision_recall"), ("per_genre",)),
    _Chapter("thresholds", "Thresholds", ("threshold",), ()),
    _Chapter("probabilities", "Probabilities", ("reliability",), ("calibration", "reliability")),
    _Chapter("together", "Genres together", ("cooccurrence",), ()),
    _Chapter("lengths", "Length of descriptions", ("jaccard_by_length",), ()),
    _Chapter("beside", "Beside other runs", (), ("comparison", "difference")),
    _Chapter("learnt", "What it has learnt", ("words", "similarity"), ("top_features", "shared", "similarity")),
    _Chapter("imbalance", "Imbalance", (), ("imbalance",)),
)


def page(run: RunFolder, scores: Scores, parts: Sequence[Section], pictures: Sequence[Picture]) -> str:
    """The page in HTML.

    Args:
        run: the folder of a finished run.
        scores: its numbers.
        parts: the tables of its report.
        pictures: its plots.
    """
    epochs, choice = epochs_of(run), read_choice(run)
    chapters = [
        (
            *chapter[:2],
            [one for one in pictures if one.name.startswith(chapter.plots or ("/",))],
            [one for one in parts if one.name.startswith(chapter.tables or ("/",))],
        )
        for chapter in _CHAPTERS
    ]
    return render(
        "run/report.html.jinja",
        title=scores.name,
        facts=_facts(scores, epochs, choice),
        origin=origin_of(run, scores),
        told=[summary(scores), *filter(None, [scoring_note(scores)])],
        settings=settings_section(run),
        resolved=run.config_file.read_text(encoding="utf-8"),
        chapters=[chapter for chapter in chapters if chapter[2] or chapter[3]],
        marked=_marked(epochs, choice),
    )


def _facts(scores: Scores, epochs: Epochs | None, choice: Choice | None) -> list[tuple[str, str]]:
    """The headline numbers: test scores with their intervals, and what validation films chose."""
    part = "test_known" if "test_known/jaccard" in scores.metrics else "test"
    facts = []
    for name in MAIN_METRICS[:5]:
        ends = scores.intervals.get(f"{part}/{name}")
        value = f"{scores.metrics[f'{part}/{name}']:.3f}"
        facts.append((METRICS[name], value + (f"\n{ends[0]:.3f}–{ends[1]:.3f}" if ends else "")))
    if epochs:
        facts.append(("Best epoch", f"{epochs.best} of {epochs.table.index[-1]}"))
    if choice:
        facts.append((f"Taken {choice.name}", f"{choice.setting:g}"))
    return facts


def _marked(epochs: Epochs | None, choice: Choice | None) -> dict[str, dict[int, str]]:
    """Rows of tables that are shown in bold."""
    marked = {}
    if epochs:
        marked["epochs"] = {epochs.table.index.tolist().index(epochs.best): "best"}
    if choice:
        marked["choice"] = {list(choice.scores).index(choice.setting): "best"}
    return marked


def settings_section(run: RunFolder) -> Section:
    """The settings that differ from the defaults, seed included, each with its default; groups as they are typed."""
    cfg = run.config()
    kind, options = config_name(cfg), options_of(run, cfg)
    defaults, default = default_settings(kind), compose(kind)
    rows = []
    for name, value in changed_settings(cfg).items():
        group = name.removesuffix("._target_")
        if group != name and group in options:
            rows.append((group, options[group], option(default, group)))
        else:
            rows.append((group, setting_text(name, value), setting_text(name, defaults.get(name))))
    table = pd.DataFrame(rows, columns=["setting", "value", "default"])
    return Section("settings", "Settings that differ from the defaults", table)


def origin_of(run: RunFolder, scores: Scores) -> list[tuple[str, str]]:
    """What a page says of how a run was made, as far as it is known: command, data, date, version, machine."""
    known = {key: str(value) for key, value in run.environment().items() if value}
    parts = {"train": "training", "val": "validation", "test": "test"}
    films = [f"{scores.metrics[f'{part}/films']:,.0f} {name}" for part, name in parts.items()]

    def told(**keys: str) -> list[str]:
        return [f"{word} {known[key][:10]}" for word, key in keys.items() if key in known]

    machine = known.get("gpu") or known.get("processor", "")
    pairs = {
        "Command": known.get("command", ""),
        "Data": ", ".join([f"{', '.join(films)} films", *told(fingerprint="data_fingerprint")]),
        "Date": f"{run.started[:16].replace('T', ' ')} UTC" if run.started else "",
        "Version": ", ".join(told(genre="genre", revision="git_revision", code="code_fingerprint")),
        "Machine": ", ".join(filter(None, [machine, known.get("precision")])),
    }
    return [(name, value) for name, value in pairs.items() if value]
