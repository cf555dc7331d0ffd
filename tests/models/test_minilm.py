"""The packaged BERT as a DistilBERT."""

import shutil
from pathlib import Path

import pytest
import torch
from transformers import BertModel, DistilBertForSequenceClassification

from genre.errors import UserError
from genre.models import PretrainedClassifier, minilm

LABELS = ["Drama", "War", "Western"]
TEXTS = ["A man walks into the sea.", "Rain.", "Two old friends meet again, " * 40]


def test_hidden_states_are_those_of_the_bert_it_comes_from() -> None:
    network = PretrainedClassifier("minilm", "cls", LABELS)
    assert isinstance(network.net, DistilBertForSequenceClassification)
    assert network.net.config.n_layers == 6
    assert network.net.config.dim == 384
    bert = BertModel.from_pretrained(minilm.minilm_folder(), add_pooling_layer=False).eval()
    batch = network.tokenizer(TEXTS, padding=True, truncation=True, max_length=256, return_tensors="pt")
    kept = batch["attention_mask"].bool()
    with torch.inference_mode():
        expected = bert(**batch).last_hidden_state[kept]
        encoder = network.net.eval().distilbert
        converted = encoder(batch["input_ids"], batch["attention_mask"]).last_hidden_state[kept]
    assert expected.abs().max() > 1
    assert (converted - expected).abs().max() < 1e-4


def test_labels_are_named() -> None:
    config = PretrainedClassifier("minilm", "cls", LABELS).net.config
    assert config.id2label == {0: "Drama", 1: "War", 2: "Western"}
    assert config.problem_type == "multi_label_classification"


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(minilm.minilm_folder() / "config.json", tmp_path / "model.safetensors")
    monkeypatch.setattr(minilm, "minilm_folder", lambda: tmp_path)
    with pytest.raises(UserError, match="not the published weights"):
        minilm.minilm_network(LABELS)
