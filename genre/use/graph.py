"""A network as an ONNX file, by onnxruntime."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from scipy.special import expit

from genre.data.batching import TokenBudgetSampler, pad_batch
from genre.data.tokens import tokenise
from genre.extras import extra
from genre.models.tokenizer import read_tokenizer
from genre.runs.intact import intact
from genre.use.exported import GRAPH, REEXPORT
from genre.use.scorer import Scores


class GraphScorer:
    """See `Scorer`.

    Args:
        folder: of the exported model.
        max_tokens: of a text that are read.

    Raises:
        UserError: when onnxruntime is not installed, or a file is missing or broken.
    """

    def __init__(self, folder: Path, max_tokens: int) -> None:
        with extra("onnx", f"{folder / GRAPH}"):
            import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors
        with intact(folder / GRAPH, REEXPORT):
            try:
                session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
            except Exception as error:  # of onnxruntime, which have no other ancestor
                raise ValueError(str(error)) from error
        self.session: Any = session
        self.tokenizer = read_tokenizer(folder)
        self.max_tokens = max_tokens
        self.file = folder / GRAPH

    @property
    def separator(self) -> str:
        """See `Scorer`."""
        separator: str = self.tokenizer.sep_token
        return separator

    @property
    def size(self) -> int:
        """Bytes of the file: what it holds may be of any type."""
        return self.file.stat().st_size

    def batches(self, texts: Sequence[str], *, progress: bool = False) -> Iterator[tuple[list[int], Scores]]:
        """See `Scorer`."""
        tokens = tokenise(texts, self.tokenizer, self.max_tokens, progress=progress)
        batches = TokenBudgetSampler(tokens.lengths).batches
        for rows in track(batches, "Predicting", disable=not progress or len(batches) < 2, transient=True):
            batch = pad_batch([tokens[row] for row in rows], self.tokenizer.pad_token_id)
            (logits,) = self.session.run(None, {name: content.numpy() for name, content in batch.items()})
            yield rows, expit(logits.astype(np.float32))
