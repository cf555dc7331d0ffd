"""A small head on the features of a frozen encoder: trained in seconds, once the features are there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from genre.models.classifiers import PretrainedClassifier
from genre.models.encoder import FrozenEncoder, without_last_layers
from genre.models.text_model import TextModel


class ProbeHead(nn.Module):
    """A linear layer on standardised features, or a hidden layer with dropout before it.

    Args:
        features: D.
        width: of the hidden layer; 0 for none.
        dropout: share of the hidden units that a training step leaves out.
        labels: L.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, features: int, width: int, dropout: float, labels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("deviation", torch.ones(features))
        hidden = [nn.Linear(features, width), nn.ReLU(), nn.Dropout(dropout)] if width else []
        self.layers = nn.Sequential(*hidden, nn.Linear(width or features, labels))

    def standardise(self, features: Tensor) -> None:
        """Bring features to mean 0 and deviation 1 from now on, as measured on these (B, D), those of training films.

        A feature that does not vary is left at 0.
        """
        self.mean = features.mean(dim=0)
        deviation = features.std(dim=0, correction=0)
        self.deviation = torch.where(deviation > 0, deviation, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Logits (B, L) of features (B, D)."""
        logits: Tensor = self.layers((features - self.mean) / self.deviation)
        return logits


class Probe(TextModel):
    """A new head, and the encoder whose features it reads, which is made from its settings again and never saved.

    Args:
        pretrained: `minilm` for the packaged encoder, else a folder or a name of the Hugging Face hub.
        pooling: `cls` or `mean`.
        skip_layers: how many of the encoder's last layers are left out.
        width: of the hidden layer; 0 for none.
        dropout: after it.
        labels: names of the L outputs.

    Attributes:
        encoder: the frozen one.
        head: what is trained.

    Raises:
        UserError: when there is no such model, or it is none that can classify texts.
    """

    encoder: FrozenEncoder

    def __init__(
        self, pretrained: str, pooling: str, skip_layers: int, width: int, dropout: float, labels: Sequence[str]
    ) -> None:
        # the encoder's own head is left out, and what that reads of the hidden states makes no difference
        classifier = PretrainedClassifier(pretrained, "cls", labels)
        super().__init__(classifier.tokenizer)
        self.longest_input = classifier.longest_input
        self.encoder = FrozenEncoder(without_last_layers(classifier.net.base_model, skip_layers), pooling)
        self.head = ProbeHead(classifier.net.config.hidden_size, width, dropout, len(labels))

    def forward(self, **inputs: Tensor) -> Tensor:
        """See `TextModel`."""
        logits: Tensor = self.head(inputs["features"])
        return logits

    def save(self, folder: Path) -> None:
        """Keep the encoder's fingerprint."""
        self.encoder.remember(folder)

    @classmethod
    def load(cls, folder: Path, **settings: Any) -> Self:
        """See `TextModel`; an encoder that is not the one of then is refused."""
        probe = cls(**settings)
        probe.encoder.require_remembered(folder, "model.pretrained")
        return probe
