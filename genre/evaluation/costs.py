"""What predictions of a finished run cost."""

import time
from dataclasses import asdict, dataclass

from genre.data.tokens import join_columns
from genre.evaluation.inference import machine_of
from genre.files import write_json
from genre.runs import RunFolder
from genre.runs.films import KeptFilms, kept_films
from genre.runs.intact import read_json
from genre.runs.records import read_labels
from genre.use import scorer_of
from genre.use.scorer import probabilities

_FILMS = 256  # that are timed


@dataclass(frozen=True)
class Costs:
    """Size and speed of a model.

    Attributes:
        size: how many numbers it consists of.
        films_per_second: from descriptions to probabilities, without the time to load the model.
        processor: that they were measured on.
        threads: used.
    """

    size: int
    films_per_second: float
    processor: str
    threads: int


def prediction_costs(run: RunFolder, films: KeptFilms | None = None) -> Costs:
    """Those of a finished run, measured on test films once and then kept in its folder.

    Args:
        run: finished.
        films: to measure on; None: those that it keeps.

    Raises:
        UserError: when a file of the run is missing or damaged.
    """
    if not run.costs_file.is_file():
        write_json(run.costs_file, asdict(_measured(run, films or kept_films(run))))
    return read_json(run.costs_file, lambda content: Costs(**content), "delete it, and it is measured anew")


def _measured(run: RunFolder, films: KeptFilms) -> Costs:
    cfg = run.config()
    scorer = scorer_of(run, cfg)
    texts = join_columns(films.films("test").head(_FILMS), cfg.data.text, scorer.separator)
    labels = len(read_labels(run))
    probabilities(scorer, texts[:1], labels)  # what only a first call has to do
    begin = time.perf_counter()
    probabilities(scorer, texts, labels)
    seconds = time.perf_counter() - begin
    machine = machine_of(cfg)
    return Costs(scorer.size, len(texts) / seconds, machine.processor, machine.threads)
