"""Convolutions over words (Kim, 2014)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from omegaconf import MISSING
from torch import Tensor, nn
from transformers import AutoTokenizer

from genre.config import ModelConfig, schema
from genre.models import TextModel, minilm_folder


@schema("model/textcnn")
@dataclass
class TextCNNConfig(ModelConfig):
    _target_: str = "cinema.TextCNN"
    width: int = MISSING
    kernels: list[int] = MISSING
    dropout: float = MISSING


class TextCNN(TextModel):
    def __init__(self, width: int, kernels: list[int], dropout: float, labels: Sequence[str]) -> None:
        super().__init__(AutoTokenizer.from_pretrained(minilm_folder()))
        if min(kernels) < 1:
            raise ValueError(f"model.kernels={kernels}: must be at least 1")
        self.shortest = max(kernels)
        self.embedding = nn.Embedding(len(self.tokenizer), width, padding_idx=self.tokenizer.pad_token_id)
        self.convolutions = nn.ModuleList(nn.Conv1d(width, width, size) for size in kernels)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width * len(kernels), len(labels))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        missing = max(0, self.shortest - input_ids.shape[1])
        ids = nn.functional.pad(input_ids, (0, missing), value=self.tokenizer.pad_token_id)
        words = self.embedding(ids).transpose(1, 2)  # (B, D, T)
        highest = [convolution(words).relu().amax(dim=2) for convolution in self.convolutions]  # (B, D) each
        logits: Tensor = self.output(self.dropout(torch.cat(highest, dim=1)))
        return logits
