"""Probabilities of the rows of a file on Ray Data: one process reads, many answer, here or on a cluster."""

import logging
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from genre.data.rows import open_rows
from genre.on_ray import ray_for
from genre.use.loading import load
from genre.use.model import Model
from genre.use.predict import CHUNK, cells_of, text_column


@contextmanager
def probabilities_on_ray(
    model: Model, source: str, address: str | None, code: Sequence[str] = ()
) -> Iterator[Callable[[int], Iterator[pd.DataFrame]]]:
    """What `genre.use.predict.predict_file` takes as `elsewhere`, for as long as this block lasts.

    Each GPU of the cluster, or each core where there is none, has a process that loads the model once and answers as
    long as there are rows. Answers come back in the order of the file, and no more of it is read than can be answered
    soon.

    Args:
        model: whose folder every node finds under the same path, as it does the file.
        source: file of the rows, which other processes read too.
        address: see `genre.on_ray.ray_for`.
        code: packages that the model's network needs.

    Raises:
        UserError: see `ray_for`.
    """
    with ray_for("engine=ray", address, "address"):
        yield partial(_probabilities, model, Path(source).expanduser().absolute(), code)


def _probabilities(model: Model, source: Path, code: Sequence[str], start: int) -> Iterator[pd.DataFrame]:
    import ray
    from ray.data import ActorPoolStrategy, DataContext, Datasource, ReadTask
    from ray.data.block import BlockMetadata

    folder = model.folder.absolute()

    class Chunks(Datasource):
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]  # of Ray

        def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[ReadTask]:
            read = partial(_chunks, source, text_column(model.columns), model.columns, start, CHUNK)
            return [ReadTask(read, BlockMetadata(None, None, None))]

        def estimate_inmemory_data_size(self) -> int | None:
            return None

    class Answers:
        """A process that has the model."""

        def __init__(self) -> None:
            for package in code:
                import_module(package)
            self.model = load(folder)

        def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
            return {"probabilities": pickle.dumps(self.model.probabilities(pickle.loads(row["texts"])))}

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = DataContext.get_current()
    context.execution_options.preserve_order = True
    context.target_max_block_size = 1  # of bytes: each chunk is handed out by itself
    context.enable_progress_bars = False
    there: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]  # of Ray
    gpus, cores = int(there.get("GPU", 0)), int(there["CPU"])
    answered = ray.data.read_datasource(Chunks(), num_cpus=0, override_num_blocks=1).map(
        Answers,
        compute=ActorPoolStrategy(size=gpus or cores),
        num_gpus=min(gpus, 1),
        num_cpus=0 if gpus else 1,
    )
    for row in answered.iter_rows():
        yield pickle.loads(row["probabilities"])


def _chunks(source: Path, column: str, columns: Sequence[str], start: int, size: int) -> Iterator[pd.DataFrame]:
    """`size` rows at a time from one on, pickled: Arrow has no place for half a character."""
    rows = open_rows(str(source), column)
    left = islice(rows.rows(), start, None)
    while chunk := list(islice(left, size)):
        yield pd.DataFrame({"texts": [pickle.dumps(cells_of(columns, rows, chunk))]})
