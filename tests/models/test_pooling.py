"""Pooling of token vectors."""

from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from genre.errors import UserError
from genre.models import TextModel, TinyClassifier
from genre.models.pooling import use_pooling

TEXTS = ["A man walks into the sea.", "Rain."]


def logits(network: TextModel, texts: list[str]) -> torch.Tensor:
    batch = network.tokenizer(texts, padding=True, return_tensors="pt", return_token_type_ids=False)
    with torch.inference_mode():
        return network.eval()(**batch)


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_the_head_reads_what_was_chosen(pooling: str) -> None:
    network = TinyClassifier(layers=1, heads=2, width=16, pooling=pooling, labels=["a", "b"])
    plain = TinyClassifier(layers=1, heads=2, width=16, pooling="cls", labels=["a", "b"])
    plain.net.load_state_dict(network.net.state_dict())
    batch = plain.tokenizer(TEXTS, padding=True, return_tensors="pt", return_token_type_ids=False)
    with torch.inference_mode():
        hidden = plain.net.eval().distilbert(**batch).last_hidden_state  # (B, T, D)
        pooled = torch.stack(
            [
                text[: int(mask.sum())].mean(dim=0) if pooling == "mean" else text[0]
                for text, mask in zip(hidden, batch["attention_mask"], strict=True)
            ]
        )
        expected = plain.net.classifier(plain.net.pre_classifier(pooled).relu())
    assert torch.allclose(logits(network, TEXTS), expected, atol=1e-6)


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_it_is_kept_with_the_architecture(pooling: str, tmp_path: Path) -> None:
    network = TinyClassifier(layers=1, heads=2, width=16, pooling=pooling, labels=["a", "b"])
    network.save(tmp_path)
    again = TinyClassifier.load(tmp_path)
    again.load_state_dict(network.state_dict())
    assert torch.equal(logits(again, TEXTS), logits(network, TEXTS))


def test_an_encoder_with_a_pooler_of_its_own_is_refused() -> None:
    config = BertConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    bert = BertForSequenceClassification(config)
    use_pooling(bert, "cls")
    with pytest.raises(UserError, match="model.pooling=mean: bert pools by itself; take model.pooling=cls"):
        use_pooling(bert, "mean")
