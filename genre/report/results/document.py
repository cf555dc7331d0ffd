"""RESULTS.md."""

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from genre.config import ImdbConfig, ResultsConfig
from genre.files import write_text
from genre.report.compare.folders import LeftOut, find_runs
from genre.report.compare.runs import read_runs
from genre.report.document import as_text, counted, markdown
from genre.report.results import system_tables
from genre.report.results.effects import Effect, effects
from genre.report.results.paper import paper
from genre.report.results.reading import reading
from genre.report.results.systems import System, read_systems
from genre.runs import commands

_MODELS = (
    "Of each model the system that the validation films prefer by their Jaccard; the test films have no say in the "
    "choice. `difference` is that of its Jaccard from the one of the system that they prefer to all others, with its "
    "interval and p by paired bootstrap over the test films, p corrected by Holm's method over the rows.\n"
)
_THREE_WAYS = (
    "The same predictions, scored in three ways. Cells: a genre that the cells do not name is false; so published "
    "figures are made. Known: cells and files together, and what neither tells does not count; so all other tables "
    "here but that of published figures are made. Files: the genres alone of which a whole file tells who has them; "
    "average precision is the mean of these genres.\n"
)
_PUBLISHED = (
    "Scored as the cells say. Rows above the others' are the ones of this document. The others are as published, on "
    "other films or other splits: a difference of 0.01 between rows of different films means nothing.\n"
)
NORMAL = 1.96  # standard deviations to either side that hold 95 %
_GENRES = "F1 of the systems above, and the best of all systems, which is chosen on the test films and so flattered.\n"
_EFFECTS = (
    "All pairs of systems that differ in one thing in which one of them, `against`, has the default. Differences of "
    "the test films' scores by paired bootstrap; p is corrected by Holm's method over all rows, for each score by "
    "itself, and differences with p below 0.05 have a verdict. They tell how other films would change the scores, not "
    "how other seeds would: {seeds}. `time` is how many times as long training took, where both ran on the same "
    "processor with as many threads.\n"
)
_ALL = (
    "Ranked by the validation films' Jaccard. Scores are means over seeds; `over seeds` is the standard deviation of "
    "the Jaccard. Training is the whole run from films to report; it is missing for runs that were cut off and went "
    "on. Size is how many numbers the model consists of, a frozen encoder and stored training films included. Films "
    "a second: from descriptions to genres. A run that was the first to need lemmas or an encoder's features made "
    "them, which its time includes, as it does what else the machine had to do.\n"
)


def write_results_document(cfg: ResultsConfig) -> tuple[list[System], Path]:
    """Write the document of all finished runs on the same films.

    Returns:
        The systems, best first, and the file.

    Raises:
        UserError: when no run has finished, or one lacks its predictions.
    """
    folders, unfinished = find_runs(cfg.runs)
    runs, lacking = read_runs(folders, "test/jaccard")
    systems, others = read_systems(runs, cfg.report.resamples)
    models, changes = system_tables.best_of_each_model(systems), effects(systems)
    output = Path(cfg.output)
    write_text(output, document(systems, models, changes, [*unfinished, *lacking, *others]))
    if cfg.latex:
        write_text(output.with_suffix(".tex"), paper(systems, models, changes))
    return systems, output


def document(
    systems: Sequence[System], models: Sequence[System], changes: Sequence[Effect], left_out: Sequence[LeftOut]
) -> str:
    """The document as Markdown.

    Args:
        systems: best first.
        models: the best of each model.
        changes: what single changes of the settings do.
        left_out: runs without numbers, or with numbers of other films.
    """
    found = system_tables.effects_table(changes)
    parts = ["# Results\n", _head(systems), reading(models, changes)]
    parts += ["## The best of each model\n", _MODELS, _table(system_tables.models_table(models))]
    if systems[0].part != "test":
        parts += ["## Against what\n", _THREE_WAYS, _table(system_tables.ways_table(models))]
    data = systems[0].runs[0].folder.config().data
    if isinstance(data, ImdbConfig) and data.source == "kaggle":  # they say nothing of other films
        parts += ["## Published figures\n", _PUBLISHED, _table(system_tables.published_table(models))]
    parts += ["## Genres\n", _GENRES, _table(system_tables.genres_table(systems, models))]
    if not found.empty:
        told = _EFFECTS.format(seeds=_of_seeds(systems))
        parts += ["## What helps, what does not, and at which cost\n", told, _table(found)]
    parts += ["## All systems\n", _ALL, _table(system_tables.all_table(systems))]
    if left_out:
        parts += ["## Left out\n", f"{_reasons(left_out)}.\n"]
    return "\n".join(parts)


def _head(systems: Sequence[System]) -> str:
    run = systems[0].runs[0]
    metrics = run.scores.metrics
    machines = sorted({f"{one.costs.processor}, {one.costs.threads} threads" for one in systems if one.costs})
    return (
        f"Written by `make results` from {counted(sum(len(one.runs) for one in systems), 'run')} of "
        f"{counted(len(systems), 'system')}. All were tested on the same {metrics['test/films']:,.0f} films, "
        f"{metrics['test/labels']:.0f} genres, and tuned "
        f"on the same {metrics['val/films']:,.0f} others (`data.split_seed={run.settings['data.split_seed']}`); always "
        f"predicting the most frequent genre has a test Jaccard of "
        f"{metrics[f'{systems[0].part}/jaccard_most_frequent']:.3f}. In brackets: 95 % intervals by bootstrap over the "
        f"test films ({len(systems[0].values):,} resamples); those of macro means lean downwards where genres are "
        f"rare, as a resample without a film of a genre has F1 0 there. Commands stand without `python scripts/`, "
        f"`data={_data_option(systems)}` and seeds. Speed was measured on: "
        f"{'; '.join(machines) or 'no machine'}.\n"
    )


def _of_seeds(systems: Sequence[System]) -> str:
    """How far the Jaccard of two single runs may lie apart by their seeds alone, in 95 % of cases.

    By the deviation over seeds, pooled over the systems that have several: two runs of one seed each differ by its
    square root of two.
    """
    several = [system for system in systems if len(system.runs) > 1]
    if not several:
        return "no system here has several, so nothing tells how large a difference may be the seed's"
    degrees = [len(system.runs) - 1 for system in several]
    pooled = math.sqrt(np.average([system.deviation**2 for system in several], weights=degrees))
    return (
        f"where both systems have one seed, Jaccard differences below {NORMAL * math.sqrt(2) * pooled:.3f} may be the "
        "seed's (95 %, by the deviation of those that have several)"
    )


def _data_option(systems: Sequence[System]) -> str:
    return commands([system.runs[0].folder.config() for system in systems])[0][0].partition("=")[2]


def _table(table: pd.DataFrame) -> str:
    words = [str(name) for name in table if pd.api.types.is_string_dtype(table[name])]
    return markdown(as_text(table), left=words)


def _reasons(left_out: Sequence[LeftOut]) -> str:
    counts = Counter(one.error or one.state for one in left_out)
    return "; ".join(f"{count} {'run' if count == 1 else 'runs'}: {reason}" for reason, count in counts.items())
