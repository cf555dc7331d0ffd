"""The clean table to `lemmas.parquet`, in parallel."""

from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from rich import get_console
from rich.progress import track

from genre.data.tables import read_table
from genre.files import atomic_path
from genre.linguistics.collector import collector_paused
from genre.linguistics.document import Document
from genre.linguistics.lemmatiser import Lemmatiser
from genre.linguistics.parallel import in_order
from genre.linguistics.store import SCHEMA, to_batch

_FILMS = 2_000  # per task of a process, and per row group of the file


def lemmatise(clean_table: Path, target: Path, lemmatiser: Lemmatiser, processes: int | None) -> dict[str, int]:
    """Write sentences, tokens, parts of speech and lemmas of every film's description.

    Films are written in the order of the table, whatever the number of processes; beyond the table itself, memory does
    not grow with their number.

    Args:
        clean_table: `clean_data.csv`.
        target: `lemmas.parquet`.
        lemmatiser: what analyses the texts.
        processes: to share the work between; None: one per core.

    Returns:
        How many documents, sentences and tokens there are.

    Raises:
        UserError: when the table is broken; the target stays as it was.
    """
    table = read_table(clean_table, ["movie_id", "description", "genres"])
    chunks = [table[start : start + _FILMS] for start in range(0, len(table), _FILMS)]
    done = in_order(partial(analyse, lemmatiser), chunks, processes)
    counts = {"documents": 0, "sentences": 0, "tokens": 0}
    with atomic_path(target) as temporary, pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
        hidden = not get_console().is_terminal
        for batch in track(done, "Lemmatising", total=len(chunks), transient=True, disable=hidden):
            writer.write_batch(batch)
            counts["documents"] += batch.num_rows
            counts["sentences"] += len(batch.column("sentences").flatten())
            counts["tokens"] += len(batch.column("forms").flatten())
    return counts


def analyse(lemmatiser: Lemmatiser, films: pd.DataFrame) -> pa.RecordBatch:
    """Films of the clean table as rows of `lemmas.parquet`."""
    texts = films["description"].tolist()
    rows = zip(films["movie_id"], films["genres"], texts, lemmatiser.analyse(texts), strict=True)
    with collector_paused():
        return to_batch(
            [
                Document(
                    movie_id, tuple(filter(None, genres.split("|"))), sentences, text[: len(text) - len(text.lstrip())]
                )
                for movie_id, genres, text, sentences in rows
            ]
        )
