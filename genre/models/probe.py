"""A small head on the features of a frozen encoder: trained in seconds, once the features are there."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers.modeling_outputs import SequenceClassifierOutput

from genre.models.encoder import FrozenEncoder, without_last_layers
from genre.models.networks import Network, pretrained_network


class Probe(nn.Module):
    """A linear layer on standardised features, or a hidden layer with dropout before it.

    Args:
        features: D.
        width: of the hidden layer; 0 for none.
        dropout: share of the hidden units that a training step leaves out.
        labels: L.
    """

    mean: Tensor
    deviation: Tensor
    base_model_prefix = "encoder"  # as transformers' models tell it: none of the parameters is the encoder's

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

    def forward(self, features: Tensor) -> SequenceClassifierOutput:
        """Logits (B, L) of features (B, D)."""
        return SequenceClassifierOutput(logits=self.layers((features - self.mean) / self.deviation))


def probe_network(
    pretrained: str, pooling: str, skip_layers: int, width: int, dropout: float, labels: Sequence[str]
) -> Network:
    """A new head, and the encoder whose features it reads.

    Args:
        pretrained: `minilm` for the packaged encoder, else a folder or a name of the Hugging Face hub.
        pooling: `cls` or `mean`.
        skip_layers: how many of the encoder's last layers are left out.
        width: of the hidden layer; 0 for none.
        dropout: after it.
        labels: names of the L outputs.

    Raises:
        UserError: when there is no such model, or it is none that can classify texts.
    """
    # the encoder's own head is left out, and what that reads of the hidden states makes no difference
    network = pretrained_network(pretrained, "cls", labels)
    encoder = FrozenEncoder(without_last_layers(network.net.base_model, skip_layers), pooling)
    head = Probe(network.net.config.hidden_size, width, dropout, len(labels))
    return Network(head, network.tokenizer, encoder=encoder)
