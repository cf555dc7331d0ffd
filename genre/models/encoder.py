"""Encoders that are not trained."""

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from genre.errors import UserError
from genre.files import short_hash, write_json

ENCODER_FILE = "encoder.json"


class FrozenEncoder:
    """Features of texts by an encoder that is not trained.

    Args:
        encoder: of transformers; gives hidden states (B, T, D) of token ids (B, T).
        pooling: `cls`, the first token's vector, or the `mean` of all.
    """

    def __init__(self, encoder: Any, pooling: str) -> None:
        self.encoder = encoder.eval()
        self.config = encoder.config
        self.pooling = pooling

    @torch.inference_mode()
    def __call__(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Features (B, D) of token ids and their mask (B, T), wherever these lie."""
        device = self.encoder.device
        return self.features(input_ids.to(device), attention_mask.to(device))

    def features(self, input_ids: Tensor, mask: Tensor) -> Tensor:
        """The same where the encoder is."""
        hidden: Tensor = self.encoder(input_ids=input_ids, attention_mask=mask).last_hidden_state
        if self.pooling == "cls":
            return hidden[:, 0]
        real = mask.unsqueeze(-1).to(hidden.dtype)  # (B, T, 1)
        return (hidden * real).sum(dim=1) / real.sum(dim=1)

    def to(self, device: torch.device) -> None:
        """Compute there."""
        self.encoder.to(device)

    def __deepcopy__(self, memo: dict[int, Any]) -> "FrozenEncoder":
        """Itself: there is nothing in it that could become another one's."""
        return self

    @property
    def size(self) -> int:
        """How many weights it has."""
        return sum(weight.numel() for weight in self.encoder.parameters())

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights and of what is made of their outputs."""
        weights = {
            name: hashlib.sha256(weight.numpy(force=True)).hexdigest()
            for name, weight in self.encoder.state_dict().items()
        }
        return short_hash([weights, self.config.model_type, self.pooling])

    def remember(self, folder: Path) -> None:
        """Write down which encoder it is, for it is never saved itself."""
        write_json(folder / ENCODER_FILE, {"fingerprint": self.fingerprint})

    def require_remembered(self, folder: Path, setting: str) -> None:
        """Refuse to be another encoder than the one of then.

        Args:
            folder: that `remember` wrote into.
            setting: that names the encoder.

        Raises:
            UserError: when it is another one.
        """
        file = folder / ENCODER_FILE
        if json.loads(file.read_text(encoding="utf-8"))["fingerprint"] != self.fingerprint:
            raise UserError(f"{file}: the encoder ({setting}) is another one now; train the run again")


def without_last_layers(encoder: Any, skip: int) -> Any:
    """The encoder of transformers with its last layers taken away; these are the most partial to what it was made for.

    Raises:
        UserError: when it has no more layers than that, or none that can be told apart.
    """
    depth = encoder.config.num_hidden_layers
    if skip >= depth:
        raise UserError(f"model.skip_layers={skip}: the encoder has {depth} layers; leave at least one")
    if skip:
        layers = layer_stack(encoder)
        if not layers:
            kind = encoder.config.model_type
            raise UserError(f"model.skip_layers={skip}: the layers of {kind} cannot be told apart; take 0")
        del layers[depth - skip :]
    return encoder


def layer_stack(encoder: Any) -> nn.ModuleList:
    """The layers of an encoder of transformers, from the texts upward; empty where they cannot be told apart."""
    depth = encoder.config.num_hidden_layers
    stacks = [part for part in encoder.modules() if isinstance(part, nn.ModuleList) and len(part) == depth]
    return stacks[0] if stacks else nn.ModuleList()
