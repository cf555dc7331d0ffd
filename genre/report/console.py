"""A run's results as tables on the console."""

from collections.abc import Sequence

import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from genre.config import EnsembleConfig
from genre.config.overrides import command
from genre.console import say_next, shows_steps
from genre.metrics.names import METRICS, SCORES
from genre.report.compare.differences import DIFFERENCES_TOLD
from genre.report.document import as_text, shortened
from genre.report.genres import genre_scores
from genre.report.run import score_tables
from genre.runs import RunFolder
from genre.runs.scores import read_scores
from genre.tracking import sync_hint

_SCORES_WIDTH, _NAME_WIDTH = 66, 14  # characters of the scores of a genre, and of its name at least
_COSTS_WIDTH, _RUN_WIDTH = 90, 20  # the same of a member of an ensemble
_GENRE_COLUMNS = [*SCORES, "f1_low", "f1_high", "average_precision", "support", "predicted"]


def print_run(run: RunFolder, beside: Sequence[RunFolder] = ()) -> None:
    """Print overall metrics, averages and genres of a finished run, and where everything lies.

    Args:
        run: the folder of a finished run.
        beside: other runs on the same test films that its report knows, whose test metrics are printed too.

    Raises:
        UserError: when a run lacks its intervals, or one is named twice.
    """
    console = Console()
    scores = read_scores([run, *beside])
    own = scores[0]
    averages = score_tables.averages_table(own)
    console.print(_table(score_tables.metrics_table(own), "Metrics, with 95 % intervals"))
    console.print(_table(averages[averages["part"] == "test"].drop(columns="part"), "Test: averages"))
    files = score_tables.files_table(own)
    if files is not None:
        console.print(_table(files, "Test: genres that whole files tell"))
    longest = max(_NAME_WIDTH, console.width - _SCORES_WIDTH)
    console.print(_table(_genres(own.per_genre, longest), "Test: genres, frequent ones first", digits=2))
    if beside:
        console.print(_table(score_tables.comparison(scores), "Test: this run beside others", intervals=False))
    for number, other in enumerate(scores[1:], 1):
        table = pd.read_csv(run.report / f"difference_{number}.csv").drop(columns=["this run", "other run"])
        console.print(_table(table, f"Test: paired bootstrap against {other.name}"))
    if beside:
        console.print(DIFFERENCES_TOLD)
    if isinstance(run.config(), EnsembleConfig):
        members, against = (pd.read_csv(run.report / f"{name}.csv") for name in ("ensemble", "ensemble_difference"))
        members["model"] = [shortened(name, max(_RUN_WIDTH, console.width - _COSTS_WIDTH)) for name in members["model"]]
        console.print(_table(members.rename(columns=_head), "Ensemble and its members"))
        console.print(_table(against.drop(columns=["this run", "other run"]), "Test: against its best member"))
        if not beside:
            console.print(DIFFERENCES_TOLD)
    console.print(score_tables.summary(own))
    if note := score_tables.scoring_note(own):
        console.print(note)
    # one path a line and unbroken, so that it can be copied
    console.print(f"Run folder: {run.path}", soft_wrap=True, markup=False)
    console.print(f"Page: {run.page}", soft_wrap=True, markup=False)
    hint = sync_hint([run.path])
    if hint and shows_steps():
        console.print(f"W&B run kept offline; to send it: {hint}", soft_wrap=True, markup=False)
    say_next("To use it", command("predict", run=run.path, text="A detective looks for her missing brother."))


def _genres(per_genre: pd.DataFrame, longest: int) -> pd.DataFrame:
    """A row for each genre: of known cells where not all are known, and F1 by the cells; long names shortened."""
    table = genre_scores(per_genre)[["genre", *_GENRE_COLUMNS]].rename(columns={"average_precision": "AP"})
    table["genre"] = [shortened(name, longest) for name in table["genre"]]
    known = "known_f1" in per_genre
    return table.drop(columns="predicted").assign(**{"f1, cells": per_genre["f1"]}) if known else table


def _head(name: str) -> str:
    """A metric of a part, such as `test/f1_macro`, in words, which a narrow table breaks between."""
    part, _, metric = name.partition("/")
    return f"{part.replace('_', ' ')} {METRICS[metric]}" if metric in METRICS else name


def _table(table: pd.DataFrame, title: str, *, digits: int = 3, intervals: bool = True) -> Table:
    """A table for the console: the first column to the left, the others to the right."""
    texts = as_text(table, digits=digits, intervals=intervals)
    shown = Table(title=escape(title), box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for position, name in enumerate(texts):
        shown.add_column(
            escape(str(name)), justify="left" if position == 0 else "right", overflow="fold", no_wrap=position == 0
        )
    for row in texts.itertuples(index=False):
        shown.add_row(*map(escape, row))
    return shown
