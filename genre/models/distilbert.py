"""A trained DistilBERT classifier in torch alone: transformers, which trains it, takes three seconds to import."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from genre.models.pooling import MEAN_POOLED
from genre.models.text_model import TextModel
from genre.models.tokenizer import JsonTokenizer, json_tokenizer

_EPSILON = 1e-12  # of the layer norms


class DistilBert(TextModel):
    """What `TransformersClassifier` is around a `DistilBertForSequenceClassification`: equal outputs of equal weights.

    Args:
        config: of transformers.
        tokenizer: that feeds it.
        labels: L.

    Attributes:
        net: with the names that the weights have in transformers.
    """

    def __init__(self, config: dict[str, Any], tokenizer: JsonTokenizer, labels: int) -> None:
        super().__init__(tokenizer)
        width = config["dim"]
        head = {"pre_classifier": nn.Linear(width, width), "classifier": nn.Linear(width, labels)}
        self.net = nn.ModuleDict({"distilbert": _Encoder(config), **head})
        self.pooling = config["pooling"]
        self.longest_input = config["max_position_embeddings"]

    def forward(self, **inputs: Tensor) -> Tensor:
        """See `TextModel`."""
        hidden: Tensor = self.net["distilbert"](inputs["input_ids"], inputs["attention_mask"])  # (B, T, D)
        if self.pooling == "mean":
            real = inputs["attention_mask"].unsqueeze(-1).to(hidden.dtype)  # (B, T, 1)
            pooled = (hidden * real).sum(dim=1) / real.sum(dim=1)  # (B, D)
        else:
            pooled = hidden[:, 0]
        logits: Tensor = self.net["classifier"](self.net["pre_classifier"](pooled).relu())
        return logits

    @classmethod
    def found(cls, folder: Path, labels: int) -> "DistilBert | None":
        """The network that transformers has saved in a folder, before its weights are loaded; None for another one."""
        tokenizer, file = json_tokenizer(folder), folder / "config.json"
        if tokenizer is None or not file.is_file():
            return None
        try:
            config = json.loads(file.read_text(encoding="utf-8"))
            if config["model_type"].removesuffix(MEAN_POOLED) != "distilbert" or config["activation"] != "gelu":
                return None
            return cls(config, tokenizer, labels)
        except (ValueError, KeyError, TypeError, AttributeError, RuntimeError):  # transformers says what is wrong
            return None


class _Encoder(nn.Module):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width = config["dim"]
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(config["vocab_size"], width),
                "position_embeddings": nn.Embedding(config["max_position_embeddings"], width),
                "LayerNorm": nn.LayerNorm(width, _EPSILON),
            }
        )
        layers = (_Layer(width, config["n_heads"], config["hidden_dim"]) for _ in range(config["n_layers"]))
        self.transformer = nn.ModuleDict({"layer": nn.Sequential(*layers)})

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Hidden states (B, T, D)."""
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        embed = self.embeddings
        hidden: Tensor = embed["LayerNorm"](embed["word_embeddings"](input_ids) + embed["position_embeddings"](places))
        mask: Tensor | None = attention_mask.bool()[:, None, None, :]  # (B, 1, 1, T)
        if not torch.compiler.is_exporting() and attention_mask.all():
            mask = None  # nothing is padding, as transformers finds too
        for layer in self.transformer["layer"].children():
            hidden = layer(hidden, mask)
        return hidden


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention = nn.ModuleDict({f"{name}_lin": nn.Linear(width, width) for name in ("q", "k", "v", "out")})
        self.sa_layer_norm = nn.LayerNorm(width, _EPSILON)
        self.ffn = nn.ModuleDict({"lin1": nn.Linear(width, hidden), "lin2": nn.Linear(hidden, width)})
        self.output_layer_norm = nn.LayerNorm(width, _EPSILON)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """(B, T, D) to (B, T, D)."""
        shape = (*hidden.shape[:2], self.heads, -1)
        query, key, value = (self.attention[f"{name}_lin"](hidden).view(shape).transpose(1, 2) for name in "qkv")
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)  # (B, heads, T, D / heads)
        mixed = self.attention["out_lin"](mixed.transpose(1, 2).reshape(hidden.shape))
        attended: Tensor = self.sa_layer_norm(mixed + hidden)
        added: Tensor = self.ffn["lin2"](functional.gelu(self.ffn["lin1"](attended)))
        output: Tensor = self.output_layer_norm(added + attended)
        return output
