"""What the engine asks of a network that it trains."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from torch import Tensor, nn

from genre.models.encoder import FrozenEncoder


class TextModel(nn.Module):
    """A network together with what feeds it.

    A network of one's own extends this, takes its settings and `labels`, the names of the L outputs, and says how
    logits are made; the rest has an answer here that suits most.

    Args:
        tokenizer: of transformers, a fast one; cuts texts into the token ids that the network reads.

    Attributes:
        tokenizer: the same.
        longest_input: most tokens of a text that the network can read; None if there is no such number.
        overflows_in_half: whether float16 is too small for what it computes.
        encoder: None for a network that reads token ids; else a frozen encoder, whose features the network reads.
        new_head: whether the output layer has random weights, so that its bias may be chosen to suit the labels.
    """

    longest_input: int | None = None
    overflows_in_half = False
    encoder: FrozenEncoder | None = None
    new_head = True

    def __init__(self, tokenizer: Any) -> None:
        super().__init__()
        self.tokenizer = tokenizer

    def forward(self, **inputs: Tensor) -> Tensor:
        """Logits (B, L) of `input_ids` and `attention_mask` (B, T); of `features` (B, D) where there is an encoder."""
        raise NotImplementedError

    def encoder_layers(self) -> Sequence[Iterable[nn.Parameter]]:
        """Parameters of what was trained before, a group for each layer, from the texts upward.

        They learn at `optimizer.learning_rate`, all others at `optimizer.head_learning_rate`.
        """
        return ()

    def settle(self) -> None:
        """Called once the trained weights are loaded and nothing more is to be trained."""

    def save(self, folder: Path) -> None:
        """Write into an existing folder what `load` needs beside the settings and the weights."""

    @classmethod
    def load(cls, folder: Path, **settings: Any) -> Self:
        """The network that was saved, before its weights are loaded.

        Args:
            folder: that `save` wrote into.
            settings: with which it was made, `labels` included.

        Raises:
            UserError: when what was saved is missing or does not fit.
        """
        return cls(**settings)
