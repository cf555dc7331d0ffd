"""Texts as vectors of a frozen encoder, for classical models."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from rich.console import Console

from genre.data.encoding import cached_features, encode
from genre.data.tokens import cached_tokens, tokenise
from genre.errors import UserError
from genre.machine import Machine
from genre.models.baselines.features import (
    SEPARATOR,
    Matrix,
    Standardised,
    Vectors,
    load_arrays,
    require_model_file,
    save_arrays,
)
from genre.models.classifiers import PretrainedClassifier
from genre.models.encoder import ENCODER_FILE, FrozenEncoder


class SentenceVectors(Standardised):
    """A vector of each text by an encoder that knows context and is not trained, standardised by the training texts.

    The encoder is made from its settings again, and never saved; a GPU computes it where there is one.

    Args:
        tokens: `words`; an encoder reads texts as they stand.
        pretrained: `minilm` for the packaged encoder, else a folder or a name of the Hugging Face hub.
        pooling: `cls` or `mean` of a text's token vectors.
        max_tokens: of a text; the rest is cut off.

    Raises:
        UserError: when there is no such model, or it does not read so many tokens.
    """

    def __init__(self, tokens: str, pretrained: str, pooling: str, max_tokens: int) -> None:
        super().__init__(tokens)
        # a classifier's own head is left out, and what that reads of the hidden states makes no difference
        classifier = PretrainedClassifier(pretrained, "cls", ["unused"], setting="features.pretrained")
        if classifier.longest_input and max_tokens > classifier.longest_input:
            raise UserError(
                f"data.max_tokens={max_tokens}: the encoder reads at most {classifier.longest_input} tokens"
            )
        self.tokenizer, self.max_tokens = classifier.tokenizer, max_tokens
        self.encoder = FrozenEncoder(classifier.net.base_model, pooling)
        self.encoder.to(torch.device(Machine.here("auto", None).device))
        self.known: dict[str, npt.NDArray[np.float16]] = {}

    def read_ahead(self, texts: Sequence[str], cache: Path) -> None:
        """See `TextFeatures`."""
        progress, pad = Console().is_terminal, self.tokenizer.pad_token_id
        tokens = cached_tokens(self._separated(texts), self.tokenizer, self.max_tokens, cache, progress=progress)
        vectors = cached_features(tokens, self.encoder, pad, cache, progress=progress)
        self.known = dict(zip(texts, vectors, strict=True))

    def fit(self, texts: Sequence[str], seed: int) -> None:
        """See `TextFeatures`; there is nothing random in it."""
        self.standardise_by(self._vectors(texts))

    def transform(self, texts: Sequence[str]) -> Matrix:
        """See `TextFeatures`."""
        return self.standardised(self._vectors(texts))

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """Of texts (B, D)."""
        new = sorted(set(texts) - self.known.keys())
        vectors = self.known
        if new:
            tokens = tokenise(self._separated(new), self.tokenizer, self.max_tokens)
            read = encode(tokens, self.encoder, self.tokenizer.pad_token_id, progress=False)
            vectors = vectors | dict(zip(new, read, strict=True))
        return np.stack([vectors[text] for text in texts]).astype(np.float32)

    def _separated(self, texts: Sequence[str]) -> list[str]:
        """Texts whose columns are told apart as the encoder is used to."""
        return [text.replace(SEPARATOR, self.tokenizer.sep_token) for text in texts]

    @property
    def size(self) -> int:
        """See `TextFeatures`: the encoder as well, though it has learnt nothing here."""
        return super().size + self.encoder.size

    def save(self, folder: Path) -> None:
        """See `TextFeatures`."""
        self.encoder.remember(folder)
        save_arrays(folder / "standard.npz", self.statistics)

    def load(self, folder: Path) -> None:
        """See `TextFeatures`; an encoder that is not the one of then is refused."""
        require_model_file(folder / ENCODER_FILE)
        self.encoder.require_remembered(folder, "features.pretrained")
        self.statistics = load_arrays(folder / "standard.npz")
