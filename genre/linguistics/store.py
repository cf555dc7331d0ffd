"""`lemmas.parquet`: analysed films in flat columns, written and read a few thousand at a time."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from genre.config.overrides import command
from genre.errors import UserError
from genre.linguistics.document import Document, Sentence, Token

_WORDS = pa.list_(pa.dictionary(pa.int32(), pa.string()))
# a row per film; all columns from `forms` on have an entry per token
SCHEMA = pa.schema(
    {
        "movie_id": pa.string(),
        "genres": pa.list_(pa.string()),
        "space_before": pa.string(),
        "sentences": pa.list_(pa.int32()),  # tokens in each sentence
        "forms": _WORDS,
        "lemmas": _WORDS,
        "upos": _WORDS,
        "xpos": _WORDS,
        "spaces_after": _WORDS,
    }
)
_TOKEN_COLUMNS = ("forms", "lemmas", "upos", "xpos", "spaces_after")


class FilmLemmas(NamedTuple):
    """Lemmas of a film's description and their parts of speech, in the order of the text."""

    movie_id: str
    lemmas: list[str]
    upos: list[str]


def to_batch(documents: Sequence[Document]) -> pa.RecordBatch:
    """Films as rows of `SCHEMA`."""
    sentences = [[len(sentence.tokens) for sentence in document.sentences] for document in documents]
    offsets = pa.array(accumulate(map(sum, sentences), initial=0), pa.int32())
    tokens = list(chain.from_iterable(sentence.tokens for document in documents for sentence in document.sentences))
    columns = zip(*tokens, strict=True) if tokens else [()] * len(_TOKEN_COLUMNS)
    return pa.record_batch(
        [
            pa.array([document.id for document in documents]),
            pa.array([document.genres for document in documents], pa.list_(pa.string())),
            pa.array([document.space_before for document in documents]),
            pa.array(sentences, pa.list_(pa.int32())),
            *(
                pa.ListArray.from_arrays(offsets, pa.array(column, pa.string()).dictionary_encode())
                for column in columns
            ),
        ],
        schema=SCHEMA,
    )


def row_groups(file: Path) -> int:
    """In how many parts `lemmas.parquet` was written.

    Raises:
        UserError: when there is no such file.
    """
    if not file.is_file():
        raise UserError(f"{file}: no such file; `{command('prepare')}` makes it in its stage `lemmatise`")
    return int(pq.read_metadata(file).num_row_groups)


def read_documents(file: Path) -> Iterator[Document]:
    """The films of `lemmas.parquet`; memory does not grow with their number.

    Raises:
        UserError: when there is no such file.
    """
    for group in range(row_groups(file)):
        yield from read_row_group(file, group)


def read_row_group(file: Path, group: int) -> Iterator[Document]:
    """The films of one part."""
    for batch in _batches(file, group, SCHEMA.names):
        tokens = list(map(Token, *(_flat(batch.column(name)) for name in _TOKEN_COLUMNS)))
        start = 0
        films = (batch.column(name).to_pylist() for name in ("movie_id", "genres", "space_before", "sentences"))
        for movie_id, genres, space_before, lengths in zip(*films, strict=True):
            sentences = []
            for length in lengths:
                sentences.append(Sentence(tuple(tokens[start : start + length])))
                start += length
            yield Document(movie_id, tuple(genres), tuple(sentences), space_before)


def read_lemmas(file: Path) -> Iterator[FilmLemmas]:
    """The lemmas of each film; memory does not grow with their number.

    Raises:
        UserError: when there is no such file.
    """
    for group in range(row_groups(file)):
        for batch in _batches(file, group, ["movie_id", "lemmas", "upos"]):
            lemmas, upos = _flat(batch.column("lemmas")), _flat(batch.column("upos"))
            offsets = batch.column("lemmas").offsets.to_pylist()
            for movie_id, (start, end) in zip(batch.column("movie_id").to_pylist(), pairwise(offsets), strict=True):
                yield FilmLemmas(movie_id, lemmas[start:end], upos[start:end])


def _batches(file: Path, group: int, columns: list[str]) -> list[pa.RecordBatch]:
    with pq.ParquetFile(file) as opened:
        batches: list[pa.RecordBatch] = opened.read_row_group(group, columns=columns).to_batches()
    return batches


def _flat(column: Any) -> list[str]:
    """All strings of a list column; equal ones are one object."""
    words = column.flatten()
    distinct = np.array(words.dictionary.to_pylist(), dtype=object)
    found: list[str] = distinct[words.indices.to_numpy()].tolist()
    return found
