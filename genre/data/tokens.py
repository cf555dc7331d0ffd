"""Texts cut into token ids once, kept in flat arrays on disk and memory-mapped afterwards."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.progress import track

from genre.data.caches import kept
from genre.errors import UserError
from genre.files import new_folder, short_hash

_CHUNK = 2_000  # texts per call of the tokenizer
# characters of a text that are looked at for each token that is kept: the tokenizer would read all of a book, and words
# of more than 100 letters are one token to it
_CHARACTERS = 100


@dataclass(frozen=True)
class Tokens:
    """Token ids of B texts: text b is `ids[offsets[b]:offsets[b + 1]]`, special tokens included."""

    ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of tokens of each text (B,)."""
        return np.diff(self.offsets)

    def __getitem__(self, row: int) -> npt.NDArray[np.int32]:
        return self.ids[self.offsets[row] : self.offsets[row + 1]]


def join_columns(table: pd.DataFrame, columns: Sequence[str], separator: str) -> list[str]:
    """One text per film: the named columns joined by the tokenizer's separator, empty ones left out.

    Raises:
        UserError: for a column that the table lacks.
    """
    for column in columns:
        if column not in table.columns:
            raise UserError(f"data.text: there is no column {column!r}; there are: {', '.join(table.columns)}")
    parts = (table[column] for column in columns)
    return [f" {separator} ".join(part for part in row if part) for row in zip(*parts, strict=True)]


def tokenise(texts: Sequence[str], tokenizer: Any, max_tokens: int, *, progress: bool = False) -> Tokens:
    """Cut texts into token ids, at most `max_tokens` each, special tokens included.

    Of a text at most 100 characters for each of these tokens are looked at.
    """
    ids: list[npt.NDArray[np.int32]] = []
    lengths: list[int] = []
    chunks = range(0, len(texts), _CHUNK)
    for start in track(chunks, "Tokenising", disable=not progress or len(chunks) < 2, transient=True):
        batch = [text[: _CHARACTERS * max_tokens] for text in texts[start : start + _CHUNK]]
        encoded = tokenizer(batch, truncation=True, max_length=max_tokens, return_attention_mask=False)["input_ids"]
        lengths.extend(map(len, encoded))
        ids.append(np.concatenate([np.asarray(text, dtype=np.int32) for text in encoded]))
    flat = np.concatenate(ids) if ids else np.zeros(0, dtype=np.int32)
    return Tokens(flat, np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]))


def cached_tokens(texts: Sequence[str], tokenizer: Any, max_tokens: int, folder: Path, *, progress: bool) -> Tokens:
    """The same as `tokenise`, read from `folder` when these texts were cut by this tokenizer before."""
    rules = json.loads(tokenizer.backend_tokenizer.to_str())
    del rules["truncation"], rules["padding"]  # what the last call asked for, not what the tokenizer is
    cache = folder / f"tokens-{short_hash([list(texts), json.dumps(rules), max_tokens])}"

    def read(cache: Path) -> Tokens:
        tokens = Tokens(np.load(cache / "ids.npy", mmap_mode="r"), np.load(cache / "offsets.npy"))
        if len(tokens.offsets) != len(texts) + 1 or tokens.offsets[-1] != len(tokens.ids):
            raise ValueError("not all texts are there")
        return tokens

    return kept(cache, lambda: tokenise(texts, tokenizer, max_tokens, progress=progress), _write, read, new_folder)


def _write(cache: Path, tokens: Tokens) -> None:
    np.save(cache / "ids.npy", tokens.ids)
    np.save(cache / "offsets.npy", tokens.offsets)
