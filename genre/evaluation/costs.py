"""What predictions of a finished run cost."""

import json
import time
from dataclasses import asdict, dataclass, replace

from genre.config import RunConfig, TrainConfig
from genre.evaluation.evaluate import load_model
from genre.evaluation.inference import machine_of
from genre.files import write_json
from genre.runs import RunFolder
from genre.runs.films import kept_films

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


def prediction_costs(run: RunFolder) -> Costs:
    """Those of a finished run, measured on test films once and then kept in its folder.

    Raises:
        UserError: when a file of the model is missing, or the films are.
    """
    if not run.costs_file.is_file():
        write_json(run.costs_file, asdict(_measured(run)))
    return Costs(**json.loads(run.costs_file.read_text(encoding="utf-8")))


def _measured(run: RunFolder) -> Costs:
    cfg = _silent(run.config())
    model = load_model(run, cfg)
    films = kept_films(run).films("test").head(_FILMS)
    model.probabilities(films.head(1))  # what only a first call has to do
    begin = time.perf_counter()
    model.probabilities(films)
    seconds = time.perf_counter() - begin
    machine = machine_of(cfg)
    return Costs(model.size, len(films) / seconds, machine.processor, machine.threads)


def _silent(cfg: RunConfig) -> RunConfig:
    return replace(cfg, trainer=replace(cfg.trainer, progress_bar=False)) if isinstance(cfg, TrainConfig) else cfg
