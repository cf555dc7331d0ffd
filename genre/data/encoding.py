"""Texts as vectors of a frozen encoder, computed once, kept on disk and memory-mapped afterwards."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from time import monotonic
from typing import Protocol

import numpy as np
import numpy.typing as npt
from rich.progress import track
from torch import Tensor

from genre.console import duration
from genre.data.batching import TokenBudgetSampler, pad_batch
from genre.data.caches import kept
from genre.data.tokens import Tokens
from genre.files import short_hash

Features = npt.NDArray[np.float16]

log = logging.getLogger(__name__)

_TRIED = 10  # batches, by which the length of all is foretold
_WORTH_TELLING = 60  # seconds
_BATCH_TOKENS = 4_096  # padded tokens per batch: with more, a processor's cache no longer holds the layers' outputs


# vectors by encoder and hash of the token ids, within `reading_once`
_known: ContextVar[dict[tuple[str, bytes], npt.NDArray[np.float16]]] = ContextVar("known")


class Encoder(Protocol):
    """Makes a vector of each text."""

    @property
    def fingerprint(self) -> str:
        """Equal for encoders that make equal vectors."""
        ...

    def __call__(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Features (B, D) of token ids (B, T), without gradients."""
        ...


@contextmanager
def reading_once() -> Iterator[None]:
    """Let each encoder read a text once, whichever models ask for its vector, as long as this lasts."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def encode(tokens: Tokens, encoder: Encoder, pad: int, *, progress: bool, foretell: bool = False) -> Features:
    """Features (B, D) of B texts.

    Args:
        tokens: of the texts.
        encoder: that reads them.
        pad: the tokenizer's padding id.
        progress: show a bar.
        foretell: say how long it takes, if that is more than a minute.
    """
    known = _known.get({})
    texts = (hashlib.blake2b(tokens[row].tobytes(), digest_size=16).digest() for row in range(len(tokens.lengths)))
    keys = [(encoder.fingerprint, text) for text in texts]
    unread = {key: row for row, key in enumerate(keys) if key not in known}
    new = np.array([*unread.values()], dtype=np.int64)
    batches = TokenBudgetSampler(tokens.lengths[new], _BATCH_TOKENS).batches
    begun = monotonic()
    for number, places in enumerate(
        track(batches, "Encoding", disable=not progress or len(batches) < 2, transient=True)
    ):
        rows = new[places]
        vectors = encoder(**pad_batch([tokens[row] for row in rows], pad))
        known.update(zip([keys[row] for row in rows], vectors.half().cpu().numpy(), strict=True))
        if foretell and number + 1 == _TRIED:
            seconds = (monotonic() - begun) / _TRIED * len(batches)
            if seconds > _WORTH_TELLING:
                log.info("Encoding %s texts, once: about %s", f"{len(tokens.lengths):,}", duration(seconds))
    return np.stack([known[key] for key in keys])


def cached_features(tokens: Tokens, encoder: Encoder, pad: int, folder: Path, *, progress: bool) -> Features:
    """The same as `encode`, read from `folder` when this encoder has read these texts before."""
    texts = [hashlib.sha256(part.tobytes()).hexdigest() for part in (tokens.ids, tokens.offsets)]
    file = folder / f"features-{short_hash([texts, encoder.fingerprint])}.npy"

    def read(file: Path) -> Features:
        features: Features = np.load(file, mmap_mode="r")
        if len(features) != len(tokens.lengths):
            raise ValueError("not all texts are there")
        return features

    return kept(file, lambda: encode(tokens, encoder, pad, progress=progress, foretell=True), np.save, read)
